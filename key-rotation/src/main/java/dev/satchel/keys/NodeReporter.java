package dev.satchel.keys;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells the store how this node is doing, about once per refresh interval. Whatever goes wrong with
 * that is a line in the log, once, and a longer wait: the ring must not suffer from it. Used by one
 * thread at a time.
 */
final class NodeReporter {
  /** Who has not reported for so long is not coming back under that name. */
  static final Duration KEPT = Duration.ofDays(1);

  /**
   * One report in so many also drops old ones: with the defaults every node does so about once a
   * day, without anybody having to remember when.
   */
  private static final int REPORTS_PER_SWEEP = 1440;

  /** A store that refuses may do so with a lost connection: not at every interval. */
  private static final int INTERVALS_AFTER_FAILURE = 16;

  private final String node;
  private final @Nullable NodeReports reports;
  private final SecureRandom random;
  private final RotatingKeySource.Role role;
  private final String store;
  private long next = Long.MIN_VALUE;
  private long epoch;
  private Instant since = Instant.EPOCH;
  private boolean complained;

  NodeReporter(String node, KeyRingStore store, RotatingKeySource.Role role, SecureRandom random) {
    this.node = node;
    this.reports = store.nodeReports().orElse(null);
    this.random = random;
    this.role = role;
    this.store = store.toString();
    if (reports == null) {
      complain("it keeps no reports of nodes", null);
    }
  }

  /** After each read or probe. Never throws. */
  void report(NodeView view, Instant now, long nanos, Set<KeyRingAlarm> alarms) {
    if (reports == null || !view.isRead()) {
      return;
    }
    if (view.document().epoch() != epoch) {
      epoch = view.document().epoch();
      since = now;
    }
    if (nanos < next) {
      return;
    }
    long interval = view.document().policy().refreshInterval().toNanos();
    next = nanos + interval;
    try {
      var state = new NodeReport.State(epoch, since, role, view.isStale(nanos), alarms);
      reports.put(node, state.toJson());
      if (random.nextInt(REPORTS_PER_SWEEP) == 0) {
        reports.dropOlderThan(KEPT);
      }
    } catch (RuntimeException | Error e) {
      next = nanos + interval * INTERVALS_AFTER_FAILURE;
      complain("it does not take this node's report", e);
    }
  }

  private void complain(String what, @Nullable Throwable failure) {
    if (!complained) {
      complained = true;
      String line = "key ring in " + store + ": " + what;
      System.getLogger("dev.satchel.keys").log(System.Logger.Level.INFO, line, failure);
    }
  }
}
