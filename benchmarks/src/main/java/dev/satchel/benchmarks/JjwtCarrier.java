package dev.satchel.benchmarks;

import io.jsonwebtoken.Claims;
import io.jsonwebtoken.Jwe;
import io.jsonwebtoken.JweHeader;
import io.jsonwebtoken.Jws;
import io.jsonwebtoken.JwsHeader;
import io.jsonwebtoken.JwtBuilder;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.ProtectedHeader;
import io.jsonwebtoken.jackson.io.JacksonDeserializer;
import io.jsonwebtoken.jackson.io.JacksonSerializer;
import java.security.Key;
import java.time.InstantSource;
import java.util.Date;
import java.util.Map;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** JJWT with its Jackson module: parser, serializer and keys are reused; a builder is per token. */
final class JjwtCarrier extends ClaimsCarrier {
  private final Profile profile;
  private final Key writingKey;
  private final JwtParser parser;
  private final JacksonSerializer<Map<String, ?>> serializer = new JacksonSerializer<>();

  JjwtCarrier(Profile profile, InstantSource clock) {
    super(clock);
    this.profile = profile;
    Key readingKey;
    switch (profile) {
      case A256GCM, A256GCM_DEF -> {
        writingKey = new SecretKeySpec(Keys.secret(), "AES");
        readingKey = writingKey;
      }
      case HS256 -> {
        writingKey = new SecretKeySpec(Keys.secret(), "HmacSHA256");
        readingKey = writingKey;
      }
      default -> {
        writingKey = Keys.pair(profile).getPrivate();
        readingKey = Keys.pair(profile).getPublic();
      }
    }
    Map<String, Key> keys = Map.of(Keys.ID, readingKey);
    this.parser =
        Jwts.parser()
            .json(new JacksonDeserializer<>())
            .clock(() -> Date.from(clock.instant()))
            .clockSkewSeconds(ClaimsSession.SKEW.toSeconds())
            .keyLocator(
                header ->
                    header instanceof ProtectedHeader named ? keys.get(named.getKeyId()) : null)
            .build();
  }

  @Override
  public String encode(ClaimsSession session) {
    JwtBuilder builder =
        Jwts.builder()
            .json(serializer)
            .header()
            .keyId(Keys.ID)
            .type(Keys.TYPE)
            .and()
            .claims(session.claims(clock().instant()));
    if (profile.compressed()) {
      builder.compressWith(Jwts.ZIP.DEF);
    }
    switch (profile) {
      case A256GCM, A256GCM_DEF -> builder.encryptWith((SecretKey) writingKey, Jwts.ENC.A256GCM);
      case HS256 -> builder.signWith((SecretKey) writingKey, Jwts.SIG.HS256);
      case ES256 -> builder.signWith((java.security.PrivateKey) writingKey, Jwts.SIG.ES256);
      case ED25519 -> builder.signWith((java.security.PrivateKey) writingKey, Jwts.SIG.EdDSA);
    }
    return builder.compact();
  }

  @Override
  public ClaimsSession decode(String token) {
    try {
      return ClaimsSession.of(
          profile.sealed() ? opened(token) : verified(token), clock().instant());
    } catch (JwtException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private Claims opened(String token) {
    Jwe<Claims> jwe = parser.parseEncryptedClaims(token);
    JweHeader header = jwe.getHeader();
    require(
        "dir".equals(header.getAlgorithm())
            && "A256GCM".equals(header.getEncryptionAlgorithm())
            && Keys.TYPE.equals(header.getType()));
    return jwe.getPayload();
  }

  private Claims verified(String token) {
    Jws<Claims> jws = parser.parseSignedClaims(token);
    JwsHeader header = jws.getHeader();
    String algorithm = profile == Profile.ED25519 ? "EdDSA" : profile.name();
    require(algorithm.equals(header.getAlgorithm()) && Keys.TYPE.equals(header.getType()));
    return jws.getPayload();
  }
}
