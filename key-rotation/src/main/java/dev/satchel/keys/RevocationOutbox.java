package dev.satchel.keys;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What was revoked on this node and is on its way into the store's log: from the queue in which a
 * request leaves it, until a read has shown it. Anybody may {@link #add} and ask for the {@link
 * #count}; the rest is used by one thread at a time.
 */
final class RevocationOutbox {
  /**
   * So many wait in a queue while the store is away; beyond, they are found by comparing, as if the
   * store had lost them.
   */
  private static final int MAX_WAITING = 16 * 1024;

  private final RevocationLog log;
  private final RevocationKeys keys;
  private final LongSupplier nanos;
  private final Supplier<RotationPolicy> policy;

  private final ConcurrentLinkedQueue<Revocation> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private volatile boolean overflown;

  /** Taken from the queue for a record that the store has not taken yet. */
  private List<Revocation> sending = List.of();

  private final UnseenRevocations unseen = new UnseenRevocations(MAX_WAITING);

  RevocationOutbox(
      RevocationLog log, RevocationKeys keys, LongSupplier nanos, Supplier<RotationPolicy> policy) {
    this.log = log;
    this.keys = keys;
    this.nanos = nanos;
    this.policy = policy;
  }

  /** Takes one that waits until {@link #send}. No I/O, no lock. */
  void add(Revocation entry) {
    if (count.incrementAndGet() > MAX_WAITING) {
      count.decrementAndGet();
      overflown = true;
      return;
    }
    waiting.add(entry);
  }

  /** How many wait. */
  int count() {
    return count.get();
  }

  boolean isEmpty() {
    return sending.isEmpty() && waiting.isEmpty();
  }

  /** Whether the store did not take what it was given last. */
  boolean isHeldUp() {
    return !sending.isEmpty();
  }

  /** Whether some found no place in the queue since {@link #compares}. */
  boolean hasOverflown() {
    return overflown;
  }

  /** What found no place is about to be found by comparing. */
  void compares() {
    overflown = false;
  }

  /**
   * Hands on what waits, in records as large as may be.
   *
   * @return whether there was anything
   * @throws KeyRingException if the store does not take it; it waits on
   */
  boolean send() {
    for (boolean sent = false; ; sent = true) {
      if (sending.isEmpty()) {
        var next = new ArrayList<Revocation>();
        Revocation entry;
        while (next.size() < RevocationKeys.MAX_ENTRIES && (entry = waiting.poll()) != null) {
          next.add(entry);
        }
        sending = next;
      }
      if (sending.isEmpty()) {
        return sent;
      }
      append(sending);
      count.addAndGet(-sending.size());
      sending = List.of();
    }
  }

  /** Hands on these at once, in as many records as they need. */
  void sendAll(List<Revocation> entries) {
    for (int from = 0; from < entries.size(); from += RevocationKeys.MAX_ENTRIES) {
      append(entries.subList(from, Math.min(entries.size(), from + RevocationKeys.MAX_ENTRIES)));
    }
  }

  private void append(List<Revocation> entries) {
    long until = 0;
    for (Revocation entry : entries) {
      until = Math.max(until, overSecond(entry));
    }
    // By the store's clock, which may be ahead of all others.
    Instant end = Instant.ofEpochSecond(until).plus(RevocationKeys.MAX_SKEW);
    log.append(keys.record(entries), end);
    unseen.taken(entries, nanos.getAsLong());
  }

  /**
   * Appends what denies nobody anything: whether this node may.
   *
   * @throws KeyRingException if it may not
   */
  void tryAppend() {
    Instant past = Instant.ofEpochSecond(1);
    var over = Revocation.ofSession(0, 0, past.getEpochSecond());
    log.append(keys.record(List.of(over)), past);
  }

  /** Notes that a read has shown this. */
  void seen(Revocation entry) {
    unseen.seen(entry);
  }

  /**
   * What the store took, and has lost: a read of later than its propagation did not show it. The
   * record that was read last was there before that, and cannot tell.
   *
   * @param began when the read did, by the monotonic clock
   * @param oldest a second; what was over by then may have been dropped
   */
  List<Revocation> unseen(long began, long oldest) {
    long latest = began - policy.get().propagation().toNanos();
    return unseen.lost(latest, entry -> overSecond(entry) <= oldest);
  }

  /** Whether there was more to see than can be remembered since this was last asked. */
  boolean hasLostSight() {
    return unseen.hasOverflown();
  }

  private long overSecond(Revocation entry) {
    return entry.overSecond(policy.get().maxTokenLifetime());
  }

  /** A number only. */
  @Override
  public String toString() {
    return "RevocationOutbox[" + count + "]";
  }
}
