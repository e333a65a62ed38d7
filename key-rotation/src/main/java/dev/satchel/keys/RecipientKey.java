package dev.satchel.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The public key of somebody who may open a ring: sharing a ring is adding one of these. An EC key
 * on P-256 for {@code ECDH-ES+A256KW} (RFC 7518 §4.6), known by its thumbprint (RFC 7638). Holds no
 * secret. Immutable and thread-safe; equal if the key is the same.
 */
public final class RecipientKey {
  /** The one algorithm of these keys, as {@code alg} of their JWK names it. */
  public static final String ALGORITHM = "ECDH-ES+A256KW";

  /** A private key with a certificate chain has some 2,000 characters. */
  private static final int MAX_LENGTH = 16 * 1024;

  private final ECKey key;
  private final String id;

  private RecipientKey(ECKey key, String id) {
    this.key = key;
    this.id = id;
  }

  /**
   * The public part of a JWK, which may be a private key. Its {@code kid} and members that are not
   * known here do not matter.
   *
   * @throws IllegalArgumentException if it is not a key of {@code kty} EC on P-256 with {@code alg}
   *     {@code ECDH-ES+A256KW}: says what is allowed, never what was there
   */
  public static RecipientKey fromJwk(String jwk) {
    return of(parse(jwk));
  }

  /**
   * A new private key as a JWK; {@link #fromJwk} reads its public part, and {@link
   * KeyEncryptionKey#of} the key itself.
   */
  public static String generateJwk(SecureRandom random) {
    try {
      return new ECKeyGenerator(Curve.P_256)
          .secureRandom(random)
          .algorithm(JWEAlgorithm.ECDH_ES_A256KW)
          .keyUse(KeyUse.ENCRYPTION)
          .keyIDFromThumbprint(true)
          .generate()
          .toJSONString();
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  static RecipientKey of(ECKey any) {
    try {
      // Rebuilt from its point: two spellings of one point must not be two recipients.
      ECKey rebuilt =
          new ECKey.Builder(Curve.P_256, any.toECPublicKey())
              .algorithm(JWEAlgorithm.ECDH_ES_A256KW)
              .build();
      return new RecipientKey(rebuilt, rebuilt.computeThumbprint().toString());
    } catch (JOSEException | IllegalStateException e) {
      throw new IllegalArgumentException("not a point on P-256");
    }
  }

  /** Whether a JWK says that it is of our kind, to be read as such; decides nothing else. */
  static boolean isMeantBy(String jwk) {
    try {
      return RingJson.parse(jwk.getBytes(StandardCharsets.UTF_8))
          .path("alg")
          .asString("")
          .equals(ALGORITHM);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A JWK of our kind, public or private. */
  static ECKey parse(String jwk) {
    if (jwk.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "JWK has " + jwk.length() + " characters, allowed are " + MAX_LENGTH);
    }
    ObjectNode node = RingJson.parse(jwk.getBytes(StandardCharsets.UTF_8));
    require(node, "kty", "EC");
    require(node, "crv", "P-256");
    require(node, "alg", ALGORITHM);
    if (node.has("use")) {
      require(node, "use", "enc");
    }
    ObjectNode bare = node.objectNode();
    for (String name : new String[] {"kty", "crv", "x", "y", "d"}) {
      JsonNode member = node.get(name);
      if (member != null) {
        bare.set(name, member);
      }
    }
    try {
      return ECKey.parse(bare.toString());
    } catch (ParseException | IllegalArgumentException | IllegalStateException e) {
      throw new IllegalArgumentException("not a JWK of an EC key on P-256"); // They quote values.
    }
  }

  private static void require(ObjectNode node, String name, String allowed) {
    JsonNode value = node.get(name);
    if (value == null || !value.isString() || !value.stringValue().equals(allowed)) {
      throw new IllegalArgumentException(
          "JWK with another " + name + " than the allowed " + allowed);
    }
  }

  /** Its thumbprint: 43 characters of base64url. */
  public String id() {
    return id;
  }

  /** As a JWK without private parts, with {@code alg} and the {@link #id} as {@code kid}. */
  public String toJwk() {
    return new ECKey.Builder(key).keyID(id).build().toJSONString();
  }

  ECKey key() {
    return key;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RecipientKey that && id.equals(that.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** The id. */
  @Override
  public String toString() {
    return "RecipientKey[" + id + "]";
  }
}
