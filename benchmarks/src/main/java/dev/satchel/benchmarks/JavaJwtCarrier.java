package dev.satchel.benchmarks;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;

/** java-jwt, which signs only: algorithm and verifier are reused. */
final class JavaJwtCarrier extends ClaimsCarrier {
  private static final Map<String, Object> HEADER = Map.of("kid", Keys.ID, "typ", Keys.TYPE);

  private final Algorithm algorithm;
  private final Map<String, JWTVerifier> verifiers;

  JavaJwtCarrier(Profile profile, InstantSource clock) {
    super(clock);
    this.algorithm =
        switch (profile) {
          case HS256 -> Algorithm.HMAC256(Keys.secret());
          case ES256 ->
              Algorithm.ECDSA256(
                  (ECPublicKey) Keys.pair(profile).getPublic(),
                  (ECPrivateKey) Keys.pair(profile).getPrivate());
          default -> throw new IllegalArgumentException("java-jwt does not have " + profile);
        };
    JWTVerifier verifier =
        ((JWTVerifier.BaseVerification)
                JWT.require(algorithm)
                    .acceptLeeway(ClaimsSession.SKEW.toSeconds())
                    .withClaimPresence("exp"))
            .build(clock.withZone(ZoneOffset.UTC));
    this.verifiers = Map.of(Keys.ID, verifier);
  }

  @Override
  public String encode(ClaimsSession session) {
    return JWT.create()
        .withHeader(HEADER)
        .withPayload(session.claims(clock().instant()))
        .sign(algorithm);
  }

  @Override
  public ClaimsSession decode(String token) {
    try {
      DecodedJWT unverified = JWT.decode(token);
      JWTVerifier verifier = verifiers.get(unverified.getKeyId());
      if (verifier == null || !Keys.TYPE.equals(unverified.getType())) {
        throw new IllegalArgumentException("header refused");
      }
      DecodedJWT jwt = verifier.verify(unverified);
      return ClaimsSession.of(
          jwt.getId(),
          jwt.getIssuedAtAsInstant().getEpochSecond(),
          jwt.getExpiresAtAsInstant().getEpochSecond(),
          jwt.getClaim("la").asLong(),
          jwt.getClaim("mi").asLong(),
          jwt.getClaim("a").asMap(),
          clock().instant());
    } catch (JWTVerificationException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
