package dev.satchel;

/**
 * Turns one type of attribute into text and back, where neither the built-in types nor a registered
 * record or bean will do. An implementation is thread-safe and never loads a class named by the
 * text.
 *
 * @param <T> the type
 */
public interface AttributeCodec<T> {

  /** The text form; any characters. */
  String write(T value);

  /**
   * The value back.
   *
   * @throws RuntimeException if the text is not one that this codec writes; the attribute is then
   *     unreadable, the session is not
   */
  T read(String text);
}
