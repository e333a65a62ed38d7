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
 */
record Published(
    NodeView view,
    KeyRing ring,
    Map<String, Long> signed,
    Instant from,
    Instant until,
    long untilNanos) {

  boolean isRightAt(Instant now, long nanos) {
    return !now.isBefore(from) && now.isBefore(until) && nanos < untilNanos;
  }
}
