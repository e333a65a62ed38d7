package dev.satchel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes one type of attribute apart into values of other types and puts it together again, where it
 * holds values whose types only the application knows: each part is written as an attribute of its
 * own type is, by the same registered types. Thread-safe, and never loads a class named by a part.
 *
 * @param <T> the type
 */
public interface AttributeParts<T> {

  /**
   * The parts, in an order that stays: null, values of built-in types, and values of registered
   * types. The list is what tokens hold, so later releases add parts at its end.
   */
  List<? extends @Nullable Object> split(T value);

  /**
   * The value back.
   *
   * @param parts as {@link #split} gave them, in the forms in which built-in types come back
   * @throws RuntimeException if the parts are not those of a value; the attribute is then
   *     unreadable, the session is not
   */
  T join(List<@Nullable Object> parts);
}
