package dev.satchel;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The closed set of token profiles. A {@link SessionKey} carries exactly one of them, and a token
 * is only ever opened with the algorithm of the key it names (RFC 8725 §3.1): nothing in a token
 * selects an algorithm.
 *
 * <p>Public-key JWE alone is absent on purpose: anybody can encrypt to a public key, so it would
 * authenticate nobody.
 */
public enum TokenAlgorithm {
  /**
   * JWE with {@code alg} {@code dir} and {@code enc} {@code A256GCM} (RFC 7518 §4.5, §5.3). The
   * default: smallest sealed token.
   */
  A256GCM("A256GCM", 32, true, false),

  /**
   * JWE with {@code dir} and {@code A256CBC-HS512} (RFC 7518 §5.2.5): no harm from a repeated IV
   * beyond equal prefixes.
   */
  A256CBC_HS512("A256CBC-HS512", 64, true, false),

  /**
   * JWE with {@code A256KW} around a fresh {@code A256GCM} key per token (RFC 7518 §4.4): no bound
   * on tokens per key, 54 characters more.
   */
  A256KW("A256KW", 32, true, false),

  /** JWS with {@code HS256} (RFC 7518 §3.2). Readable by the client. */
  HS256("HS256", 32, false, false),

  /**
   * JWS with {@code ES256} (RFC 7518 §3.4). Readable by the client; a node that holds the public
   * key alone can verify.
   */
  ES256("ES256", 0, false, true),

  /**
   * JWS with {@code Ed25519} (RFC 8037, RFC 9864). Readable by the client; a node that holds the
   * public key alone can verify.
   */
  ED25519("Ed25519", 0, false, true),

  /**
   * A JWE ({@code dir}, {@code A256GCM}) around a JWS ({@code Ed25519}), signed first (RFC 7519
   * §11.2): confidential, and issued only by nodes that hold the private key.
   */
  ED25519_A256GCM("Ed25519+A256GCM", 32, true, true);

  private final String label;
  private final int secretLength;
  private final boolean confidential;
  private final boolean asymmetric;

  TokenAlgorithm(String label, int secretLength, boolean confidential, boolean asymmetric) {
    this.label = label;
    this.secretLength = secretLength;
    this.confidential = confidential;
    this.asymmetric = asymmetric;
  }

  /**
   * Finds a profile by its {@linkplain #label() label}, compared exactly.
   *
   * @throws IllegalArgumentException if there is none; the message lists the labels
   */
  public static TokenAlgorithm of(String label) {
    for (TokenAlgorithm algorithm : values()) {
      if (algorithm.label.equals(label)) {
        return algorithm;
      }
    }
    throw new IllegalArgumentException("unknown token algorithm; allowed: " + labels());
  }

  private static String labels() {
    return Arrays.stream(values()).map(TokenAlgorithm::label).collect(Collectors.joining(", "));
  }

  /**
   * The JOSE name of the content encryption, key wrap or signature that tells this profile from the
   * others, such as {@code A256GCM}.
   */
  public String label() {
    return label;
  }

  /** Whether the client cannot read the session: true for JWE, false for JWS. */
  public boolean isConfidential() {
    return confidential;
  }

  /**
   * Whether issuing needs a private key, so that a node may be able to read tokens without being
   * able to write them.
   */
  public boolean isAsymmetric() {
    return asymmetric;
  }

  /** Bytes of the symmetric secret of a key; 0 where there is none. */
  int secretLength() {
    return secretLength;
  }
}
