package dev.satchel.servlet.spring;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes a value takes in a token: JSON in UTF-8, with its escapes. A count of characters
 * would let whoever sends them have up to six bytes for each.
 */
final class WrittenLength {
  private static final int TAG = "{'@locale':}".length();
  private static final int LONGEST_NUMBER = 20; // digits and sign of a long

  private WrittenLength() {}

  static int of(@Nullable Object value) {
    if (value == null) {
      return "null".length();
    }
    if (value instanceof String text) {
      return of(text);
    }
    if (value instanceof Locale locale) {
      return TAG + of(locale.toLanguageTag());
    }
    if (value instanceof Number) {
      return LONGEST_NUMBER;
    }
    int length = "[]".length();
    if (value instanceof List<?> list) {
      for (Object element : list) {
        length += of(element) + 1; // and a comma
      }
      return length;
    }
    if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        length += of(entry.getKey()) + of(entry.getValue()) + 4; // as pairs, if names need that
      }
      return length;
    }
    throw new IllegalArgumentException("no length is known of a " + value.getClass().getName());
  }

  private static int of(String text) {
    return 2 + text.codePoints().map(WrittenLength::ofCodePoint).sum(); // 2 are the quotes
  }

  /** The text, or as much of its beginning as is not longer than that. */
  static String cut(String text, int length) {
    int left = length - 2; // the quotes
    int end = 0;
    while (end < text.length()) {
      int codePoint = text.codePointAt(end);
      left -= ofCodePoint(codePoint);
      if (left < 0) {
        return text.substring(0, end);
      }
      end += Character.charCount(codePoint);
    }
    return text;
  }

  private static int ofCodePoint(int codePoint) {
    if (codePoint < ' ' || codePoint >= 0xD800 && codePoint <= 0xDFFF) {
      return 6; // an escape with four digits; half a surrogate pair is written as one too
    }
    if (codePoint < 0x80) {
      return codePoint == '"' || codePoint == '\\' ? 2 : 1;
    }
    return codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }
}
