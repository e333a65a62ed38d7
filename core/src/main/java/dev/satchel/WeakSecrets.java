package dev.satchel;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * Refuses secrets that cannot be random. Thousands of ViewState applications ran on machine keys
 * copied from documentation, Shiro on a built-in one (CVE-2016-4437), six JWT libraries of 2026 on
 * an empty one.
 */
final class WeakSecrets {
  /**
   * A random secret of 32 bytes has fewer than 16 distinct values with a probability below 2^-54.
   */
  private static final int MIN_DISTINCT_BYTES = 16;

  /** SHA-256 of published sample keys of our key lengths; of a key pair, of its {@code x}. */
  private static final Set<String> SAMPLES =
      Set.of(
          "c8ecc9361a05e285f04c26f9572131a6deab07e9e2b865053c6f75a4d8bd2b32", // RFC 7515 A.1, HMAC
          "c4a8d76ecf5f712a6f98052d967a155f92e22a4151e176700b2d8077987967ab", // RFC 7515 A.3, EC
          "21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9", // RFC 8037 A.1, OKP
          "b721879db268e1f89d4348225d22564780c89249878b3630170f49aede2889a1", // RFC 7516 A.1, AES
          "73ec74458059c70cae3f0ade8663fe0da1dc4b114ed8cdac75364140b4458a4c", // RFC 7520 §3.5, HMAC
          "2cd6f10056d08e10430ad5658b5565056c93fcde047563f7e53a56452467c050"); // RFC 7520 §3.6, AES

  private WeakSecrets() {}

  static void refuse(String id, byte[] secret) {
    int printable = 0;
    boolean[] seen = new boolean[256];
    int distinct = 0;
    for (byte b : secret) {
      printable += b >= 0x20 && b < 0x7f || Character.isWhitespace(b) ? 1 : 0;
      if (!seen[b & 0xff]) {
        seen[b & 0xff] = true;
        distinct++;
      }
    }
    // Random bytes are 41 % printable or white space: of 32, a pass phrase with a few letters
    // beyond ASCII has far more, a random secret as many with a probability below 2^-25.
    if (printable * 10 > secret.length * 9) {
      throw new IllegalArgumentException(
          "key "
              + id
              + ": the secret is printable text, so it is a pass phrase or doubly encoded; use random bytes");
    }
    if (isSequence(secret)) {
      throw new IllegalArgumentException("key " + id + ": the secret is a sequence and not random");
    }
    if (distinct < MIN_DISTINCT_BYTES) {
      throw new IllegalArgumentException(
          "key " + id + ": the secret has only " + distinct + " distinct bytes and is not random");
    }
    refuseSample(id, secret);
  }

  /** For secrets, and for the {@code x} of key pairs. */
  static void refuseSample(String id, byte[] material) {
    if (SAMPLES.contains(HexFormat.of().formatHex(sha256(material)))) {
      throw new IllegalArgumentException("key " + id + " is a published sample key");
    }
  }

  /** Counting up or down, as the keys of RFC 7518 appendix B do. */
  private static boolean isSequence(byte[] secret) {
    int step = (byte) (secret[1] - secret[0]);
    for (int i = 2; i < secret.length; i++) {
      if ((byte) (secret[i] - secret[i - 1]) != step) {
        return false;
      }
    }
    return true;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
