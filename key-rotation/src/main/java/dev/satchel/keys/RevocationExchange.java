package dev.satchel.keys;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings a node's revocations to the store's log, and those of others from there. Like {@link
 * RingRefresher} it knows neither threads nor waiting: {@link #tick} does what is due and says when
 * to come again.
 *
 * <p>If {@link RevocationReader} does not find its place in the log, that was set back or emptied:
 * then all is read anew, and after a random time, since all nodes notice, what is still missing is
 * put back (N1 does the same for keys).
 */
final class RevocationExchange {
  private static final Duration FORGETTING = Duration.ofMinutes(10);

  /** What found no room costs the reading of all there is; not at each forgetting. */
  private static final Duration REREADING = Duration.ofHours(1);

  /** Each node has the store drop what is out of date about so often; the first time sooner. */
  private static final Duration SWEEPING = Duration.ofHours(12);

  private static final Duration FIRST_SWEEP = Duration.ofHours(1);

  /** What a node that closes waits for a read that is under way: as long as a network's silence. */
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final RevocationLog log;
  private final RevocationKeys keys;
  private final RevokedSessions revoked;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final SecureRandom random;
  private final Supplier<RotationPolicy> policy;
  private final RingMonitor monitor;
  private final long withinNanos;
  private final Supplier<Optional<Instant>> storeTime;

  private final RevocationOutbox outbox;
  private final RevocationIntake intake;

  /** Held while the store is asked; what follows is guarded by it. */
  private final ReentrantLock busy = new ReentrantLock();

  private final RevocationReader reader;

  private @Nullable Long putBackAt;
  private long nextRead;
  private long nextSend;
  private long nextForgetting;
  private long nextSweep;
  private boolean compareLater;
  private long nextReread;
  private boolean reread;
  private boolean down;

  /** Until what the store has lost is put back. */
  private boolean lost;

  /** When the last complete read began, by the monotonic clock. */
  private volatile long readAt;

  private volatile Set<KeyRingAlarm> alarms = Set.of();

  RevocationExchange(
      RevocationLog log,
      RevocationKeys keys,
      RevokedSessions revoked,
      InstantSource clock,
      LongSupplier nanos,
      SecureRandom random,
      Supplier<RotationPolicy> policy,
      Supplier<Optional<Instant>> storeTime,
      @Nullable Duration within,
      RingMonitor monitor) {
    this.log = log;
    this.keys = keys;
    this.revoked = revoked;
    this.clock = clock;
    this.nanos = nanos;
    this.random = random;
    this.policy = policy;
    this.storeTime = storeTime;
    this.withinNanos = within == null ? Long.MAX_VALUE : within.toNanos();
    this.monitor = monitor;
    this.outbox = new RevocationOutbox(log, keys, nanos, policy);
    this.intake = new RevocationIntake(revoked, new Renewals(nanos), outbox);
    this.reader = new RevocationReader(log, keys, nanos);
  }

  /**
   * The first read, of all there is: a node that has just started must not accept what was revoked
   * before.
   *
   * @throws KeyRingException if that fails
   */
  void start() {
    busy.lock();
    try {
      long now = nanos.getAsLong();
      nextForgetting = now + FORGETTING.toNanos();
      nextSweep = now + within(FIRST_SWEEP);
      nextReread = now;
      read();
    } finally {
      busy.unlock();
    }
  }

  /** Where revocations of this node go in, to be handed on at the next tick. */
  RevocationIntake intake() {
    return intake;
  }

  /**
   * Hands on what waits, on this thread.
   *
   * @throws KeyRingException if the store does not take it
   */
  void flush() {
    busy.lock();
    try {
      outbox.send();
    } finally {
      busy.unlock();
    }
  }

  /** Whether so much may be missing that no token can be accepted. */
  boolean isStale() {
    return withinNanos != Long.MAX_VALUE && nanos.getAsLong() - readAt > withinNanos;
  }

  /**
   * What is wrong; a thread that hangs in a read cannot say so, but the age of the last one does.
   */
  Set<KeyRingAlarm> alarms() {
    EnumSet<KeyRingAlarm> found = EnumSet.noneOf(KeyRingAlarm.class);
    found.addAll(alarms);
    long patience = probeInterval() * RingRefresher.READS_MISSED_BEFORE_ALARM;
    if (nanos.getAsLong() - readAt > patience) {
      found.add(KeyRingAlarm.REVOCATIONS_UNAVAILABLE);
    }
    if (isStale()) {
      found.add(KeyRingAlarm.REVOCATIONS_STALE);
    }
    return found;
  }

  /** How many revocations wait to be handed on. */
  int waiting() {
    return outbox.count();
  }

  /** How many records were met that no node of this ring has made. */
  long forged() {
    return reader.forged();
  }

  /** Does what is due; the nanoseconds until the next thing is. Never throws. */
  long tick() {
    busy.lock();
    try {
      try {
        work();
        note();
      } catch (RuntimeException | Error e) {
        // Errors too: no memory for a moment must not mean no revocations for ever.
        down = true;
        monitor.failed(e);
        note();
      }
      return untilNext();
    } finally {
      busy.unlock();
    }
  }

  private void work() {
    long now = nanos.getAsLong();
    if (now >= nextForgetting) {
      nextForgetting = now + FORGETTING.toNanos();
      boolean passedOver =
          intake.forget(oldest().getEpochSecond(), policy.get().maxTokenLifetime());
      if (passedOver && now >= nextReread) {
        reread = true;
        nextRead = now;
      }
    }
    if (now >= nextSend) {
      nextSend = now + probeInterval(); // if it fails; what waits is tried again at that pace
      if (outbox.send()) {
        nextRead = now; // what this node has put there it will miss if it gets lost
      }
      nextSend = now;
    }
    if (now >= nextRead) {
      read();
      down = outbox.isHeldUp();
    }
    Long due = putBackAt;
    if (outbox.hasOverflown() && due == null) {
      due = now;
    }
    if (due != null && now >= due) {
      putBackAt = now + probeInterval(); // as above
      putBack();
      putBackAt = null;
    }
    compareLater |= outbox.hasLostSight();
    if (compareLater && putBackAt == null) {
      compareLater = false; // once a read must show what was put there
      putBackAt = now + policy.get().revocationBound().toNanos();
    }
    if (now >= nextSweep) {
      nextSweep = now + SWEEPING.toNanos() / 2 + within(SWEEPING);
      sweep();
    }
  }

  /** By the store's clock: one that is far ahead would have living records dropped. */
  private void sweep() {
    Instant theirs = storeTime.get().orElse(null);
    Duration skew = policy.get().clockSkew();
    if (theirs == null || Duration.between(clock.instant(), theirs).abs().compareTo(skew) <= 0) {
      log.dropExpired();
    }
  }

  /**
   * Appends what denies nobody anything: whether this node may.
   *
   * @throws KeyRingException if it may not
   */
  void tryAppend() {
    outbox.tryAppend();
  }

  private long overSecond(Revocation entry) {
    return entry.overSecond(policy.get().maxTokenLifetime());
  }

  private Instant oldest() {
    return clock.instant().minus(RevocationKeys.MAX_SKEW);
  }

  /** Takes in what was added since the last time. */
  private void read() {
    long began = nanos.getAsLong();
    nextRead = began + probeInterval();
    if (!reader.findsItsPlace()) {
      lost = true;
      if (putBackAt == null) {
        putBackAt = began + within(policy.get().refreshInterval());
      }
    }
    if (reread) {
      intake.startsAnew();
      nextReread = began + REREADING.toNanos();
      reader.rewind();
    }
    long oldest = oldest().getEpochSecond();
    reader.read(entry -> take(entry, oldest));
    reread = false;
    readAt = began;
    sendUnseen(began);
  }

  private void take(Revocation entry, long oldest) {
    outbox.seen(entry);
    if (overSecond(entry) > oldest) {
      intake.others(entry);
    }
  }

  private void sendUnseen(long began) {
    List<Revocation> unseen = outbox.unseen(began, oldest().getEpochSecond());
    if (!unseen.isEmpty()) {
      lost = true;
      outbox.sendAll(unseen);
    } else if (putBackAt == null) {
      lost = false;
    }
  }

  /** Adds what the log lacks. It is read once more, as another node may have been faster. */
  private void putBack() {
    outbox.compares();
    var stored = new RevokedSessions(keys);
    long oldest = oldest().getEpochSecond();
    reader.rewind();
    reader.read(
        entry -> {
          take(entry, oldest);
          stored.add(entry);
        });
    long oldestMissed = oldest().getEpochSecond();
    var missing = new ArrayList<Revocation>();
    revoked.forEach(
        entry -> {
          if (overSecond(entry) > oldestMissed && !stored.has(entry)) {
            missing.add(entry);
          }
        });
    outbox.sendAll(missing);
    lost = false;
  }

  private void note() {
    EnumSet<KeyRingAlarm> now = EnumSet.noneOf(KeyRingAlarm.class);
    if (lost) {
      now.add(KeyRingAlarm.REVOCATIONS_LOST);
    }
    if (reader.hasForgedLately()) {
      now.add(KeyRingAlarm.REVOCATIONS_FORGED);
    }
    if (down) {
      now.add(KeyRingAlarm.REVOCATIONS_UNAVAILABLE);
    }
    if (intake.isFull()) {
      now.add(KeyRingAlarm.REVOCATIONS_FULL);
    }
    if (isStale()) {
      now.add(KeyRingAlarm.REVOCATIONS_STALE);
    }
    alarms = Set.copyOf(now);
    monitor.alarms(now);
  }

  private long untilNext() {
    long now = nanos.getAsLong();
    long next = Math.min(nextRead, Math.min(nextForgetting, nextSweep));
    if (!outbox.isEmpty()) {
      next = Math.min(next, nextSend);
    }
    Long due = putBackAt;
    if (due != null) {
      next = Math.min(next, due);
    }
    return Math.max(0, next - now);
  }

  private long probeInterval() {
    return policy.get().probeInterval().toNanos();
  }

  private long within(Duration time) {
    return (long) (time.toNanos() * random.nextDouble());
  }

  /** Hands on what still waits, if the store takes it in the time there is. */
  void close() {
    try {
      if (!busy.tryLock(CLOSING.toSeconds(), TimeUnit.SECONDS)) {
        warn(waiting(), "the store does not answer");
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      outbox.send();
    } catch (RuntimeException e) {
      warn(waiting(), e.getClass().getSimpleName());
    } finally {
      busy.unlock();
    }
  }

  private static void warn(int count, String why) {
    if (count > 0) {
      System.getLogger("dev.satchel.keys")
          .log(
              System.Logger.Level.WARNING,
              "revocations that this node has not handed on are lost with it: {0} ({1})",
              count,
              why);
    }
  }
}
