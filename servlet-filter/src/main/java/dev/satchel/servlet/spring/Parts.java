package dev.satchel.servlet.spring;

import dev.satchel.AttributeParts;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads parts by their place. What is not of the kind it should be is an exception, which makes the
 * attribute unreadable.
 */
record Parts(List<@Nullable Object> values) {

  static <T> AttributeParts<T> of(
      Function<T, List<? extends @Nullable Object>> split, Function<Parts, T> join) {
    return new AttributeParts<>() {
      @Override
      public List<? extends @Nullable Object> split(T value) {
        return split.apply(value);
      }

      @Override
      public T join(List<@Nullable Object> parts) {
        return join.apply(new Parts(parts));
      }
    };
  }

  /** Null at the end says nothing, so it need not travel. */
  static List<@Nullable Object> list(@Nullable Object... values) {
    int length = values.length;
    while (length > 0 && values[length - 1] == null) {
      length--;
    }
    return Arrays.asList(Arrays.copyOf(values, length));
  }

  <V> @Nullable V optional(int index, Class<V> type) {
    return index < values.size() ? type.cast(values.get(index)) : null;
  }

  <V> V get(int index, Class<V> type) {
    V value = optional(index, type);
    if (value == null) {
      throw new IllegalArgumentException("part " + index + " is missing");
    }
    return value;
  }

  String text(int index) {
    return get(index, String.class);
  }
}
