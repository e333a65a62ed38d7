package dev.satchel;

import java.time.Duration;
import java.util.Set;

/**
 * The rules of a session's life and form. Immutable; start from {@link #defaults()} and vary. Every
 * {@code with…} method throws {@link IllegalArgumentException} for a value out of range, and says
 * which, what was got and what is allowed.
 */
public final class SessionPolicy {
  /** RFC 6265bis §5.5: user agents cap the life of cookies at 400 days. */
  private static final Duration MAX_LIFETIME = Duration.ofDays(400);

  /** Clocks that differ by more are broken, and skew lengthens every session's life. */
  private static final Duration MAX_SKEW = Duration.ofMinutes(5);

  private final Duration absoluteLifetime;
  private final Duration idleTimeout;
  private final Duration clockSkew;
  private final int refreshPercent;
  private final int compressionThreshold;
  private final Set<String> secretAttributes;

  private SessionPolicy(
      Duration absoluteLifetime,
      Duration idleTimeout,
      Duration clockSkew,
      int refreshPercent,
      int compressionThreshold,
      Set<String> secretAttributes) {
    require(
        isWithin(absoluteLifetime, Duration.ofSeconds(1), MAX_LIFETIME),
        "absoluteLifetime",
        absoluteLifetime,
        "PT1S to " + MAX_LIFETIME);
    require(
        idleTimeout.isZero() || isWithin(idleTimeout, Duration.ofSeconds(1), absoluteLifetime),
        "idleTimeout",
        idleTimeout,
        "PT0S (none) or PT1S to absoluteLifetime " + absoluteLifetime);
    require(
        isWithin(clockSkew, Duration.ZERO, MAX_SKEW),
        "clockSkew",
        clockSkew,
        "PT0S to " + MAX_SKEW);
    require(
        refreshPercent >= 0 && refreshPercent <= 50, "refreshPercent", refreshPercent, "0 to 50");
    require(
        compressionThreshold >= 0, "compressionThreshold", compressionThreshold, "0 or more bytes");
    this.absoluteLifetime = absoluteLifetime;
    this.idleTimeout = idleTimeout;
    this.clockSkew = clockSkew;
    this.refreshPercent = refreshPercent;
    this.compressionThreshold = compressionThreshold;
    this.secretAttributes = Set.copyOf(secretAttributes);
  }

  /**
   * 8 hours absolute, 30 minutes idle (OWASP Session Management), 60 seconds of skew, refresh at 10
   * %, compression tried from 512 bytes.
   */
  public static SessionPolicy defaults() {
    return new SessionPolicy(
        Duration.ofHours(8), Duration.ofMinutes(30), Duration.ofSeconds(60), 10, 512, Set.of());
  }

  /** This policy with another absolute lifetime and idle timeout, in one step. */
  public SessionPolicy withLifetimes(Duration absolute, Duration idle) {
    return new SessionPolicy(
        absolute, idle, clockSkew, refreshPercent, compressionThreshold, secretAttributes);
  }

  /**
   * This policy with another absolute lifetime. Shorten the idle timeout first where it would be
   * longer.
   */
  public SessionPolicy withAbsoluteLifetime(Duration lifetime) {
    return new SessionPolicy(
        lifetime, idleTimeout, clockSkew, refreshPercent, compressionThreshold, secretAttributes);
  }

  /** This policy with another idle timeout for new sessions. */
  public SessionPolicy withIdleTimeout(Duration timeout) {
    return new SessionPolicy(
        absoluteLifetime,
        timeout,
        clockSkew,
        refreshPercent,
        compressionThreshold,
        secretAttributes);
  }

  /** This policy without idle expiry: sessions end only with their absolute lifetime. */
  public SessionPolicy withoutIdleTimeout() {
    return withIdleTimeout(Duration.ZERO);
  }

  /** This policy with another tolerated difference between clocks. */
  public SessionPolicy withClockSkew(Duration skew) {
    return new SessionPolicy(
        absoluteLifetime,
        idleTimeout,
        skew,
        refreshPercent,
        compressionThreshold,
        secretAttributes);
  }

  /** This policy with another refresh point, in per cent of a session's idle interval. */
  public SessionPolicy withRefreshPercent(int percent) {
    return new SessionPolicy(
        absoluteLifetime, idleTimeout, clockSkew, percent, compressionThreshold, secretAttributes);
  }

  /**
   * This policy with compression tried from this many bytes. It is kept where it makes the session
   * a quarter smaller, since every request pays for inflating; or smaller at all, where the session
   * has 2,048 bytes or its token might not fit otherwise.
   */
  public SessionPolicy withCompressionThreshold(int bytes) {
    return new SessionPolicy(
        absoluteLifetime, idleTimeout, clockSkew, refreshPercent, bytes, secretAttributes);
  }

  /** This policy without compression. */
  public SessionPolicy withoutCompression() {
    return withCompressionThreshold(Integer.MAX_VALUE);
  }

  /** This policy with these attributes, and only these, marked secret. */
  public SessionPolicy withSecretAttributes(Set<String> names) {
    return new SessionPolicy(
        absoluteLifetime, idleTimeout, clockSkew, refreshPercent, compressionThreshold, names);
  }

  /** After this a session ends however busy it is: 1 second to 400 days, default 8 hours. */
  public Duration absoluteLifetime() {
    return absoluteLifetime;
  }

  /**
   * The inactive interval of new sessions: zero for none, otherwise 1 second to {@link
   * #absoluteLifetime()}; default 30 minutes.
   */
  public Duration idleTimeout() {
    return idleTimeout;
  }

  /** How far the clocks of nodes may differ: 0 to 5 minutes, default 60 seconds. */
  public Duration clockSkew() {
    return clockSkew;
  }

  /**
   * An unchanged session is written again once this part of its idle interval has passed, in per
   * cent: 0 (at every request) to 50, default 10. Idle expiry is that much less exact.
   */
  public int refreshPercent() {
    return refreshPercent;
  }

  /**
   * Bytes of serialized session from which compression is tried; {@link Integer#MAX_VALUE} for
   * never; default 512.
   */
  public int compressionThreshold() {
    return compressionThreshold;
  }

  /**
   * Names of attributes that are never compressed, since their length could tell their content.
   * Unmodifiable; default none.
   */
  public Set<String> secretAttributes() {
    return secretAttributes;
  }

  @Override
  public String toString() {
    return "SessionPolicy[absoluteLifetime="
        + absoluteLifetime
        + ", idleTimeout="
        + idleTimeout
        + ", clockSkew="
        + clockSkew
        + ", refreshPercent="
        + refreshPercent
        + ", compressionThreshold="
        + compressionThreshold
        + ", secretAttributes="
        + secretAttributes
        + "]";
  }

  private static boolean isWithin(Duration value, Duration min, Duration max) {
    return value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
  }

  private static void require(boolean condition, String what, Object got, String allowed) {
    if (!condition) {
      throw new IllegalArgumentException(
          "session policy: " + what + " is " + got + ", allowed is " + allowed);
    }
  }
}
