package dev.satchel;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
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
import org.jspecify.annotations.Nullable;

/**
 * The key members of EC P-256 (RFC 7518 §6.2, through Nimbus, which checks the curve) and OKP
 * Ed25519 (RFC 8037 §2) JWKs.
 */
record AsymmetricJwk(PublicKey publicKey, @Nullable PrivateKey privateKey) {
  /** Not empty: JDK 17 verifies no Ed25519 signature over nothing. */
  private static final byte[] PROBE = {1};

  private static final int KEY_LENGTH = 32; // RFC 8032 §5.1.5, both halves

  /** DER of everything before the raw key (RFC 8410 §4 and §7). */
  private static final byte[] ED25519_PUBLIC = HexFormat.of().parseHex("302a300506032b6570032100");

  /** RFC 8032 §5.1: 2^255 - 19. */
  private static final BigInteger ED25519_PRIME =
      BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  /** One y of the points of order 8, a root of d·y⁴ + 2·y² - 1; the other is its negative. */
  private static final BigInteger ED25519_ORDER_8 =
      new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16);

  private static final byte[] ED25519_PRIVATE =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  static AsymmetricJwk read(Map<String, String> members) {
    byte[] x = coordinate(members, "x");
    WeakSecrets.refuseSample(members.getOrDefault("kid", ""), x);
    byte[] d = members.containsKey("d") ? coordinate(members, "d") : null;
    AsymmetricJwk pair;
    try {
      pair = "EC".equals(members.get("kty")) ? p256(x, coordinate(members, "y"), d) : ed25519(x, d);
    } catch (GeneralSecurityException | JOSEException | RuntimeException e) {
      throw new IllegalArgumentException(
          "JWK members are no key of the curve"); // causes quote them
    }
    pair.requireMatch();
    return pair;
  }

  /** RFC 7518 §6.2.1.2 and RFC 8032 §5.1.5: the full length, whatever the leading zeros. */
  private static byte[] coordinate(Map<String, String> members, String name) {
    byte[] bytes = Jwk.bytes(members, name);
    if (bytes.length != KEY_LENGTH) {
      throw new IllegalArgumentException(
          "JWK member '" + name + "' has " + bytes.length + " bytes, expected are " + KEY_LENGTH);
    }
    return bytes;
  }

  private static AsymmetricJwk p256(byte[] x, byte[] y, byte @Nullable [] d) throws JOSEException {
    // The builder checks that the point is on the curve.
    ECKey.Builder builder =
        new ECKey.Builder(Curve.P_256, Base64URL.encode(x), Base64URL.encode(y));
    if (d != null) {
      builder.d(Base64URL.encode(d));
    }
    ECKey key = builder.build();
    return new AsymmetricJwk(key.toECPublicKey(), d == null ? null : key.toECPrivateKey());
  }

  private static AsymmetricJwk ed25519(byte[] x, byte @Nullable [] d)
      throws GeneralSecurityException {
    requireFullOrder(x);
    KeyFactory factory = KeyFactory.getInstance("Ed25519");
    PublicKey publicKey = factory.generatePublic(new X509EncodedKeySpec(concat(ED25519_PUBLIC, x)));
    PrivateKey privateKey =
        d == null
            ? null
            : factory.generatePrivate(new PKCS8EncodedKeySpec(concat(ED25519_PRIVATE, d)));
    return new AsymmetricJwk(publicKey, privateKey);
  }

  /**
   * Under a point of small order every eighth message, or every one, has a signature anybody can
   * write.
   */
  private static void requireFullOrder(byte[] x) {
    byte[] bigEndian = new byte[KEY_LENGTH];
    for (int i = 0; i < KEY_LENGTH; i++) {
      bigEndian[i] = x[KEY_LENGTH - 1 - i];
    }
    bigEndian[0] &= 0x7f; // the sign of the other coordinate
    BigInteger y = new BigInteger(1, bigEndian);
    BigInteger negative = ED25519_PRIME.subtract(y);
    boolean isCanonical = negative.signum() > 0;
    // Orders 4, 1, 2 and 8.
    boolean isSmall =
        y.signum() == 0
            || y.equals(BigInteger.ONE)
            || negative.equals(BigInteger.ONE)
            || y.equals(ED25519_ORDER_8)
            || negative.equals(ED25519_ORDER_8);
    if (isSmall || !isCanonical) {
      throw new IllegalArgumentException("not a point of full order");
    }
  }

  private static byte[] concat(byte[] prefix, byte[] key) {
    byte[] der = Arrays.copyOf(prefix, prefix.length + key.length);
    System.arraycopy(key, 0, der, prefix.length, key.length);
    return der;
  }

  /** A private key under another's public key would issue tokens that no node accepts. */
  private void requireMatch() {
    try {
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
      if (signature.verify(signed)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "JWK members are no key of the curve"); // causes quote them
    }
    throw new IllegalArgumentException(
        "JWK has a private part that does not belong to its public part");
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
