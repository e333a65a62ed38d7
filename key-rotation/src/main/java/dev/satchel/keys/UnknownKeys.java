package dev.satchel.keys;

import dev.satchel.KeySource.Absence;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What an id means that the ring lacks (N6), and whether to look again. Called on the request path
 * with whatever a client sent: no I/O, no lock, bounded memory.
 */
final class UnknownKeys {
  /** Ids asked for lately. A collision only makes an id look new: one more 503, one more read. */
  private static final int SLOTS = 64;

  private final AtomicReferenceArray<@Nullable Asked> asked = new AtomicReferenceArray<>(SLOTS);
  private final AtomicLong nextRefresh = new AtomicLong(Long.MIN_VALUE);

  /**
   * @param wantsRefresh run at most once per probe interval, whatever is sent (I9); a limiter of
   *     its own, so that bogus ids cannot use up the scheduled reads
   */
  Absence classify(String id, Published published, long nanos, Runnable wantsRefresh) {
    NodeView view = published.view();
    if (!view.isRead()) {
      return Absence.NOT_YET_KNOWN; // Nothing is known yet, least of all that it is forged.
    }
    if (published.ring().find(id).isPresent()) {
      return Absence.NOT_YET_KNOWN; // It came between the caller's look and this one.
    }
    RingDocument document = view.document();
    long epoch = document.keyId().epoch(id).orElse(0);
    if (epoch == 0) {
      return Absence.UNKNOWN;
    }
    if (epoch <= document.epoch()) {
      return Absence.RETIRED; // A ring is complete up to its epoch.
    }
    RotationPolicy policy = document.policy();
    int slot = Math.floorMod(id.hashCode(), SLOTS);
    Asked first = asked.get(slot);
    if (first == null || !first.id().equals(id)) {
      first = new Asked(id, nanos);
      asked.set(slot, first);
    }
    NodeView.Freshness freshness = view.freshness();
    // Only a read that began after the id was first seen, by more than the store may lag, has an
    // opinion; and a stale view has none.
    boolean lookedSince =
        freshness != null && freshness.nanos() - policy.propagation().toNanos() >= first.nanos();
    if (lookedSince && !view.isStale(nanos)) {
      return Absence.UNKNOWN;
    }
    long due = nextRefresh.get();
    if (nanos >= due && nextRefresh.compareAndSet(due, nanos + policy.probeInterval().toNanos())) {
      wantsRefresh.run();
    }
    return Absence.NOT_YET_KNOWN;
  }

  private record Asked(String id, long nanos) {}
}
