package dev.satchel.keys;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Key ids that nobody here knows, since when they are asked for, and whether to look for them
 * again. Called on the request path with whatever a client sent: no lock, bounded memory.
 */
final class AskedIds {
  /** Ids asked for lately. A collision only makes an id look new: one more 503, one more read. */
  private static final int SLOTS = 64;

  private final AtomicReferenceArray<@Nullable Asked> asked = new AtomicReferenceArray<>(SLOTS);
  private final AtomicLong nextLook = new AtomicLong(Long.MIN_VALUE);

  /** When the id first came up, as far as that is remembered; now, if it is new. */
  long firstAsked(String id, long nanos) {
    int slot = Math.floorMod(id.hashCode(), SLOTS);
    Asked first = asked.get(slot);
    if (first == null || !first.id().equals(id)) {
      first = new Asked(id, nanos);
      asked.set(slot, first);
    }
    return first.nanos();
  }

  /**
   * True at most once per interval, whatever is sent (I9). A limiter of its own: bogus ids must not
   * use up scheduled reads, nor those the ids of honest users.
   */
  boolean mayLook(long nanos, Duration interval) {
    long due = nextLook.get();
    return nanos >= due && nextLook.compareAndSet(due, nanos + interval.toNanos());
  }

  private record Asked(String id, long nanos) {}
}
