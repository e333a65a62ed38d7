package dev.satchel.benchmarks;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session as an application holds it that uses a JWT library directly: a map, and the claims that
 * Satchel's sessions have too.
 */
final class ClaimsSession {
  private static final Duration ABSOLUTE = Duration.ofHours(8); // Satchel's defaults
  private static final Duration IDLE = Duration.ofMinutes(30);
  static final Duration SKEW = Duration.ofSeconds(60);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String id;
  private final long issuedAt;
  private final long expiresAt;
  private final Map<String, Object> attributes;

  private ClaimsSession(String id, long issuedAt, long expiresAt, Map<String, Object> attributes) {
    this.id = id;
    this.issuedAt = issuedAt;
    this.expiresAt = expiresAt;
    this.attributes = attributes;
  }

  static ClaimsSession create(Map<String, Object> attributes, Instant now) {
    byte[] id = new byte[16];
    RANDOM.nextBytes(id);
    return new ClaimsSession(
        Base64.getUrlEncoder().withoutPadding().encodeToString(id),
        now.getEpochSecond(),
        now.plus(ABSOLUTE).getEpochSecond(),
        new LinkedHashMap<>(attributes));
  }

  /** What goes into the token that is written now. */
  Map<String, Object> claims(Instant now) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("jti", id);
    claims.put("iat", issuedAt);
    claims.put("exp", expiresAt);
    claims.put("la", now.toEpochMilli() - 1000 * issuedAt);
    claims.put("mi", IDLE.toSeconds());
    claims.put("a", attributes);
    return claims;
  }

  /**
   * The session of authentic claims, checked as Satchel checks them: required claims, issued and
   * used in the past, not expired, not idle for too long.
   */
  // "a" is a JSON object, whose names are strings.
  @SuppressWarnings("unchecked")
  static ClaimsSession of(Map<String, Object> claims, Instant now) {
    if (claims.get("jti") instanceof String id
        && claims.get("la") instanceof Number lastAccess
        && claims.get("mi") instanceof Number maxInactive
        && claims.get("a") instanceof Map<?, ?> attributes) {
      return of(
          id,
          seconds(claims.get("iat")),
          seconds(claims.get("exp")),
          lastAccess.longValue(),
          maxInactive.longValue(),
          (Map<String, Object>) attributes,
          now);
    }
    throw new IllegalArgumentException("a claim is missing");
  }

  static ClaimsSession of(
      String id,
      long issuedAt,
      long expiresAt,
      long lastAccess,
      long maxInactive,
      Map<String, Object> attributes,
      Instant now) {
    Instant accessed = Instant.ofEpochMilli(1000 * issuedAt + lastAccess);
    if (issuedAt > now.plus(SKEW).getEpochSecond()
        || accessed.isAfter(now.plus(SKEW))
        || now.minus(SKEW).getEpochSecond() >= expiresAt
        || !now.isBefore(accessed.plusSeconds(maxInactive))) {
      throw new IllegalArgumentException("expired, idle, or of the future");
    }
    return new ClaimsSession(id, issuedAt, expiresAt, attributes);
  }

  /** Some libraries turn NumericDates into dates. */
  private static long seconds(@Nullable Object claim) {
    if (claim instanceof Number number) {
      return number.longValue();
    }
    if (claim instanceof java.util.Date date) {
      return date.toInstant().getEpochSecond();
    }
    throw new IllegalArgumentException("a date is missing");
  }

  Map<String, Object> attributes() {
    return attributes;
  }
}
