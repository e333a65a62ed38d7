package dev.satchel.keys;

import dev.satchel.keys.Revocation.Kind;
import dev.satchel.keys.RotatingKeySource.Alarm;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings a node's revocations to the store's log, and those of others from there. Like {@link
 * RingRefresher} it knows neither threads nor waiting: {@link #tick} does what is due and says when
 * to come again.
 *
 * <p>Reads on from where it was, and looks each time whether the record there is still the one it
 * read. If not, the log was set back or emptied: then all is read anew, and after a random time,
 * since all nodes notice, what is still missing is put back (N1 does the same for keys).
 */
final class RevocationExchange {
  /**
   * So many wait in a queue while the store is away; beyond, they are found by comparing, as if the
   * store had lost them.
   */
  private static final int MAX_WAITING = 16 * 1024;

  /** As many records as twice the most entries, if each were alone; more is not read at a time. */
  private static final int MAX_PAGES = 2 * RevokedSessions.MAX_ENTRIES / RevocationLog.MAX_RECORDS;

  private static final Duration FORGETTING = Duration.ofMinutes(10);

  /** What found no room costs the reading of all there is; not at each forgetting. */
  private static final Duration REREADING = Duration.ofHours(1);

  /** Read once, a forged record is news for a day, so that whoever looks once a day sees it. */
  private static final Duration FORGED_TOLD = Duration.ofDays(1);

  /** Each node has the store drop what is out of date about so often; the first time sooner. */
  private static final Duration SWEEPING = Duration.ofHours(12);

  private static final Duration FIRST_SWEEP = Duration.ofHours(1);

  /** What a node that closes waits for a read that is under way: as long as a network's silence. */
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final RevocationLog log;
  private final RevocationKeys keys;
  private final RevokedSessions revoked;
  private final Renewals renewals;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final SecureRandom random;
  private final Supplier<RotationPolicy> policy;
  private final RingMonitor monitor;
  private final long withinNanos;
  private final Supplier<Optional<Instant>> storeTime;

  private final ConcurrentLinkedQueue<Revocation> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waitingCount = new AtomicInteger();
  private volatile boolean overflown;
  private volatile boolean full;

  /** Held while the store is asked; what follows is guarded by it. */
  private final ReentrantLock busy = new ReentrantLock();

  private List<Revocation> sending = List.of();

  private final UnseenRevocations unseen = new UnseenRevocations(MAX_WAITING);

  private long position;
  private byte[] last = new byte[0];
  private @Nullable Long putBackAt;
  private long nextRead;
  private long nextSend;
  private long nextForgetting;
  private long nextSweep;
  private boolean compareLater;
  private long nextReread;
  private boolean reread;
  private boolean passedOver;
  private long forgedUpTo;
  private long forgedUntil;
  private boolean down;
  private final EnumSet<Alarm> lasting = EnumSet.noneOf(Alarm.class);

  private volatile long readAt;
  private final AtomicLong forged = new AtomicLong();
  private volatile Set<Alarm> alarms = Set.of();

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
    this.renewals = new Renewals(nanos);
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

  /**
   * Remembers that this node gave a session another id, so that an end of the former one that is
   * still on its way ends it too.
   *
   * @param former the end of the former id
   * @param next the end of the new one, should that turn out to be due
   */
  void renewed(Revocation former, Revocation next) {
    renewals.add(former, next);
    if (revoked.isEnded(former.high(), former.low())) { // it came a moment ago
      follow(new Revocation(Kind.SESSION, former.high(), former.low(), former.value()));
    }
  }

  /**
   * Ends a session also under the ids that this node gave it since, and hands that on: where it was
   * renewed once more, that node does the same.
   */
  void follow(Revocation ended) {
    ArrayDeque<Revocation> due = new ArrayDeque<>(renewals.of(ended));
    Revocation next;
    while ((next = due.poll()) != null) {
      switch (revoked.add(next)) {
        case NEW -> {
          send(next);
          due.addAll(renewals.of(next));
        }
        case KNOWN -> {}
        case FULL -> full = true;
      }
    }
  }

  /** Hands on what was revoked here, at the next tick. No I/O, no lock. */
  void send(Revocation entry) {
    if (waitingCount.incrementAndGet() > MAX_WAITING) {
      waitingCount.decrementAndGet();
      overflown = true;
      return;
    }
    waiting.add(entry);
  }

  /**
   * Hands on what waits, on this thread.
   *
   * @throws KeyRingException if the store does not take it
   */
  void flush() {
    busy.lock();
    try {
      sendWaiting();
    } finally {
      busy.unlock();
    }
  }

  /** When the last complete read began, by the monotonic clock. */
  long readAt() {
    return readAt;
  }

  /** Whether so much may be missing that no token can be accepted. */
  boolean isStale() {
    return withinNanos != Long.MAX_VALUE && nanos.getAsLong() - readAt > withinNanos;
  }

  /**
   * What is wrong; a thread that hangs in a read cannot say so, but the age of the last one does.
   */
  Set<Alarm> alarms() {
    EnumSet<Alarm> found = EnumSet.noneOf(Alarm.class);
    found.addAll(alarms);
    long patience = probeInterval() * RingRefresher.READS_MISSED_BEFORE_ALARM;
    if (nanos.getAsLong() - readAt > patience) {
      found.add(Alarm.REVOCATIONS_UNAVAILABLE);
    }
    if (isStale()) {
      found.add(Alarm.REVOCATIONS_STALE);
    }
    return found;
  }

  /** How many revocations wait to be handed on. */
  int waiting() {
    return waitingCount.get();
  }

  /** How many records were met that no node of this ring has made. */
  long forged() {
    return forged.get();
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
      revoked.forget(oldest().getEpochSecond(), policy.get().maxTokenLifetime());
      if (!passedOver) {
        full = false;
      } else if (now >= nextReread) {
        reread = true; // what found no room may find some now
        nextRead = now;
      }
    }
    if (now >= forgedUntil) {
      lasting.remove(Alarm.REVOCATIONS_FORGED);
    }
    if (now >= nextSend) {
      nextSend = now + probeInterval(); // if it fails; what waits is tried again at that pace
      if (sendWaiting()) {
        nextRead = now; // what this node has put there it will miss if it gets lost
      }
      nextSend = now;
    }
    if (now >= nextRead) {
      read();
      down = !sending.isEmpty();
    }
    Long due = putBackAt;
    if (overflown && due == null) {
      due = now;
    }
    if (due != null && now >= due) {
      putBackAt = now + probeInterval(); // as above
      putBack();
      putBackAt = null;
    }
    compareLater |= unseen.hasOverflown();
    if (compareLater && putBackAt == null) {
      compareLater = false; // once a read must show what was put there
      putBackAt = now + policy.get().propagation().toNanos() + probeInterval();
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

  /** What waits, in records as large as may be; whether there was anything. */
  private boolean sendWaiting() {
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
      waitingCount.addAndGet(-sending.size());
      sending = List.of();
    }
  }

  private void append(List<Revocation> entries) {
    long until = 0;
    for (Revocation entry : entries) {
      until = Math.max(until, untilSeconds(entry));
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
    var over = new Revocation(Revocation.Kind.SESSION, 0, 0, past.getEpochSecond());
    log.append(keys.record(List.of(over)), past);
  }

  private long untilSeconds(Revocation entry) {
    return RevocationKeys.untilSeconds(
        entry.kind(), entry.value(), policy.get().maxTokenLifetime());
  }

  private Instant oldest() {
    return clock.instant().minus(RevocationKeys.MAX_SKEW);
  }

  /** Takes in what was added since the last time. */
  private void read() {
    long began = nanos.getAsLong();
    nextRead = began + probeInterval();
    List<RevocationLog.Kept> page = log.from(Math.max(1, position), RevocationLog.MAX_RECORDS);
    boolean lost = position > 0 && !goesOn(page);
    if (lost) {
      forgedUpTo = 0;
      lasting.add(Alarm.REVOCATIONS_LOST);
      if (putBackAt == null) {
        putBackAt = began + within(policy.get().refreshInterval());
      }
    }
    if (reread) {
      full = false;
      passedOver = false;
      nextReread = began + REREADING.toNanos();
    }
    if (position > 0 && (lost || reread)) {
      position = 0;
      page = log.from(1, RevocationLog.MAX_RECORDS);
    }
    take(page, null);
    reread = false;
    readAt = began;
    appendUnseen(began);
  }

  /**
   * What the store took, and a read of later than its propagation did not show, it has lost; the
   * record that was read last was there before that, and cannot tell.
   */
  private void appendUnseen(long began) {
    long oldest = oldest().getEpochSecond();
    long latest = began - policy.get().propagation().toNanos();
    List<Revocation> lost = unseen.lost(latest, entry -> untilSeconds(entry) <= oldest);
    if (!lost.isEmpty()) {
      lasting.add(Alarm.REVOCATIONS_LOST);
      appendAll(lost);
    } else if (putBackAt == null) {
      lasting.remove(Alarm.REVOCATIONS_LOST);
    }
  }

  private void appendAll(List<Revocation> entries) {
    for (int from = 0; from < entries.size(); from += RevocationKeys.MAX_ENTRIES) {
      append(entries.subList(from, Math.min(entries.size(), from + RevocationKeys.MAX_ENTRIES)));
    }
  }

  /** Whether this begins with the record that was read last, or behind it where that is gone. */
  private boolean goesOn(List<RevocationLog.Kept> page) {
    if (page.isEmpty()) {
      return false; // the last one is never dropped
    }
    RevocationLog.Kept first = page.get(0);
    return first.position() > position || MessageDigest.isEqual(first.record(), last);
  }

  /**
   * Takes in this page and all that follow.
   *
   * @param also takes them too; null if nobody else does
   */
  private void take(List<RevocationLog.Kept> first, @Nullable RevokedSessions also) {
    List<RevocationLog.Kept> page = first;
    long oldest = oldest().getEpochSecond();
    for (int pages = 0; pages < MAX_PAGES; pages++) {
      for (RevocationLog.Kept kept : page) {
        take(kept, also, oldest);
      }
      if (page.size() < RevocationLog.MAX_RECORDS) {
        return;
      }
      page = log.from(position + 1, RevocationLog.MAX_RECORDS);
    }
    throw new KeyRingException(
        KeyRingException.Reason.UNREADABLE, "more records of revocations than there can be");
  }

  private void take(RevocationLog.Kept kept, @Nullable RevokedSessions also, long oldest) {
    byte[] record = kept.record();
    if (kept.position() == position) {
      return; // the one that was read last
    }
    List<Revocation> entries = keys.read(record);
    if (entries == null) {
      if (kept.position() > forgedUpTo) {
        forgedUpTo = kept.position();
        forged.incrementAndGet();
        forgedUntil = nanos.getAsLong() + FORGED_TOLD.toNanos();
        lasting.add(Alarm.REVOCATIONS_FORGED);
      }
    } else {
      for (Revocation entry : entries) {
        unseen.seen(entry);
        if (untilSeconds(entry) > oldest) {
          RevokedSessions.Taken taken = revoked.add(entry);
          if (taken != RevokedSessions.Taken.KNOWN) {
            follow(entry);
          }
          if (taken == RevokedSessions.Taken.FULL) {
            full = true;
            passedOver = true;
          }
          if (also != null) {
            also.add(entry);
          }
        }
      }
    }
    position = kept.position();
    last = record;
  }

  /** Adds what the log lacks. It is read once more, as another node may have been faster. */
  private void putBack() {
    overflown = false;
    var stored = new RevokedSessions(keys);
    position = 0;
    List<RevocationLog.Kept> page = log.from(1, RevocationLog.MAX_RECORDS);
    take(page, stored);
    long oldest = oldest().getEpochSecond();
    var missing = new ArrayList<Revocation>();
    revoked.forEach(
        entry -> {
          if (untilSeconds(entry) > oldest && !stored.has(entry)) {
            missing.add(entry);
          }
        });
    appendAll(missing);
    lasting.remove(Alarm.REVOCATIONS_LOST);
  }

  /** Notes that a revocation found no room. */
  void full() {
    full = true;
  }

  private void note() {
    EnumSet<Alarm> now = EnumSet.copyOf(lasting);
    if (down) {
      now.add(Alarm.REVOCATIONS_UNAVAILABLE);
    }
    if (full) {
      now.add(Alarm.REVOCATIONS_FULL);
    }
    if (isStale()) {
      now.add(Alarm.REVOCATIONS_STALE);
    }
    alarms = Set.copyOf(now);
    monitor.alarms(now);
  }

  private long untilNext() {
    long now = nanos.getAsLong();
    long next = Math.min(nextRead, Math.min(nextForgetting, nextSweep));
    if (!sending.isEmpty() || !waiting.isEmpty()) {
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
        lost(waiting(), "the store does not answer");
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      sendWaiting();
    } catch (RuntimeException e) {
      lost(waiting(), e.getClass().getSimpleName());
    } finally {
      busy.unlock();
    }
  }

  private static void lost(int count, String why) {
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
