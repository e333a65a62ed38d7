package dev.satchel;

import java.security.PrivateKey;
import java.security.SecureRandom;

/**
 * Random bytes for one signature that depend on the private key and the message too. ECDSA gives
 * its key away when one nonce signs two messages, and a process restored twice from one snapshot
 * draws the same numbers (RFC 6979 §3.6 calls the remedy a variant of its own).
 */
final class HedgedRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;
  private static final int RANDOM_LENGTH = 32;

  private final SecureRandom random;
  private final byte[] secret;
  private final byte[] message;

  HedgedRandom(SecureRandom random, PrivateKey privateKey, byte[] message) {
    this.random = random;
    this.secret = privateKey.getEncoded();
    this.message = message;
  }

  @Override
  public void nextBytes(byte[] bytes) {
    byte[] fresh = new byte[RANDOM_LENGTH];
    random.nextBytes(fresh);
    byte[] hedged = KeyDerivation.hkdfSha256(secret, fresh, message, bytes.length);
    System.arraycopy(hedged, 0, bytes, 0, bytes.length);
  }
}
