package dev.satchel.keys;

import dev.satchel.KeyRing;
import dev.satchel.SessionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From a view and the time to the ring for tokens: which key signs (N3), how long its tokens may
 * live (N4), which keys verify (N5). A pure function.
 *
 * <p>Why a key is not used the moment its date has come: a node may sign only when every node that
 * is not stale must have read the key. That is so once this node has held it for H = S + P by its
 * monotonic clock, whatever any wall clock says.
 */
final class SigningRule {
  private final RotatingKeySource.WhenStale whenStale;

  SigningRule(RotatingKeySource.WhenStale whenStale) {
    this.whenStale = whenStale;
  }

  /**
   * @param clock what this node's wall clock was found to be when it was compared with the store's
   * @param before what was published last; its ring is kept if it still says the same
   */
  Published apply(
      NodeView view, Instant now, long nanos, ClockComparison clock, @Nullable Published before) {
    var window = new Window(now, nanos);
    if (!view.isRead()) {
      KeyRing empty =
          before != null && before.ring().keyIds().isEmpty()
              ? before.ring()
              : KeyRing.builder().build();
      return window.published(view, empty, Map.of());
    }
    var signed = new HashMap<String, Long>();
    KeyTimeline timeline = view.timeline();
    RotationPolicy policy = view.document().policy();
    ClockTrust trust = clock.trustAt(now, nanos, policy.clockSkew());
    Instant certain = clock.certain(now, nanos);
    RingKey signing = null;
    RingKey fallback = null;
    for (RingKey key : timeline.document().keys()) {
      window.wall(timeline.verifyUntil(key));
      window.wall(timeline.verifyUntil(key).minus(policy.clockSkew().multipliedBy(2)));
      window.wall(timeline.deactivateAt(key));
      window.wall(timeline.lastSignatureAt(key).plus(policy.grace()));
      KeyPhase phase = timeline.phase(key, now);
      if (key.isImported()
          || !phase.verifies()
          || !key.material().canIssue()
          || !now.isBefore(key.notAfter())) {
        continue;
      }
      // Each of the three notes when its answer will change, so all are asked.
      boolean timeHasCome = timeHasCome(view, key, now, nanos, window);
      boolean propagated = isPropagated(view, key, now, nanos, trust, before, window);
      boolean worthSigning = latestExpiry(view, key, now, nanos).isAfter(now);
      if (timeHasCome && propagated && worthSigning) {
        signed.put(key.id(), view.heldSince(key));
        signing = key; // Keys are in order of succession: the newest wins.
      }
      if (!certain.isBefore(key.activateAt()) && worthSigning) {
        if (fallback == null || view.isLost(fallback) || !view.isLost(key)) {
          fallback = key;
        }
      }
    }
    // I4: with no key held long enough, as after the store came back from a wipe, the newest of
    // those whose date has come and that the store still has; whether it has come, a clock that
    // is known to be off cannot say.
    RingKey issuing = signing != null ? signing : trust.allowsFallback() ? fallback : null;
    boolean stale = view.isStale(nanos);
    if (!stale) {
      window.nanos(freshness(view).nanos() + view.staleAfter() + 1);
    }
    if (stale && whenStale == RotatingKeySource.WhenStale.FENCE) {
      issuing = null;
    }
    Instant latestExpiry = issuing == null ? now : latestExpiry(view, issuing, now, nanos);
    if (issuing != null && !latestExpiry.isAfter(now)) {
      issuing = null;
    }
    window.wall(latestExpiry);
    KeyRing ring = ring(view, issuing, latestExpiry, now, before);
    // It may be the one from before, with a bound that is used up earlier than a new one.
    Instant bound = ring.latestExpiry().orElse(now);
    window.wall(bound);
    window.wall(bound.minus(ampleBefore(policy)));
    return window.published(view, ring, signed);
  }

  /** The date has come, or a slow clock is overruled by the time the key was held. */
  private static boolean timeHasCome(
      NodeView view, RingKey key, Instant now, long nanos, Window window) {
    if (needsNoPropagation(key) && !key.activateAt().isAfter(key.publishedAt())) {
      return true; // It signs from its publication on, and here it is: a slow clock has no say.
    }
    window.wall(key.activateAt());
    RotationPolicy policy = view.document().policy();
    Duration lead = Duration.between(key.publishedAt(), key.activateAt());
    long heldLongEnough =
        saturatedAdd(view.heldSince(key), lead.plus(policy.clockSkew().multipliedBy(2)).toNanos());
    window.nanos(heldLongEnough);
    return !now.isBefore(key.activateAt()) || nanos >= heldLongEnough;
  }

  /** Nobody served before it, or there is no time to wait. */
  private static boolean needsNoPropagation(RingKey key) {
    return key.origin() == Origin.FORCED || key.origin() == Origin.BOOTSTRAP && key.epoch() == 1;
  }

  /** Every node that is not stale has it. */
  private static boolean isPropagated(
      NodeView view,
      RingKey key,
      Instant now,
      long nanos,
      ClockTrust trust,
      @Nullable Published before,
      Window window) {
    if (needsNoPropagation(key)) {
      return true;
    }
    long since = view.heldSince(key);
    if (before != null && Long.valueOf(since).equals(before.signed().get(key.id()))) {
      return true; // It was under this very hold; a key does not become less known.
    }
    RotationPolicy policy = view.document().policy();
    long hold = policy.hold().toNanos();
    // (a) held through every read for H
    window.nanos(saturatedAdd(since, hold));
    if (nanos >= saturatedAdd(since, hold)) {
      return true;
    }
    // (b) for a node that has not been reading for H: the date of publication, if its clock is good
    long experienced = saturatedAdd(freshness(view).unbrokenSince(), hold);
    Instant propagated =
        key.publishedAt()
            .plus(policy.hold())
            .plus(policy.clockSkew().multipliedBy(2))
            .plus(policy.commitTimeout());
    window.wall(propagated);
    return trust.provesDates() && nanos < experienced && !now.isBefore(propagated);
  }

