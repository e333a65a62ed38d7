package dev.satchel.benchmarks;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;

/** The key material of one run, the same for every library. */
final class Keys {
  /** Eight characters, as a ring's ids have. */
  static final String ID = "k2026-01";

  /** The token's type (RFC 8725 §3.11), as Satchel has it. */
  static final String TYPE = "s+jwt";

  private static final byte[] SECRET = new byte[32];
  private static final KeyPair EC = pair("EC", "secp256r1");
  private static final KeyPair ED25519 = pair("Ed25519", "");

  static {
    new SecureRandom().nextBytes(SECRET);
  }

  private Keys() {}

  static byte[] secret() {
    return SECRET.clone();
  }

  static KeyPair pair(Profile profile) {
    return switch (profile) {
      case ES256 -> EC;
      case ED25519 -> ED25519;
      default -> throw new IllegalArgumentException(profile + " has no key pair");
    };
  }

  private static KeyPair pair(String algorithm, String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (!curve.isEmpty()) {
        generator.initialize(new ECGenParameterSpec(curve));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks " + algorithm, e);
    }
  }
}
