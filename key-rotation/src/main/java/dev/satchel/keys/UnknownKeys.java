package dev.satchel.keys;

import dev.satchel.KeySource.Absence;

/**
 * What an id means that the ring lacks (N6), and whether to look again. Called on the request path
 * with whatever a client sent: no I/O, no lock, bounded memory.
 */
final class UnknownKeys {
  private final AskedIds asked = new AskedIds();

  /**
   * @param wantsRefresh run at most once per probe interval
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
    long first = asked.firstAsked(id, nanos);
    NodeView.Freshness freshness = view.freshness();
    // Only a read that began after the id was first seen, by more than the store may lag, has an
    // opinion; and a stale view has none.
    boolean lookedSince =
        freshness != null && freshness.nanos() - policy.propagation().toNanos() >= first;
    if (lookedSince && !view.isStale(nanos)) {
      return Absence.UNKNOWN;
    }
    if (asked.mayLook(nanos, policy.probeInterval())) {
      wantsRefresh.run();
    }
    return Absence.NOT_YET_KNOWN;
  }
}
