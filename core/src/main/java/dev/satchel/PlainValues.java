package dev.satchel;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The values that most attributes have, texts, small numbers and booleans, between their form in
 * JSON and Java without a generator or parser. In that form {@link JsonAttributes} would write and
 * read them too.
 */
final class PlainValues {
  private static final int MAX_DIGITS = 9; // whatever they are, they fit an int

  private PlainValues() {}

  /** Null for anything else. */
  static byte @Nullable [] write(Object value) {
    if (value instanceof String text) {
      return StrictJson.quoted(text);
    }
    return value instanceof Integer || value instanceof Boolean
        ? value.toString().getBytes(StandardCharsets.ISO_8859_1)
        : null;
  }

  /**
   * Null for anything else, and for a text that is not all ASCII without escapes. The payload's
   * scanner has seen that it is well-formed JSON.
   */
  static @Nullable Object read(byte[] json, int from, int length) {
    int end = from + length;
    if (json[from] == '"') {
      return JsonText.isPlain(json, from + 1, end - 1)
          ? new String(json, from + 1, length - 2, StandardCharsets.ISO_8859_1)
          : null;
    }
    if (json[from] == 't') {
      return Boolean.TRUE;
    }
    if (json[from] == 'f') {
      return Boolean.FALSE;
    }
    if (length > MAX_DIGITS) {
      return null;
    }
    int value = 0;
    for (int i = from; i < end; i++) {
      if (json[i] < '0' || json[i] > '9') {
        return null;
      }
      value = 10 * value + json[i] - '0';
    }
    return value;
  }
}