  /**
   * N4: the earliest end that a successor could impose on tokens of this key. A known one through
   * {@code verifyUntil}; an unknown one was published after the last read saw the store, at least a
   * lead before it takes over.
   */
  private static Instant latestExpiry(NodeView view, RingKey key, Instant now, long nanos) {
    RotationPolicy policy = view.document().policy();
    Duration skew = policy.clockSkew().multipliedBy(2);
    Instant known = view.timeline().verifyUntil(key).minus(skew);
    Instant unseen =
        lastRead(freshness(view), now, nanos, policy.clockSkew())
            .minus(policy.propagation())
            .plus(policy.lead())
            .plus(key.retention())
            .minus(skew)
            .minus(skew);
    return known.isBefore(unseen) ? known : unseen;
  }

  /**
   * When the last read began, by the clock as it is now: if that was set back since, what it said
   * then is too late by as much. If it was set ahead, what it said then stands.
   */
  private static Instant lastRead(
      NodeView.Freshness freshness, Instant now, long nanos, Duration skew) {
    Instant counted = now.minusNanos(nanos - freshness.nanos());
    return counted.plus(skew).isBefore(freshness.at()) ? counted : freshness.at();
  }

  private static KeyRing ring(
      NodeView view,
      @Nullable RingKey issuing,
      Instant latestExpiry,
      Instant now,
      @Nullable Published before) {
    RotationPolicy policy = view.document().policy();
    KeyTimeline timeline = view.timeline();
    KeyRing.Builder builder = KeyRing.builder();
    if (issuing != null) {
      builder.issuing(issuing.material()).latestExpiry(latestExpiry);
    }
    for (RingKey key : timeline.document().keys()) {
      if (key != issuing && timeline.phase(key, now).verifies()) {
        // A private part has no business in memory once the key has stopped signing everywhere.
        boolean retired = !now.isBefore(timeline.lastSignatureAt(key).plus(policy.grace()));
        builder.accepting(retired ? key.material().withoutPrivatePart() : key.material());
      }
    }
    for (NodeView.Orphan orphan : view.orphans().values()) {
      if (now.isBefore(orphan.verifyUntil())) {
        builder.accepting(orphan.key().material());
      }
    }
    KeyRing next = builder.build();
    return before != null && isAsGood(before.ring(), next, policy, now) ? before.ring() : next;
  }

  /**
   * Whether the ring handed out before may stay: the same keys, and a bound that is no later and
   * still cuts nobody's session. It is renewed by a quarter of a lead rather than at every read,
   * since callers keep derived keys by the identity of the ring.
   */
  private static boolean isAsGood(KeyRing old, KeyRing next, RotationPolicy policy, Instant now) {
    if (!old.keyIds().equals(next.keyIds()) || !id(old).equals(id(next))) {
      return false;
    }
    for (String keyId : next.keyIds()) {
      SessionKey a = old.find(keyId).orElseThrow();
      SessionKey b = next.find(keyId).orElseThrow();
      if (a.canIssue() != b.canIssue() || !a.hasSameMaterial(b)) {
        return false;
      }
    }
    Optional<Instant> oldBound = old.latestExpiry();
    Optional<Instant> nextBound = next.latestExpiry();
    if (oldBound.equals(nextBound)) {
      return true;
    }
    return oldBound.isPresent()
        && nextBound.isPresent()
        && !oldBound.get().isAfter(nextBound.get())
        && oldBound.get().isAfter(now.plus(ampleBefore(policy)));
  }

  /** A bound that is further off than this cuts nobody's session, and is not renewed. */
  private static Duration ampleBefore(RotationPolicy policy) {
    return policy.maxTokenLifetime().plus(policy.lead().dividedBy(4));
  }

  private static Optional<String> id(KeyRing ring) {
    return ring.issuing().map(SessionKey::id);
  }

  private static NodeView.Freshness freshness(NodeView view) {
    NodeView.Freshness freshness = view.freshness();
    if (freshness == null) {
      throw new IllegalStateException("a view with a ring was read");
    }
    return freshness;
  }

  private static long saturatedAdd(long a, long b) {
    long sum = a + b;
    return ((a ^ sum) & (b ^ sum)) < 0 ? Long.MAX_VALUE : sum;
  }

  /** Collects the moments at which the answer may change. */
  private static final class Window {
    private final Instant now;
    private final long nanos;
    private Instant until = Instant.MAX;
    private long untilNanos = Long.MAX_VALUE;

    Window(Instant now, long nanos) {
      this.now = now;
      this.nanos = nanos;
    }

    void wall(Instant boundary) {
      if (boundary.isAfter(now) && boundary.isBefore(until)) {
        until = boundary;
      }
    }

    void nanos(long boundary) {
      if (boundary > nanos && boundary < untilNanos) {
        untilNanos = boundary;
      }
    }

    Published published(NodeView view, KeyRing ring, Map<String, Long> signed) {
      Duration skew = view.isRead() ? view.document().policy().clockSkew() : Duration.ZERO;
      return new Published(
          view,
          ring,
          Map.copyOf(signed),
          now,
          until,
          untilNanos,
          Published.ahead(now, nanos) - skew.toMillis());
    }
  }
}
