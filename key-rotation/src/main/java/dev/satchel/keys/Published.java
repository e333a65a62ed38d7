package dev.satchel.keys;

import dev.satchel.KeyRing;
import java.time.Instant;
import java.util.Map;

/**
 * What a node answers with until something changes: the ring for tokens, and the time window in
 * which it is right. Immutable; replaced as a whole, so that ring and view always belong together.
 *
 * @param view what it was derived from
 * @param ring for the codec
 * @param signed keys found eligible to sign, with the hold under which they were (N3)
 * @param from right from this instant on: before it, the wall clock was set back
 * @param until right before this instant
 * @param untilNanos right before this moment of the monotonic clock
 * @param leastAhead right while the wall clock is {@linkplain #ahead ahead} of the monotonic one by
 *     no less than this: if it is less, the wall clock was set back meanwhile
 */
record Published(
    NodeView view,
    KeyRing ring,
    Map<String, Long> signed,
    Instant from,
    Instant until,
    long untilNanos,
    long leastAhead) {

  boolean isRightAt(Instant now, long nanos) {
    return !now.isBefore(from)
        && now.isBefore(until)
        && nanos < untilNanos
        && ahead(now, nanos) >= leastAhead;
  }

  /** How far the wall clock is ahead of the monotonic one, in milliseconds. */
  static long ahead(Instant now, long nanos) {
    return now.toEpochMilli() - nanos / 1_000_000;
  }
}
