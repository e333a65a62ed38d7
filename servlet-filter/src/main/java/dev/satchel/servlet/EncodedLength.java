package dev.satchel.servlet;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes characters take in the response's encoding: exactly for the encodings nearly all
 * pages have, never too few for the others (BEHAVIOUR.md 40).
 */
final class EncodedLength {
  /** The most that a character takes in any encoding of the JDK, escape sequences included. */
  private static final int WORST = 8;

  private final boolean utf8;
  private final int perChar;

  private EncodedLength(boolean utf8, int perChar) {
    this.utf8 = utf8;
    this.perChar = perChar;
  }

  /** For an encoding by its name, which may be absent or wrong. */
  static EncodedLength in(@Nullable String encoding) {
    try {
      Charset charset = encoding == null ? StandardCharsets.ISO_8859_1 : Charset.forName(encoding);
      if (charset.equals(StandardCharsets.UTF_8)) {
        return new EncodedLength(true, 3);
      }
      float most = charset.canEncode() ? charset.newEncoder().maxBytesPerChar() : WORST;
      return new EncodedLength(false, (int) Math.ceil(most));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return new EncodedLength(false, WORST); // the container's getWriter is about to complain
    }
  }

  long of(char c) {
    return utf8 ? inUtf8(c) : perChar;
  }

  long of(CharSequence text, int from, int length) {
    if (!utf8) {
      return (long) length * perChar;
    }
    long bytes = 0;
    for (int i = from; i < from + length; i++) {
      bytes += inUtf8(text.charAt(i));
    }
    return bytes;
  }

  long of(char[] text, int from, int length) {
    return of(java.nio.CharBuffer.wrap(text), from, length);
  }

  /** RFC 3629 §3. Each half of a surrogate pair counts two of the pair's four bytes. */
  private static int inUtf8(char c) {
    if (c < 0x80) {
      return 1;
    }
    return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }
}
