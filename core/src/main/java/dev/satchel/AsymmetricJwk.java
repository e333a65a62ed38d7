package dev.satchel;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The key members of EC P-256 (RFC 7518 §6.2, through Nimbus, which checks the curve) and OKP
 * Ed25519 (RFC 8037 §2) JWKs.
 */
record AsymmetricJwk(PublicKey publicKey, @Nullable PrivateKey privateKey) {
  /** Not empty: JDK 17 verifies no Ed25519 signature over nothing. */
  private static final byte[] PROBE = {1};

  private static final int KEY_LENGTH = 32; // RFC 8032 §5.1.5, RFC 7518 §6.2: each half

  /** DER of everything before the raw key (RFC 8410 §4 and §7). */
  private static final byte[] ED25519_PUBLIC = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final byte[] ED25519_PRIVATE =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  /**
   * Public keys, without the sign bit, that verify signatures of anything, since their point has a
   * small order (RFC 8032 §8.1 leaves the check to the application); the last two are not
   * canonical.
   */
  private static final Set<String> SMALL_ORDER =
      Set.of(
          "0000000000000000000000000000000000000000000000000000000000000000",
          "0100000000000000000000000000000000000000000000000000000000000000",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

  static AsymmetricJwk read(Map<String, @Nullable String> members) {
    try {
      AsymmetricJwk pair =
          "EC".equals(members.get("kty")) ? readP256(members) : readEd25519(members);
      pair.requireMatch();
      return pair;
    } catch (GeneralSecurityException | JOSEException | IllegalStateException e) {
      throw new IllegalArgumentException(
          "JWK members are no key of the curve"); // the cause may quote them
    }
  }

  private static AsymmetricJwk readP256(Map<String, @Nullable String> members)
      throws JOSEException {
    Base64URL x = Base64URL.encode(exact(Jwk.bytes(members, "x")));
    Base64URL y = Base64URL.encode(exact(Jwk.bytes(members, "y")));
    ECKey.Builder builder;
    try {
      builder = new ECKey.Builder(Curve.P_256, x, y); // checks that the point is on the curve
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("JWK members are no key of the curve");
    }
    if (members.containsKey("d")) {
      builder.d(Base64URL.encode(exact(Jwk.bytes(members, "d"))));
    }
    ECKey key = builder.build();
    return new AsymmetricJwk(
        key.toECPublicKey(), members.containsKey("d") ? key.toECPrivateKey() : null);
  }

  private static AsymmetricJwk readEd25519(Map<String, @Nullable String> members)
      throws GeneralSecurityException {
    byte[] x = exact(Jwk.bytes(members, "x"));
    byte[] y = x.clone();
    y[KEY_LENGTH - 1] &= 0x7f;
    if (SMALL_ORDER.contains(HexFormat.of().formatHex(y))) {
      throw new IllegalArgumentException("JWK has a public key of small order");
    }
    KeyFactory factory = KeyFactory.getInstance("Ed25519");
    PublicKey publicKey = factory.generatePublic(new X509EncodedKeySpec(concat(ED25519_PUBLIC, x)));
    PrivateKey privateKey =
        members.containsKey("d")
            ? factory.generatePrivate(
                new PKCS8EncodedKeySpec(concat(ED25519_PRIVATE, Jwk.bytes(members, "d"))))
            : null;
    return new AsymmetricJwk(publicKey, privateKey);
  }

  private static byte[] exact(byte[] key) {
    if (key.length != KEY_LENGTH) {
      throw new IllegalArgumentException(
          "JWK key has " + key.length + " bytes, expected are " + KEY_LENGTH);
    }
    return key;
  }

  private static byte[] concat(byte[] prefix, byte[] key) {
    exact(key);
    byte[] der = Arrays.copyOf(prefix, prefix.length + key.length);
    System.arraycopy(key, 0, der, prefix.length, key.length);
    return der;
  }

  /** A private key under another's public key would issue tokens that no node accepts. */
  private void requireMatch() throws GeneralSecurityException {
    Signature signature =
        Signature.getInstance(
            publicKey instanceof ECPublicKey ? "SHA256withECDSAinP1363Format" : "Ed25519");
    signature.initVerify(publicKey); // the JDK looks only now whether it is a point of the curve
    if (privateKey == null) {
      return;
    }
    signature.initSign(privateKey);
    signature.update(PROBE);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(PROBE);
    if (!signature.verify(signed)) {
      throw new IllegalArgumentException(
          "JWK has a private part that does not belong to its public part");
    }
  }

  static Map<String, String> write(
      TokenAlgorithm algorithm, PublicKey publicKey, @Nullable PrivateKey privateKey) {
    Map<String, String> members = new LinkedHashMap<>();
    if (algorithm == TokenAlgorithm.ES256) {
      ECKey.Builder builder = new ECKey.Builder(Curve.P_256, (ECPublicKey) publicKey);
      if (privateKey instanceof ECPrivateKey ecPrivateKey) {
        builder.privateKey(ecPrivateKey);
      }
      ECKey key = builder.build();
      members.put("kty", "EC");
      members.put("crv", "P-256");
      members.put("x", key.getX().toString());
      members.put("y", key.getY().toString());
      if (key.getD() != null) {
        members.put("d", key.getD().toString());
      }
    } else {
      members.put("kty", "OKP");
      members.put("crv", "Ed25519");
      members.put("x", Base64Url.encode(tail(publicKey.getEncoded())));
      if (privateKey != null) {
        members.put("d", Base64Url.encode(tail(privateKey.getEncoded())));
      }
    }
    return members;
  }

  private static byte[] tail(byte[] der) {
    return Arrays.copyOfRange(der, der.length - KEY_LENGTH, der.length);
  }

  /** No material. */
  @Override
  public String toString() {
    return "AsymmetricJwk[" + publicKey.getAlgorithm() + "]";
  }
}
