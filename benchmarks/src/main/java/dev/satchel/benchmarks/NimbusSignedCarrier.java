package dev.satchel.benchmarks;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;

/** Nimbus JOSE+JWT, JWS: header, signer and verifier are reused. */
final class NimbusSignedCarrier extends ClaimsCarrier {
  private static final JOSEObjectType TYPE = new JOSEObjectType(Keys.TYPE);
  private static final int ED25519_LENGTH = 32;

  private final JWSHeader header;
  private final JWSSigner signer;
  private final Map<String, JWSVerifier> verifiers;

  NimbusSignedCarrier(Profile profile, InstantSource clock) {
    super(clock);
    JWSVerifier verifier;
    try {
      switch (profile) {
        case HS256 -> {
          signer = new MACSigner(Keys.secret());
          verifier = new MACVerifier(Keys.secret());
        }
        case ES256 -> {
          KeyPair pair = Keys.pair(profile);
          signer = new ECDSASigner((ECPrivateKey) pair.getPrivate());
          verifier = new ECDSAVerifier((ECPublicKey) pair.getPublic());
        }
        case ED25519 -> {
          OctetKeyPair key = octetKeyPair(Keys.pair(profile));
          signer = new Ed25519Signer(key);
          verifier = new Ed25519Verifier(key.toPublicJWK());
        }
        default -> throw new IllegalArgumentException(profile + " signs nothing");
      }
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    this.header = new JWSHeader.Builder(algorithm(profile)).keyID(Keys.ID).type(TYPE).build();
    this.verifiers = Map.of(Keys.ID, verifier);
  }

  private static JWSAlgorithm algorithm(Profile profile) {
    return switch (profile) {
      case HS256 -> JWSAlgorithm.HS256;
      case ES256 -> JWSAlgorithm.ES256;
      default -> JWSAlgorithm.EdDSA;
    };
  }

  /** The raw keys are the ends of their encodings (RFC 8410). */
  private static OctetKeyPair octetKeyPair(KeyPair pair) {
    return new OctetKeyPair.Builder(Curve.Ed25519, end(pair.getPublic().getEncoded()))
        .d(end(pair.getPrivate().getEncoded()))
        .build();
  }

  private static Base64URL end(byte[] encoded) {
    return Base64URL.encode(
        Arrays.copyOfRange(encoded, encoded.length - ED25519_LENGTH, encoded.length));
  }

  @Override
  public String encode(ClaimsSession session) {
    JWSObject jws = new JWSObject(header, new Payload(json(session)));
    try {
      jws.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return jws.serialize();
  }

  @Override
  public ClaimsSession decode(String token) {
    try {
      JWSObject jws = JWSObject.parse(token);
      JWSHeader got = jws.getHeader();
      JWSVerifier verifier = verifiers.get(got.getKeyID());
      require(
          verifier != null
              && header.getAlgorithm().equals(got.getAlgorithm())
              && TYPE.equals(got.getType())
              && jws.verify(verifier));
      return session(jws.getPayload().toBytes());
    } catch (ParseException | JOSEException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
