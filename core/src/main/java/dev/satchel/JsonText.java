package dev.satchel;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * What the bytes of a JSON string mean (RFC 8259 §7), for strings whose grammar {@link
 * PayloadScanner} has seen to.
 */
final class JsonText {
  private JsonText() {}

  /** Whether these bytes of a string are ASCII without an escape, and so say what they are. */
  static boolean isPlain(byte[] json, int from, int to) {
    boolean plain = true;
    for (int i = from; i < to; i++) {
      plain &= json[i] >= 0 && json[i] != '\\';
    }
    return plain;
  }

  /** What the string says that lies there with its quotes. */
  static String of(byte[] json, int start, int end) {
    int length = end - start - 2;
    if (isPlain(json, start + 1, end - 1)) {
      return new String(json, start + 1, length, StandardCharsets.ISO_8859_1);
    }
    String raw;
    try {
      // A decoder of its own refuses what is not UTF-8; a String would replace it silently.
      raw =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(json, start + 1, length))
              .toString();
    } catch (CharacterCodingException e) {
      throw PayloadScanner.violation("a string is not UTF-8");
    }
    return raw.indexOf('\\') < 0 ? raw : unescaped(raw);
  }

  private static String unescaped(String raw) {
    StringBuilder text = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escaped = raw.charAt(++i);
      switch (escaped) {
        case 'b' -> text.append('\b');
        case 'f' -> text.append('\f');
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 't' -> text.append('\t');
        case 'u' -> {
          int unit = 0;
          for (int digit = 0; digit < 4; digit++) {
            unit = unit << 4 | hexDigit((byte) raw.charAt(++i));
          }
          text.append((char) unit);
        }
        default -> text.append(escaped);
      }
    }
    return text.toString();
  }

  static int hexDigit(byte b) {
    int value = Character.digit(b, 16);
    if (value < 0) {
      throw PayloadScanner.violation("a hexadecimal digit is missing");
    }
    return value;
  }
}
