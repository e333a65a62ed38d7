package dev.satchel;

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
  private static final byte[] VALUES = new byte[128];

  static {
    Arrays.fill(VALUES, (byte) -1);
    String alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"; // RFC 4648 §5
    for (int i = 0; i < alphabet.length(); i++) {
      VALUES[alphabet.charAt(i)] = (byte) i;
    }
  }

  private Base64Url() {}

  static String encode(byte[] bytes) {
    return ENCODER.encodeToString(bytes);
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

  static byte @Nullable [] decode(String text) {
    return decode(text, 0, text.length());
  }
}
