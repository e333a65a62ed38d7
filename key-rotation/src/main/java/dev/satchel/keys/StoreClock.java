package dev.satchel.keys;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The store's clock as a node knows it. Rule (b) of N3 trusts the node's own wall clock; here is
 * where it earns that. Compares by one thread at a time; what came of it is read by anybody.
 */
final class StoreClock {
  /** Asking a store for its time can cost it a write; once in so many reads is enough. */
  private static final int READS_PER_COMPARISON = 60;

  private final KeyRingStore store;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private long nextComparison;
  private volatile ClockComparison comparison = ClockComparison.NONE;
  private volatile @Nullable Duration offset;

  StoreClock(KeyRingStore store, InstantSource clock, LongSupplier nanos) {
    this.store = store;
    this.clock = clock;
    this.nanos = nanos;
  }

  /** What the last comparison said. */
  ClockComparison comparison() {
    return comparison;
  }

  /** How far the node's clock was ahead of the store's then; null if that is not known. */
  @Nullable Duration offset() {
    return offset;
  }

  /** The store's time as far as it is known without asking, else the node's. */
  Instant estimate() {
    Duration ahead = offset;
    return clock.instant().minus(ahead == null ? Duration.ZERO : ahead);
  }

  /**
   * Whether the node's clock agreed with the store's and was set since. Or the process was frozen,
   * and its monotonic clock with it: either way it has to look again.
   */
  boolean wasSetSince(long now, RotationPolicy policy) {
    return comparison.trust() == ClockTrust.AGREES
        && comparison.trustAt(clock.instant(), now, policy.clockSkew()) != ClockTrust.AGREES;
  }

  /**
   * After a read, compares where the last comparison is worth nothing any more, or is long ago.
   *
   * @param began when the read did, by the monotonic clock
   * @param anew in any case, as after a long absence
   */
  void compareIfDue(RotationPolicy policy, long began, boolean anew) {
    ClockTrust trust = comparison.trustAt(clock.instant(), nanos.getAsLong(), policy.clockSkew());
    boolean known = trust == ClockTrust.AGREES || trust == ClockTrust.NO_CLOCK;
    if (anew || !known || began >= nextComparison) {
      compare(policy);
    }
  }

  private void compare(RotationPolicy policy) {
    long began = nanos.getAsLong();
    try {
      Instant before = clock.instant();
      Instant theirs = store.time().orElse(null);
      if (theirs == null) {
        comparison = new ClockComparison(ClockTrust.NO_CLOCK, before, began);
        offset = null;
        return;
      }
      Instant after = clock.instant();
      // The answer is of some moment in between: a slow one must not make a good clock look off.
      Duration ahead = Duration.between(theirs, before);
      Duration behind = Duration.between(after, theirs);
      Duration worst = ahead.compareTo(behind) > 0 ? ahead : behind;
      boolean slow = nanos.getAsLong() - began > policy.clockSkew().toNanos();
      boolean close = worst.compareTo(policy.clockSkew()) <= 0;
      ClockTrust trust = !close ? ClockTrust.OFF : slow ? ClockTrust.UNKNOWN : ClockTrust.AGREES;
      comparison = new ClockComparison(trust, after, nanos.getAsLong());
      boolean within = worst.isNegative() || worst.isZero();
      offset = within ? Duration.ZERO : worst.equals(ahead) ? ahead : behind.negated();
      nextComparison =
          began + policy.refreshInterval().multipliedBy(READS_PER_COMPARISON).toNanos();
    } catch (KeyRingException e) {
      comparison = comparison.unanswered(); // The read itself was good.
    }
  }

  /** The store. */
  @Override
  public String toString() {
    return "StoreClock[" + store + "]";
  }
}
