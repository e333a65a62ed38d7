package dev.satchel;

import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One key of a ring: an id, the one algorithm it may be used with, and its material. Thread-safe.
 * Symmetric material is never used directly, working keys are derived from it for each context and
 * hour.
 *
 * <p>Does not override {@code equals}, which would compare secrets in variable time; {@link
 * #hasSameMaterial} does it in constant time. Neither {@code toString} nor any exception holds
 * material.
 */
public final class SessionKey {
  /**
   * {@code epoch ‖ random ‖ tag} of a ring fits 8; 11 characters carry 64 bits. Each is paid twice
   * per request.
   */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,11}");

  private final String id;
  private final TokenAlgorithm algorithm;
  private final byte @Nullable [] secret;
  private final @Nullable PrivateKey privateKey;
  private final @Nullable PublicKey publicKey;
  private volatile boolean destroyed;

  SessionKey(
      String id,
      TokenAlgorithm algorithm,
      byte @Nullable [] secret,
      @Nullable PrivateKey privateKey,
      @Nullable PublicKey publicKey) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "key id has " + id.length() + " characters, allowed is " + ID.pattern());
    }
    int expected = algorithm.secretLength();
    int got = secret == null ? 0 : secret.length;
    if (got != expected) {
      throw new IllegalArgumentException(
          "key "
              + id
              + ": secret has "
              + got
              + " bytes, "
              + algorithm.label()
              + " takes exactly "
              + expected);
    }
    if (algorithm.isAsymmetric() != (publicKey != null)) {
      throw new IllegalArgumentException(
          "key "
              + id
              + ": "
              + algorithm.label()
              + (publicKey == null ? " needs" : " takes no")
              + " a public key");
    }
    if (secret != null) {
      WeakSecrets.refuse(id, secret);
    }
    this.id = id;
    this.algorithm = algorithm;
    this.secret = secret == null ? null : secret.clone();
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /** A fresh random key under this id. */
  public static SessionKey generate(String id, TokenAlgorithm algorithm) {
    return generate(id, algorithm, new SecureRandom());
  }

  /** A fresh key from this source of randomness. */
  public static SessionKey generate(String id, TokenAlgorithm algorithm, SecureRandom random) {
    Objects.requireNonNull(id, "id");
    byte[] secret = null;
    if (algorithm.secretLength() > 0) {
      secret = new byte[algorithm.secretLength()];
      random.nextBytes(secret);
    }
    if (!algorithm.isAsymmetric()) {
      return new SessionKey(id, algorithm, secret, null, null);
    }
    var pair = SignatureKeys.generate(algorithm, random);
    return new SessionKey(id, algorithm, secret, pair.getPrivate(), pair.getPublic());
  }

  /**
   * A symmetric key from its raw bytes.
   *
   * @param secret copied; 64 bytes for {@link TokenAlgorithm#A256CBC_HS512}, 32 for the others
   * @throws IllegalArgumentException if the length is another, the algorithm is asymmetric, or the
   *     bytes are not random: a published sample key, a pass phrase, a constant
   */
  public static SessionKey ofSecret(String id, TokenAlgorithm algorithm, byte[] secret) {
    if (algorithm.isAsymmetric()) {
      throw new IllegalArgumentException(
          "key " + id + ": " + algorithm.label() + " is asymmetric; read it from a JWK instead");
    }
    return new SessionKey(id, algorithm, secret, null, null);
  }

  /**
   * Reads a JWK (RFC 7517): {@code kty} {@code oct}, {@code EC} P-256 or {@code OKP} Ed25519, with
   * {@code kid} and with {@code alg} as a {@linkplain TokenAlgorithm#label() label}. A nested key
   * is an {@code OKP} key with the symmetric part in {@code k}. Without {@code d} the key verifies
   * but does not issue.
   *
   * @throws IllegalArgumentException if it is anything else, contradicts itself, or is weak: says
   *     what, never the content
   */
  public static SessionKey fromJwk(String json) {
    return Jwk.read(json);
  }

  /** The key as a JWK <em>with its secret or private part</em>, for sealed storage only. */
  public String toSecretJwk() {
    requireUsable();
    return Jwk.write(this, true);
  }

  /** The public part as a JWK; empty for a symmetric key. */
  public Optional<String> toPublicJwk() {
    return publicKey == null ? Optional.empty() : Optional.of(Jwk.write(this, false));
  }

  /**
   * This key without its private part: it verifies but does not issue. This instance where there is
   * nothing to drop.
   */
  public SessionKey withoutPrivatePart() {
    return privateKey == null ? this : new SessionKey(id, algorithm, secret, null, publicKey);
  }

  /** The key's id, the first part of a token's {@code kid}: 1 to 11 base64url characters. */
  public String id() {
    return id;
  }

  /** The only algorithm this key is used with. */
  public TokenAlgorithm algorithm() {
    return algorithm;
  }

  /** Whether tokens can be made with it: false for a public key alone. */
  public boolean canIssue() {
    return !algorithm.isAsymmetric() || privateKey != null;
  }

  /**
   * Whether the other key shares secret or public material with this one, under whatever id and
   * algorithm. Constant time.
   */
  public boolean hasSameMaterial(SessionKey other) {
    boolean sameSecret =
        secret != null && other.secret != null && MessageDigest.isEqual(secret, other.secret);
    boolean samePublic =
        publicKey != null
            && other.publicKey != null
            && MessageDigest.isEqual(publicKey.getEncoded(), other.publicKey.getEncoded());
    return sameSecret | samePublic;
  }

  /**
   * Overwrites the symmetric secret, best effort, of a key that nobody uses: a rotation that lost
   * its race. Afterwards it cannot be used, exported or put into a ring.
   */
  public void destroy() {
    destroyed = true;
    if (secret != null) {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** Everybody knows a secret of zeros: a destroyed key must not be used by mistake. */
  void requireUsable() {
    if (destroyed) {
      throw new IllegalStateException("key " + id + " was destroyed");
    }
  }

  byte[] secret() {
    requireUsable();
    return Objects.requireNonNull(secret, "asymmetric key has no secret");
  }

  boolean hasSecret() {
    return secret != null;
  }

  @Nullable PrivateKey privateKey() {
    requireUsable();
    return privateKey;
  }

  PublicKey publicKey() {
    return Objects.requireNonNull(publicKey, "symmetric key has no public key");
  }

  /** Id and algorithm only. */
  @Override
  public String toString() {
    return "SessionKey[id="
        + id
        + ", algorithm="
        + algorithm.label()
        + ", issues="
        + canIssue()
        + "]";
  }
}
