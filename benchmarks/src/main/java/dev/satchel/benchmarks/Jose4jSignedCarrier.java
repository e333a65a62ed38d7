package dev.satchel.benchmarks;

import java.security.Key;
import java.time.InstantSource;
import java.util.Map;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** jose4j, JWS: keys and constraints are reused, there is nothing else to reuse. */
final class Jose4jSignedCarrier extends ClaimsCarrier {
  private final String algorithm;
  private final AlgorithmConstraints constraints;
  private final Key signingKey;
  private final Map<String, Key> keys;

  Jose4jSignedCarrier(Profile profile, InstantSource clock) {
    super(clock);
    this.algorithm =
        switch (profile) {
          case HS256 -> AlgorithmIdentifiers.HMAC_SHA256;
          case ES256 -> AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256;
          default -> AlgorithmIdentifiers.EDDSA;
        };
    this.constraints =
        new AlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, algorithm);
    Key verificationKey;
    if (profile == Profile.HS256) {
      signingKey = new HmacKey(Keys.secret());
      verificationKey = signingKey;
    } else {
      signingKey = Keys.pair(profile).getPrivate();
      verificationKey = Keys.pair(profile).getPublic();
    }
    this.keys = Map.of(Keys.ID, verificationKey);
  }

  @Override
  public String encode(ClaimsSession session) {
    JsonWebSignature jws = new JsonWebSignature();
    jws.setAlgorithmHeaderValue(algorithm);
    jws.setKeyIdHeaderValue(Keys.ID);
    jws.setHeader("typ", Keys.TYPE);
    jws.setKey(signingKey);
    jws.setPayloadBytes(json(session));
    try {
      return jws.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public ClaimsSession decode(String token) {
    try {
      JsonWebSignature jws = new JsonWebSignature();
      jws.setAlgorithmConstraints(constraints);
      jws.setCompactSerialization(token);
      Key found = keys.get(jws.getKeyIdHeaderValue());
      require(found != null && Keys.TYPE.equals(jws.getHeader("typ")));
      jws.setKey(found);
      require(jws.verifySignature());
      return session(jws.getPayloadBytes());
    } catch (JoseException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
