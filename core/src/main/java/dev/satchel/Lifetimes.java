package dev.satchel;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a session begins, rests and ends. All instants of a token are at or after 1970 and before 11
 * digits of seconds run out.
 */
final class Lifetimes {
  private static final long END_OF_TIME = 100_000_000_000L; // FORMAT.md §4: 11 digits of seconds

  private Lifetimes() {}

  /** The state as it goes into a token that is written now. */
  static SessionState written(SessionState state, Instant now, SessionPolicy policy, KeyRing ring) {
    if (now.isBefore(Instant.EPOCH) || now.getEpochSecond() >= END_OF_TIME) {
      throw new IllegalStateException("the clock says " + now + ", allowed is 1970 to 5138");
    }
    // From creation, not from the last token: a session whose expiry was cut to its key's end gets
    // its full life back under the next key, and no session outlives the absolute lifetime by being
    // renewed.
    long expiry = (state.createdAtMillis() + policy.absoluteLifetime().toMillis()) / 1000;
    Instant bound = ring.latestExpiryOrNull();
    if (bound != null) {
      expiry = Math.min(expiry, bound.getEpochSecond());
    }
    // Another node's clock may be ahead: time does not run backwards within a session.
    return state.written(Math.max(now.toEpochMilli(), state.lastAccessedAtMillis()), expiry);
  }

  /**
   * A token is alive until the second of its expiry, not in it, plus skew (RFC 7519 §4.1.4: on or
   * after which it is not accepted).
   *
   * @return {@link Rejection#EXPIRED} or {@link Rejection#IDLE} if its time is over, else null
   */
  static @Nullable Rejection check(SessionState state, long nowMillis, SessionPolicy policy)
      throws RejectedTokenException {
    long skew = policy.clockSkew().toMillis();
    long createdAt = state.createdAtMillis();
    long lastAccess = state.lastAccessedAtMillis();
    if (createdAt > nowMillis + skew || lastAccess > nowMillis + skew) {
      throw new RejectedTokenException(Rejection.NOT_YET_VALID);
    }
    long policyEnd = createdAt + policy.absoluteLifetime().toMillis();
    if (nowMillis >= Math.min(policyEnd, 1000 * state.expiresAtSecond()) + skew) {
      return Rejection.EXPIRED;
    }
    // Without skew: the application chose the interval, and server-side sessions end to the second.
    long idle = 1000L * state.maxInactiveSeconds();
    return idle > 0 && nowMillis >= lastAccess + idle ? Rejection.IDLE : null;
  }

  /** Whether an unchanged session should be written again, so that its use counts. */
  static boolean isRefreshDue(SessionState state, long nowMillis, SessionPolicy policy) {
    long idle = 1000L * state.maxInactiveSeconds();
    return idle > 0
        && nowMillis >= state.lastAccessedAtMillis() + idle * policy.refreshPercent() / 100;
  }
}
