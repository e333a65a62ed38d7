package dev.satchel.keys;

import dev.satchel.keys.KeyRingStore.Commit;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a node's view up to date: reads, probes, and for a writer rotates and heals. Knows neither
 * threads nor waiting; {@link #tick} does what is due and says when to come again, so that a test
 * drives it as fast as it likes.
 */
final class RingRefresher {
  /** Refreshes of many nodes must not fall together: each comes up to a fifth earlier. */
  private static final double JITTER = 0.2;

  /** So many intervals without a successful read are no accident. */
  static final int READS_MISSED_BEFORE_ALARM = 3;

  /** In so many ticks in a row, each with a read or probe of its own. */
  private static final int WIPED_BEFORE_HEALING = 3;

  private final KeyCustodian custodian;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final SecureRandom random;
  private final boolean writes;
  private final SigningRule rule;
  private final RingMonitor monitor;
  private final StoreClock storeClock;
  private final @Nullable NodeReporter reporter;
  private final AtomicBoolean refreshWanted = new AtomicBoolean();
  private final AtomicReference<Published> published;

  // What follows is guarded by this.
  private long nextRead;
  private long nextProbe;
  private @Nullable Long rotateAt;
  private int timesWiped;

  /** Of a commit that failed; until one succeeds, or none is due any more. */
  private Set<KeyRingAlarm> unwritten = Set.of();

  /** Written under the same guard, read by anybody. */
  private volatile Set<KeyRingAlarm> alarms = Set.of();

  private volatile Supplier<Set<KeyRingAlarm>> further = Set::of;

  RingRefresher(
      KeyCustodian custodian,
      InstantSource clock,
      LongSupplier nanos,
      SecureRandom random,
      RotatingKeySource.Role role,
      RotatingKeySource.WhenStale whenStale,
      @Nullable NodeReporter reporter) {
    this.reporter = reporter;
    this.custodian = custodian;
    this.clock = clock;
    this.nanos = nanos;
    this.random = random;
    this.writes = role == RotatingKeySource.Role.WRITER;
    this.rule = new SigningRule(whenStale);
    KeyRingStore store = custodian.repository().store();
    this.monitor = new RingMonitor(store.toString());
    this.storeClock = new StoreClock(store, clock, nanos);
    this.published =
        new AtomicReference<>(
            rule.apply(
                NodeView.unread(),
                clock.instant(),
                nanos.getAsLong(),
                storeClock.comparison(),
                null));
  }

  /**
   * The first read. Whatever is wrong with it ends the start (N8): a node without a ring must not
   * invent one.
   *
   * @param bootstrap creates the ring if there is definitely none; null to fail instead
   */
  synchronized void start(@Nullable Bootstrap bootstrap) {
    if (bootstrap != null && custodian.repository().load().isEmpty()) {
      try {
        Commit outcome = custodian.creation(bootstrap.ring(), bootstrap.policy()).attempt();
        if (outcome == Commit.UNKNOWN) {
          throw new KeyRingException(
              KeyRingException.Reason.UNKNOWN_OUTCOME,
              custodian.repository().store() + " did not say whether the ring was created");
        }
      } catch (KeyRingException e) {
        if (e.reason() != KeyRingException.Reason.EXISTS) {
          throw e;
        }
        // Somebody was faster; theirs is as good.
      }
    }
    read();
    if (!view().isRead()) {
      throw new KeyRingException(
          KeyRingException.Reason.ABSENT,
          "no ring in "
              + custodian.repository().store()
              + "; create one with `satchel-keys init`, or look for a wrong location");
    }
    monitor.phases(KeyRingStatus.of(view().timeline(), clock.instant()));
  }

  /**
   * Does what is due. Never throws: a timer that dies with one exception ends rotation for good.
   */
  synchronized long tick() {
    boolean answered = true;
    try {
      long now = nanos.getAsLong();
      boolean wanted = refreshWanted.getAndSet(false);
      boolean probes = now >= nextProbe;
      if (wanted || now >= nextRead || probes && wasClockSet(now)) {
        read();
      } else if (probes) {
        probe();
      }
      if (writes && view().isRead()) {
        change();
      }
      note(EnumSet.noneOf(KeyRingAlarm.class));
    } catch (RuntimeException | Error e) {
      // Errors too: no memory for a moment must not mean no revocations for ever.
      monitor.failed(e);
      KeyRingAlarm alarm = alarmOf(e);
      answered = alarm != KeyRingAlarm.UNAVAILABLE;
      note(EnumSet.of(alarm));
    }
    // A node that reads and may not write has the more to report.
    if (reporter != null && answered) {
      var all = new HashSet<>(alarms());
      all.addAll(further.get());
      reporter.report(view(), clock.instant(), nanos.getAsLong(), all);
    }
    return untilNext();
  }

  private boolean wasClockSet(long now) {
    NodeView view = view();
    return view.isRead() && storeClock.wasSetSince(now, view.document().policy());
  }

  private static KeyRingAlarm alarmOf(Throwable failure) {
    return failure instanceof KeyRingException e && e.reason() == KeyRingException.Reason.UNREADABLE
        ? KeyRingAlarm.UNREADABLE
        : KeyRingAlarm.UNAVAILABLE;
  }

  /**
   * What a writer does. A failure is an alarm for longer than this tick: probes go well while the
   * next attempt waits for its time, and would say that all is well.
   */
  private void change() {
    try {
      heal();
      rotate();
    } catch (RuntimeException | Error e) {
      monitor.failed(e);
      unwritten = Set.of(alarmOf(e));
    }
  }

  /** Reads the store now. */
  synchronized void read() {
    long start = nanos.getAsLong();
    Instant startedAt = clock.instant();
    // Scheduled before the attempt: a failing one is retried at the pace of probes, not in a loop.
    nextRead = start + probeInterval();
    nextProbe = nextRead;
    NodeView before = view();
    if (!before.isRead()) {
      // A fleet that starts in one moment must not probe in one moment.
      nextProbe = start + (long) (probeInterval() * random.nextDouble());
    }
    boolean wasStale = before.isStale(start);
    Optional<RingRepository.Loaded> found = custodian.repository().load();
    var time = new NodeView.ReadTime(start, startedAt, nanos.getAsLong());
    NodeView after = before.afterRead(found, time);
    if (after.isRead()) {
      RotationPolicy policy = after.document().policy();
      storeClock.compareIfDue(policy, start, wasStale);
      long interval = policy.refreshInterval().toNanos();
      nextRead = start + interval - (long) (interval * JITTER * random.nextDouble());
    }
    publish(after);
    if (after.isRead()) {
      monitor.read(after.document().epoch(), Duration.ofNanos(time.endNanos() - start));
    }
  }

  /** Asks for the revision only; what changed is read at once. */
  private void probe() {
    long start = nanos.getAsLong();
    nextProbe = start + probeInterval();
    long revision = custodian.repository().store().probe().orElse(KeyRingStore.ABSENT);
    if (revision != view().revision()) {
      read();
    }
  }

  /** N7. The random wait keeps writers apart; that only one succeeds is the store's doing. */
  private void rotate() {
    long now = nanos.getAsLong();
    RingDocument document = view().document();
    if (!RingSuccession.isDue(document, storeClock.estimate())) {
      rotateAt = null;
      unwritten = Set.of();
      return;
    }
    if (rotateAt == null) {
      rotateAt = now + (long) (document.policy().refreshInterval().toNanos() * random.nextDouble());
    }
    if (now < rotateAt) {
      return;
    }
    rotateAt = null;
    if (isHealthy()) {
      RingChange change = custodian.rotationIfDue().orElse(null);
      if (change != null) {
        change.attempt();
      }
      read(); // Whoever won, what counts is what is there now.
    }
    unwritten = Set.of();
  }

  /** N1: puts back what the store has lost. */
  private void heal() {
    boolean wiped = view().divergence() == NodeView.Divergence.WIPED;
    timesWiped = wiped ? timesWiped + 1 : 0;
    if (!isOursToHeal()) {
      return;
    }
    note(EnumSet.noneOf(KeyRingAlarm.class)); // It may be over in a moment.
    read(); // Another writer may have been faster: fifty of them must not heal fifty times.
    if (isOursToHeal()) {
      RingDocument held = healed();
      RingChange healing = custodian.healing(held, view().hash());
      if (healing.attempt() == Commit.COMMITTED) {
        monitor.unsealedFor(healing.leavingOut(held));
      }
      unwritten = Set.of();
      read();
    }
  }

  private boolean isOursToHeal() {
    return switch (view().divergence()) {
      case ROLLED_BACK, FORKED -> true;
      // A place that looks empty for a moment was more often unmounted than emptied.
      case WIPED -> timesWiped >= WIPED_BEFORE_HEALING;
      // Nothing to put back, or nothing that is ours to touch.
      case FOREIGN, NONE -> false;
    };
  }

  /** The document held, with the keys that only this node still has. */
  private RingDocument healed() {
    NodeView view = view();
    return view.orphans().isEmpty()
        ? view.document()
        : view.document().with(view.orphans().values().stream().map(o -> o.key()).toList());
  }

  private boolean isHealthy() {
    return view().divergence() == NodeView.Divergence.NONE;
  }

  /** The ring for tokens at this moment. No I/O, no lock. */
  Published current() {
    Published now = published();
    Instant instant = clock.instant();
    long moment = nanos.getAsLong();
    if (now.isRightAt(instant, moment)) {
      return now;
    }
    Published next = rule.apply(now.view(), instant, moment, storeClock.comparison(), now);
    // Lost only to somebody who did the same, or has read the store since: theirs is as good.
    return published.compareAndSet(now, next) ? next : published();
  }

  private void publish(NodeView view) {
    Published before;
    Published next;
    do {
      before = published();
      next = rule.apply(view, clock.instant(), nanos.getAsLong(), storeClock.comparison(), before);
    } while (!published.compareAndSet(before, next));
  }

  private void note(EnumSet<KeyRingAlarm> found) {
    NodeView view = view();
    found.addAll(unwritten);
    switch (view.divergence()) {
      case ROLLED_BACK -> found.add(KeyRingAlarm.ROLLED_BACK);
      case FORKED -> found.add(KeyRingAlarm.FORKED);
      case WIPED -> found.add(KeyRingAlarm.WIPED);
      case FOREIGN -> found.add(KeyRingAlarm.FOREIGN_RING);
      case NONE -> {}
    }
    if (view.isRead()) {
      KeyRingStatus status = KeyRingStatus.of(view.timeline(), clock.instant());
      monitor.phases(status);
      if (status.isRotationOverdue()) {
        found.add(KeyRingAlarm.ROTATION_OVERDUE);
      }
      if (storeClock.comparison().trust() == ClockTrust.OFF) {
        found.add(KeyRingAlarm.CLOCK_SKEW);
      }
    }
    alarms = Set.copyOf(found);
    monitor.alarms(found);
  }

  private long untilNext() {
    long now = nanos.getAsLong();
    long next = Math.min(nextRead, nextProbe);
    Long rotation = rotateAt;
    // One that is due and could not be done waits for the next tick: a store that is away must not
    // be asked in a loop.
    if (rotation != null && rotation > now) {
      next = Math.min(next, rotation);
    }
    return Math.max(0, next - now);
  }

  private long probeInterval() {
    NodeView view = view();
    RotationPolicy policy = view.isRead() ? view.document().policy() : RotationPolicy.defaults();
    return policy.probeInterval().toNanos();
  }

  /** Asks for a read at the next tick. */
  void wantRefresh() {
    refreshWanted.set(true);
  }

  NodeView view() {
    return published().view();
  }

  private Published published() {
    return Objects.requireNonNull(published.get());
  }

  /**
   * What is wrong; a thread that hangs in a read cannot say so itself, but the age of the last one
   * does.
   */
  Set<KeyRingAlarm> alarms() {
    NodeView view = view();
    NodeView.Freshness freshness = view.freshness();
    if (freshness == null || alarms.contains(KeyRingAlarm.UNREADABLE)) {
      return alarms;
    }
    Duration allowed =
        view.document().policy().refreshInterval().multipliedBy(READS_MISSED_BEFORE_ALARM);
    boolean explained = view.divergence() != NodeView.Divergence.NONE;
    if (explained || nanos.getAsLong() - freshness.nanos() <= allowed.toNanos()) {
      return alarms;
    }
    EnumSet<KeyRingAlarm> all = EnumSet.of(KeyRingAlarm.UNAVAILABLE);
    all.addAll(alarms);
    return all;
  }

  /** What else this node is to report beside the ring's own alarms. */
  void reports(Supplier<Set<KeyRingAlarm>> others) {
    further = others;
  }

  @Nullable Duration clockOffset() {
    return storeClock.offset();
  }

  long nanos() {
    return nanos.getAsLong();
  }

  RingMonitor monitor() {
    return monitor;
  }

  Instant instant() {
    return clock.instant();
  }

  /** What to create where there is no ring. */
  record Bootstrap(String ring, RotationPolicy policy) {}
}
