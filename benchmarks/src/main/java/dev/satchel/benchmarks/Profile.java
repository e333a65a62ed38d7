package dev.satchel.benchmarks;

import dev.satchel.TokenAlgorithm;

/** How the tokens that are compared are protected. */
public enum Profile {
  /** JWE, {@code dir} with {@code A256GCM}: the default. */
  A256GCM(TokenAlgorithm.A256GCM, false),

  /**
   * The same with {@code zip}: {@code DEF}. Satchel keeps it where it is worth it (core/FORMAT.md
   * §6).
   */
  A256GCM_DEF(TokenAlgorithm.A256GCM, true),

  HS256(TokenAlgorithm.HS256, false),

  ES256(TokenAlgorithm.ES256, false),

  /** Named {@code EdDSA} by the libraries that do not know RFC 9864 yet. */
  ED25519(TokenAlgorithm.ED25519, false);

  private final TokenAlgorithm algorithm;
  private final boolean compressed;

  Profile(TokenAlgorithm algorithm, boolean compressed) {
    this.algorithm = algorithm;
    this.compressed = compressed;
  }

  TokenAlgorithm algorithm() {
    return algorithm;
  }

  boolean compressed() {
    return compressed;
  }

  boolean sealed() {
    return algorithm.isConfidential();
  }
}
