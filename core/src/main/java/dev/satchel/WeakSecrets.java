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
   * A random secret of 32 bytes has fewer than 16 distinct values with a probability below 2^-60.
   */
  private static final int MIN_DISTINCT_BYTES = 16;

  /** SHA-256 of published sample keys of our key lengths. */
  private static final Set<String> SAMPLES =
      Set.of(
          "73ec74458059c70cae3f0ade8663fe0da1dc4b114ed8cdac75364140b4458a4c", // RFC 7520 §3.5, HMAC
          "2cd6f10056d08e10430ad5658b5565056c93fcde047563f7e53a56452467c050", // RFC 7520 §3.6, AES
          "c8ecc9361a05e285f04c26f9572131a6deab07e9e2b865053c6f75a4d8bd2b32", // RFC 7515 A.1, HMAC
          "b721879db268e1f89d4348225d22564780c89249878b3630170f49aede2889a1"); // RFC 7516 A.1.2,

  // AES

  private WeakSecrets() {}

  static void refuse(String id, byte[] secret) {
    boolean printable = true;
    boolean steps = true;
    boolean[] seen = new boolean[256];
    int distinct = 0;
    for (int i = 0; i < secret.length; i++) {
      byte b = secret[i];
      steps &= i < 2 || (byte) (b - secret[i - 1]) == (byte) (secret[1] - secret[0]);
      printable &= b >= 0x20 && b < 0x7f;
      if (!seen[b & 0xff]) {
        seen[b & 0xff] = true;
        distinct++;
      }
    }
    if (printable) {
      throw new IllegalArgumentException(
          "key "
              + id
              + ": the secret is printable text, so it is a pass phrase or doubly encoded; use random bytes");
    }
    if (distinct < MIN_DISTINCT_BYTES) {
      throw new IllegalArgumentException(
          "key " + id + ": the secret has only " + distinct + " distinct bytes and is not random");
    }
    if (steps) { // 00 01 02 …, the sample key of RFC 3394 and of RFC 7518 appendix B
      throw new IllegalArgumentException(
          "key " + id + ": the secret counts in steps and is not random");
    }
    if (SAMPLES.contains(HexFormat.of().formatHex(sha256(secret)))) {
      throw new IllegalArgumentException("key " + id + ": the secret is a published sample key");
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
