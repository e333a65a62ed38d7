package dev.satchel.keys;

import java.time.Duration;
import java.time.Instant;

/**
 * What the last comparison of a node's wall clock with the store's said. It stands for as long as
 * the wall clock keeps step with the monotonic one: a clock that was set since is another clock.
 *
 * @param trust what was found
 * @param wall the wall clock then
 * @param nanos the monotonic clock then
 */
record ClockComparison(ClockTrust trust, Instant wall, long nanos) {
  /** Before the first one. */
  static final ClockComparison NONE = new ClockComparison(ClockTrust.UNKNOWN, Instant.EPOCH, 0);

  /** What it is worth at this moment. */
  ClockTrust trustAt(Instant now, long nowNanos, Duration skew) {
    return trust == ClockTrust.AGREES
            && Duration.between(expected(nowNanos), now).abs().compareTo(skew) > 0
        ? ClockTrust.UNKNOWN
        : trust;
  }

  /** The time that is certainly past: by a clock that was set ahead, what it would be without. */
  Instant certain(Instant now, long nowNanos) {
    return trust == ClockTrust.AGREES && expected(nowNanos).isBefore(now)
        ? expected(nowNanos)
        : now;
  }

  /**
   * After an attempt without an answer: a clock that was off still is, of others nothing is known.
   */
  ClockComparison unanswered() {
    return trust == ClockTrust.OFF ? this : NONE;
  }

  private Instant expected(long nowNanos) {
    return wall.plusNanos(nowNanos - nanos);
  }
}
