package dev.satchel;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HKDF with SHA-256 (RFC 5869). JDK 17 has none, and it must be there without a further library on
 * the default path.
 */
final class KeyDerivation {
  private static final String HMAC = "HmacSHA256";
  private static final int HASH_LENGTH = 32;

  private KeyDerivation() {}

  /**
   * @param length 1 to 255 × 32 bytes (RFC 5869 §2.3)
   */
  static byte[] hkdfSha256(byte[] secret, byte[] salt, byte[] info, int length) {
    if (length < 1 || length > 255 * HASH_LENGTH) {
      throw new IllegalArgumentException(
          "HKDF length is " + length + ", allowed is 1 to " + 255 * HASH_LENGTH);
    }
    // RFC 5869 §2.2: an absent salt is a string of zeros.
    byte[] extractKey = salt.length == 0 ? new byte[HASH_LENGTH] : salt;
    byte[] pseudoRandomKey = mac(extractKey).doFinal(secret);
    Mac expand = mac(pseudoRandomKey);
    byte[] output = new byte[length];
    byte[] block = new byte[0];
    for (int done = 0, counter = 1; done < length; done += HASH_LENGTH, counter++) {
      expand.update(block);
      expand.update(info);
      expand.update((byte) counter);
      block = expand.doFinal();
      System.arraycopy(block, 0, output, done, Math.min(HASH_LENGTH, length - done));
    }
    Arrays.fill(pseudoRandomKey, (byte) 0);
    return output;
  }

  static Mac mac(byte[] key) {
    return mac(new SecretKeySpec(key, HMAC));
  }

  static Mac mac(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(key.getAlgorithm());
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks " + key.getAlgorithm(), e);
    }
  }
}
