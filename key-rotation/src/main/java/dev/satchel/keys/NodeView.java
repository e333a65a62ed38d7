package dev.satchel.keys;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one node knows of the ring, and since when. Immutable: each read of the store makes the next
 * view by the rules of adoption (N1). Times are nanoseconds of the node's monotonic clock; no wall
 * clock takes part in them, so a wrong one cannot make a key look older than it is.
 */
final class NodeView {
  private final @Nullable KeyTimeline timeline;
  private final String hash;
  private final long revision;
  private final Map<String, Long> heldSince;
  private final Map<String, Orphan> orphans;
  private final Set<String> lost;
  private final Divergence divergence;
  private final long adoptedNanos;
  private final @Nullable Freshness freshness;

  private NodeView(
      @Nullable KeyTimeline timeline,
      String hash,
      long revision,
      Map<String, Long> heldSince,
      Map<String, Orphan> orphans,
      Set<String> lost,
      Divergence divergence,
      long adoptedNanos,
      @Nullable Freshness freshness) {
    this.timeline = timeline;
    this.hash = hash;
    this.revision = revision;
    this.heldSince = Map.copyOf(heldSince);
    this.orphans = Map.copyOf(orphans);
    this.lost = Set.copyOf(lost);
    this.divergence = divergence;
    this.adoptedNanos = adoptedNanos;
    this.freshness = freshness;
  }

  /** Before the first read. */
  static NodeView unread() {
    return new NodeView(
        null, "", KeyRingStore.ABSENT, Map.of(), Map.of(), Set.of(), Divergence.NONE, 0, null);
  }

  /**
   * The view after a read that succeeded.
   *
   * @param found what was read; empty if the store definitely has no ring
   */
  NodeView afterRead(Optional<RingRepository.Loaded> found, ReadTime time) {
    RingRepository.Loaded loaded = found.orElse(null);
    if (timeline == null) {
      return loaded == null ? this : adopted(loaded, time, Map.of(), List.of(), Divergence.NONE);
    }
    RingDocument mine = timeline.document();
    if (loaded == null) {
      return kept(Divergence.WIPED, null, time);
    }
    RingDocument theirs = loaded.dated();
    if (!theirs.lineage().equals(mine.lineage())) {
      return kept(Divergence.FOREIGN, null, time);
    }
    if (theirs.epoch() < mine.epoch()) {
      if (time.endNanos() - adoptedNanos <= mine.policy().propagation().toNanos()) {
        return this; // A replica that lags within its bounds has no news, and is no alarm.
      }
      return kept(Divergence.ROLLED_BACK, theirs, time);
    }
    // A node that was away for long cannot tell a lost key from one long erased: it takes what is.
    Map<String, Orphan> lost =
        isStale(time.endNanos()) ? Map.of() : missingFrom(theirs, time.startedAt());
    List<Tombstone> dugUp = dugUpBy(theirs, time.startedAt());
    boolean otherHistory =
        theirs.epoch() == mine.epoch() && !loaded.hash().equals(hash)
            || theirs.epoch() == mine.epoch() + 1
                && !theirs.previousHash().equals(Optional.of(hash));
    boolean fork = !lost.isEmpty() || !dugUp.isEmpty() || otherHistory;
    return adopted(loaded, time, lost, dugUp, fork ? Divergence.FORKED : Divergence.NONE);
  }

  /**
   * Tombstones that the other document should have and has not. Without them, a key that was
   * revoked here would verify again as soon as a store lost the commit that revoked it (I6).
   */
  private List<Tombstone> dugUpBy(RingDocument theirs, Instant now) {
    RotationPolicy policy = document().policy();
    // A writer whose clock is ahead forgets a tombstone as much earlier.
    Instant forgotten =
        now.minus(RingSuccession.keepOfTombstones(policy)).plus(policy.clockSkew().multipliedBy(2));
    return document().tombstones().stream()
        .filter(mine -> theirs.tombstone(mine.id()).isEmpty())
        .filter(mine -> theirs.key(mine.id()).isPresent() || mine.at().isAfter(forgotten))
        .toList();
  }

  /** Keys held that the other document neither holds nor has buried. */
  private Map<String, Orphan> missingFrom(RingDocument theirs, Instant now) {
    var missing = new HashMap<String, Orphan>();
    for (RingKey key : document().keys()) {
      Instant until = timeline().verifyUntil(key);
      if (until.isAfter(now)) {
        missing.put(key.id(), new Orphan(key, until));
      }
    }
    orphans.values().stream()
        .filter(orphan -> orphan.verifyUntil().isAfter(now))
        .forEach(orphan -> missing.putIfAbsent(orphan.key().id(), orphan));
    missing
        .keySet()
        .removeIf(
            id ->
                theirs.key(id).isPresent()
                    || theirs.tombstone(id).isPresent()
                    || document().tombstone(id).isPresent());
    return missing;
  }

