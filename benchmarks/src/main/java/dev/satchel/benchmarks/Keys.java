package dev.satchel.benchmarks;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;

/** The key material of one run, the same for every library. */
final class Keys {
  /** Eight characters, as a ring's ids have. */
  static final String ID = "k2026-01";

  /** The token's type (RFC 8725 §3.11), as Satchel has it. */
  static final String TYPE = "s+jwt";

  /** Set in the processes that {@link ColdStart} starts, so that they open its tokens. */
  static final String SECRET_PROPERTY = "satchel.benchmarks.secret";

  private static final byte[] SECRET = secretOfThisRun();

  private Keys() {}

  private static byte[] secretOfThisRun() {
    String given = System.getProperty(SECRET_PROPERTY);
    if (given != null) {
      return HexFormat.of().parseHex(given);
    }
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  static byte[] secret() {
    return SECRET.clone();
  }

  static KeyPair pair(Profile profile) {
    return switch (profile) {
      case ES256 -> Pairs.EC;
      case ED25519 -> Pairs.ED25519;
      default -> throw new IllegalArgumentException(profile + " has no key pair");
    };
  }

  /** Made only where they are needed: a cold start with a symmetric key needs none. */
  private static final class Pairs {
    static final KeyPair EC = pair("EC", "secp256r1");
    static final KeyPair ED25519 = pair("Ed25519", "");
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
