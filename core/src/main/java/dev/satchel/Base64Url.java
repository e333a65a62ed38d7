package dev.satchel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Strict base64url without padding (RFC 7515 §2): one text per byte string. The JDK's decoder alone
 * accepts padding and non-zero unused bits, which would give one token several spellings.
 */
final class Base64Url {
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  /** RFC 4648 §5. */
  private static final byte[] ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
          .getBytes(StandardCharsets.US_ASCII);

  private static final byte[] VALUES = new byte[256];

  /** Below so many bytes the JDK's encoder is not worth its copies. */
  private static final int FEW = 36;

  static {
    Arrays.fill(VALUES, (byte) -1);
    for (int i = 0; i < ALPHABET.length; i++) {
      VALUES[ALPHABET[i]] = (byte) i;
    }
  }

  private Base64Url() {}

  static String encode(byte[] bytes) {
    return ENCODER.encodeToString(bytes);
  }

  /**
   * Writes the text of these bytes as ASCII.
   *
   * @return the position behind it
   */
  static int encode(byte[] bytes, int from, int to, byte[] out, int at) {
    if (to - from < FEW) {
      return encodeFew(bytes, from, to, out, at);
    }
    // Into an array of its own: the JDK's encoder writes nowhere else.
    ByteBuffer text = ENCODER.encode(ByteBuffer.wrap(bytes, from, to - from));
    text.get(out, at, text.remaining());
    return at + encodedLength(to - from);
  }

  private static int encodeFew(byte[] bytes, int from, int to, byte[] out, int at) {
    int next = at;
    int i = from;
    for (; i < to - 2; i += 3) {
      int group = (bytes[i] & 0xff) << 16 | (bytes[i + 1] & 0xff) << 8 | bytes[i + 2] & 0xff;
      out[next++] = ALPHABET[group >> 18];
      out[next++] = ALPHABET[group >> 12 & 0x3f];
      out[next++] = ALPHABET[group >> 6 & 0x3f];
      out[next++] = ALPHABET[group & 0x3f];
    }
    if (i < to) {
      int group = (bytes[i] & 0xff) << 16 | (i + 1 < to ? (bytes[i + 1] & 0xff) << 8 : 0);
      out[next++] = ALPHABET[group >> 18];
      out[next++] = ALPHABET[group >> 12 & 0x3f];
      if (i + 1 < to) {
        out[next++] = ALPHABET[group >> 6 & 0x3f];
      }
    }
    return next;
  }

  /** The bytes of a canonical text, or null. */
  static byte @Nullable [] decode(String text, int from, int to) {
    int length = to - from;
    if (length % 4 == 1) {
      return null;
    }
    byte[] ascii = new byte[length];
    for (int i = 0; i < length; i++) {
      char c = text.charAt(from + i);
      if (c >= 128 || VALUES[c] < 0) {
        return null;
      }
      ascii[i] = (byte) c;
    }
    if (length % 4 != 0) {
      int unusedBits = length % 4 == 2 ? 0x0f : 0x03;
      if ((VALUES[ascii[length - 1]] & unusedBits) != 0) {
        return null;
      }
    }
    return DECODER.decode(ascii);
  }

  /** Characters of this many bytes. */
  static int encodedLength(int bytes) {
    return (4 * bytes + 2) / 3;
  }

  /** Bytes of this many characters, where there can be so many. */
  static int decodedLength(int characters) {
    return 3 * characters / 4;
  }

  /**
   * Decodes a canonical text that lies in ASCII, character by character: for short ones.
   *
   * @return the number of bytes, or -1 if it is not canonical
   */
  static int decode(byte[] ascii, int from, int to, byte[] target, int at) {
    int rest = (to - from) % 4;
    int end = to - rest;
    int next = at;
    int bad = 0; // negative once a character was outside the alphabet
    for (int i = from; i < end; i += 4, next += 3) {
      int group =
          value(ascii[i]) << 18
              | value(ascii[i + 1]) << 12
              | value(ascii[i + 2]) << 6
              | value(ascii[i + 3]);
      bad |= group;
      target[next] = (byte) (group >> 16);
      target[next + 1] = (byte) (group >> 8);
      target[next + 2] = (byte) group;
    }
    if (rest == 1) {
      return -1;
    }
    if (rest > 1) {
      int group = value(ascii[end]) << 18 | value(ascii[end + 1]) << 12;
      if (rest == 3) {
        group |= value(ascii[end + 2]) << 6;
      }
      bad |= group;
      target[next++] = (byte) (group >> 16);
      if (rest == 3) {
        target[next++] = (byte) (group >> 8);
      }
      int unused = rest == 2 ? 0xffff : 0xff;
      if ((group & unused) != 0) {
        return -1;
      }
    }
    return bad < 0 ? -1 : next - at;
  }

  /** Whether these bytes are a canonical text. */
  static boolean isCanonical(byte[] ascii, int from, int to) {
    int rest = (to - from) % 4;
    int bad = 0;
    for (int i = from; i < to; i++) {
      bad |= value(ascii[i]);
    }
    int unused = rest == 2 ? 0x0f : rest == 3 ? 0x03 : 0;
    return bad >= 0 && rest != 1 && (unused == 0 || (value(ascii[to - 1]) & unused) == 0);
  }

  /** The six bits, or a negative number. */
  private static int value(byte character) {
    return VALUES[character & 0xff];
  }

  static byte @Nullable [] decode(String text) {
    return decode(text, 0, text.length());
  }
}