  private NodeView adopted(
      RingRepository.Loaded loaded,
      ReadTime time,
      Map<String, Orphan> newOrphans,
      List<Tombstone> dugUp,
      Divergence newDivergence) {
    var holds = new HashMap<String, Long>();
    RingDocument document = loaded.dated().burying(dugUp);
    for (RingKey key : document.keys()) {
      holds.put(key.id(), heldSince.getOrDefault(key.id(), time.endNanos()));
    }
    return new NodeView(
        timeline != null && timeline.document() == document ? timeline : new KeyTimeline(document),
        loaded.hash(),
        loaded.revision(),
        holds,
        newOrphans,
        Set.of(),
        newDivergence,
        loaded.hash().equals(hash) ? adoptedNanos : time.endNanos(),
        freshnessAfter(time));
  }

  /**
   * The ring as it was, since the store lost it or went back. Not fresher than before: what the
   * store says now is not the truth about this lineage. Keys that were not read are no longer held
   * without interruption (N3).
   */
  private NodeView kept(Divergence why, @Nullable RingDocument theirs, ReadTime time) {
    var holds = new HashMap<String, Long>();
    var nowLost = new HashSet<String>();
    for (RingKey key : document().keys()) {
      boolean stillThere = theirs != null && theirs.key(key.id()).isPresent();
      long since = heldSince.getOrDefault(key.id(), time.endNanos());
      holds.put(key.id(), stillThere ? since : time.endNanos());
      if (!stillThere && theirs != null) {
        nowLost.add(key.id());
      }
    }
    return new NodeView(
        timeline, hash, revision, holds, orphans, nowLost, why, adoptedNanos, freshness);
  }

  private Freshness freshnessAfter(ReadTime time) {
    long since =
        freshness == null || isStale(time.startNanos())
            ? time.endNanos()
            : freshness.unbrokenSince();
    return new Freshness(time.startNanos(), time.startedAt(), since);
  }

  boolean isRead() {
    return timeline != null;
  }

  KeyTimeline timeline() {
    if (timeline == null) {
      throw new IllegalStateException("ring was not read yet");
    }
    return timeline;
  }

  RingDocument document() {
    return timeline().document();
  }

  String hash() {
    return hash;
  }

  /** Of the store, to compare with a probe. */
  long revision() {
    return revision;
  }

  /** Since when the key was in every read, without interruption. */
  long heldSince(RingKey key) {
    return heldSince.getOrDefault(key.id(), Long.MAX_VALUE);
  }

  /** Whether the store has gone back to before this key: others may never have seen it. */
  boolean isLost(RingKey key) {
    return lost.contains(key.id());
  }

  /** Keys that the store has lost: they verify and do not sign. */
  Map<String, Orphan> orphans() {
    return orphans;
  }

  Divergence divergence() {
    return divergence;
  }

  /** Whether the last successful read is longer ago than the ring's staleness budget (N2). */
  boolean isStale(long nanos) {
    return freshness == null || timeline == null || nanos - freshness.nanos() > staleAfter();
  }

  long staleAfter() {
    return document().policy().staleAfter().toNanos();
  }

  /** When the last successful read began; null before it. */
  @Nullable Freshness freshness() {
    return freshness;
  }

  /** How the store's document relates to the one held. */
  enum Divergence {
    /** It is the one held. */
    NONE,
    /** An older epoch: restored from a backup, or a failover lost commits. */
    ROLLED_BACK,
    /**
     * Another history: a key is missing without a tombstone, a tombstone is missing before its
     * time, the epoch is there twice, or the next one does not follow from the one held.
     */
    FORKED,
    /** There is none any more. */
    WIPED,
    /** Another lineage: somebody else's ring, or a new one under the old location. */
    FOREIGN
  }

  /** A key without a document, and until when its tokens may live. */
  record Orphan(RingKey key, Instant verifyUntil) {}

  /**
   * @param nanos when the last successful read began
   * @param at the same by the wall clock
   * @param unbrokenSince since when no pause between reads was longer than the staleness budget
   */
  record Freshness(long nanos, Instant at, long unbrokenSince) {}

  /** Beginning and end of one read. */
  record ReadTime(long startNanos, Instant startedAt, long endNanos) {}
}
