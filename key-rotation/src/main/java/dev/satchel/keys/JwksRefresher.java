package dev.satchel.keys;

import dev.satchel.KeySource.Absence;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a fetched JWK set up to date. Like {@link RingRefresher} it knows neither threads nor
 * waiting: {@link #tick} does what is due and says when to come again.
 */
final class JwksRefresher {
  /** As a ring is probed (PROTOCOL.md a); nobody is asked more often, whatever a client sends. */
  static final Duration LEAST_INTERVAL = RotationPolicy.defaults().probeInterval();

  /** As a ring's node has it: so many intervals without a successful read are no accident. */
  private static final int LAGS_BEFORE_ALARM = RingRefresher.READS_MISSED_BEFORE_ALARM;

  /** After so long without news a key may sign that this node has not (S). */
  private static final Duration STALE_AFTER = RotationPolicy.defaults().staleAfter();

  /** Fetches of many nodes must not fall together: each comes up to a fifth earlier. */
  private static final double JITTER = 0.2;

  /** Ids that were in the set once; as many as a set may have. */
  private static final int MAX_REMOVED = 256;

  private static final int MAX_DOUBLINGS = 10;

  private final JwksEndpoint endpoint;
  private final Duration refreshInterval;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final SecureRandom random;
  private final AlarmLog log;
  private final AskedIds asked = new AskedIds();
  private final AtomicBoolean fetchWanted = new AtomicBoolean();

  // Guarded by this.
  private long nextFetch;
  private int failures;

  // Written under the same guard, read by anybody.
  private volatile @Nullable View view;
  private volatile Set<KeyRingAlarm> alarms = Set.of();

  JwksRefresher(
      JwksEndpoint endpoint,
      Duration refreshInterval,
      InstantSource clock,
      LongSupplier nanos,
      SecureRandom random) {
    this.endpoint = endpoint;
    this.refreshInterval = refreshInterval;
    this.clock = clock;
    this.nanos = nanos;
    this.random = random;
    this.log = new AlarmLog(endpoint.toString());
  }

  /** Does what is due, and never throws. */
  synchronized long tick() {
    boolean wanted = fetchWanted.getAndSet(false);
    if (wanted || nanos.getAsLong() >= nextFetch) {
      EnumSet<KeyRingAlarm> found = EnumSet.noneOf(KeyRingAlarm.class);
      try {
        fetch(wanted);
        failures = 0;
        if (view().isBehind(nanos.getAsLong())) {
          found.add(KeyRingAlarm.ROLLED_BACK);
        } else if (view().isOld(nanos.getAsLong())) {
          found.add(KeyRingAlarm.UNAVAILABLE);
          log.failure(
              new KeyRingException(
                  KeyRingException.Reason.UNAVAILABLE,
                  endpoint
                      + " answers with a set that is too old: its publisher cannot read its store,"
                      + " or a cache on the way keeps it"));
        }
      } catch (KeyRingException e) {
        found.add(
            e.reason() == KeyRingException.Reason.UNREADABLE
                ? KeyRingAlarm.UNREADABLE
                : KeyRingAlarm.UNAVAILABLE);
        failed(e);
      } catch (RuntimeException | Error e) {
        // Errors too: no memory for a moment must not mean no revocations for ever.
        found.add(KeyRingAlarm.UNAVAILABLE);
        failed(e);
      }
      alarms = Set.copyOf(found);
      log.alarms(found);
    }
    return Math.max(0, nextFetch - nanos.getAsLong());
  }

  private void failed(Throwable failure) {
    log.failure(failure);
    failures++;
    // Whoever is down is asked ever less often, but as often as in good times.
    long wait = LEAST_INTERVAL.toNanos() << Math.min(failures - 1, MAX_DOUBLINGS);
    nextFetch = nanos.getAsLong() + jittered(Math.min(wait, refreshInterval.toNanos()));
  }

  /**
   * Asks the publisher now.
   *
   * @param fromOrigin whether caches on the way are not good enough
   * @throws KeyRingException if that fails; the view stays
   */
  synchronized void fetch(boolean fromOrigin) {
    long start = nanos.getAsLong();
    Instant startedAt = clock.instant();
    nextFetch = start + LEAST_INTERVAL.toNanos(); // whatever goes wrong: never in a loop
    View before = view;
    JwksEndpoint.Answer answer = endpoint.ask(before == null ? "" : before.etag(), fromOrigin);
    byte[] body = answer.body();
    FetchedJwks fetched = body == null ? null : parsed(body);
    Duration age = answer.age().compareTo(STALE_AFTER) < 0 ? answer.age() : STALE_AFTER;
    long asOf = start - age.toNanos();
    view =
        before == null
            ? View.first(Objects.requireNonNull(fetched, "a first answer is a set"), answer.etag())
                .confirmed(asOf, startedAt)
            : before.after(fetched, answer.etag(), asOf, startedAt, nanos.getAsLong());
    nextFetch = start + jittered(interval(answer, age).toNanos());
  }

  private FetchedJwks parsed(byte[] body) {
    try {
      return FetchedJwks.parse(body);
    } catch (IllegalArgumentException e) {
      throw new KeyRingException(
          KeyRingException.Reason.UNREADABLE, endpoint + ": " + e.getMessage());
    }
  }

  /** What is left of the answer's {@code max-age}, within bounds. */
  private Duration interval(JwksEndpoint.Answer answer, Duration age) {
    Duration left = answer.maxAge().map(max -> max.minus(age)).orElse(refreshInterval);
    if (left.compareTo(LEAST_INTERVAL) < 0) {
      return LEAST_INTERVAL;
    }
    return left.compareTo(refreshInterval) < 0 ? left : refreshInterval;
  }

  private long jittered(long interval) {
    long shorter = interval - (long) (interval * JITTER * random.nextDouble());
    return Math.max(LEAST_INTERVAL.toNanos(), shorter);
  }

  /**
   * What an id means that the set lacks. On the request path, with whatever a client sent.
   *
   * @param wantsFetch run at most once per {@link #LEAST_INTERVAL}
   */
  Absence classify(String id, Runnable wantsFetch) {
    View now = view();
    FetchedJwks set = now.set();
    if (set.ring().find(id).isPresent()) {
      return Absence.NOT_YET_KNOWN; // It came between the caller's look and this one.
    }
    RingMark mark = set.mark();
    if (now.removed().contains(id) || mark != null && mark.isPast(id)) {
      return Absence.RETIRED;
    }
    long moment = nanos.getAsLong();
    long first = asked.firstAsked(id, moment);
    // Whoever signed with it had it before: a publisher that was asked so much later has no such
    // key, unless it does not hear of new ones itself.
    if (now.asOf() - now.lag().toNanos() >= first && !isStale()) {
      return Absence.UNKNOWN;
    }
    if (asked.mayLook(moment, LEAST_INTERVAL)) {
      fetchWanted.set(true);
      wantsFetch.run();
    }
    return Absence.NOT_YET_KNOWN;
  }

  boolean isStale() {
    return nanos.getAsLong() - view().asOf() > STALE_AFTER.toNanos();
  }

  Set<KeyRingAlarm> alarms() {
    return alarms;
  }

  /** There from the first fetch on. */
  View view() {
    return Objects.requireNonNull(view, "fetched before");
  }

  /**
   * What one node knows of a published set. Immutable.
   *
   * @param etag of the set held, never of one that was not believed
   * @param asOf moment of the publisher's word that confirmed it last
   * @param readAt the same by the wall clock
   * @param removed ids that were in the set and no longer are, the oldest first
   * @param behindSince since when publishers answer with earlier documents only; null if they do
   *     not
   */
  record View(
      FetchedJwks set,
      String etag,
      long asOf,
      Instant readAt,
      Set<String> removed,
      @Nullable Long behindSince) {

    static View first(FetchedJwks set, String etag) {
      return new View(set, etag, 0, Instant.EPOCH, Set.of(), null);
    }

    View confirmed(long newAsOf, Instant newReadAt) {
      return new View(set, etag, newAsOf, newReadAt, removed, null);
    }

    /**
     * @param fetched null for the set held
     */
    View after(@Nullable FetchedJwks fetched, String newEtag, long newAsOf, Instant at, long now) {
      if (newAsOf < asOf) {
        return this; // a cache on the way, with something older than what is known already
      }
      if (fetched == null) {
        return confirmed(newAsOf, at);
      }
      RingMark mine = set.mark();
      RingMark theirs = fetched.mark();
      if (mine != null && theirs != null && theirs.isBefore(mine)) {
        // A publisher that has not read the ring yet, or a cache: revocations never go back (I6).
        long since = behindSince == null ? now : behindSince;
        return new View(set, etag, asOf, readAt, removed, since);
      }
      FetchedJwks next = fetched.sharingRingOf(set);
      var gone = new LinkedHashSet<>(removed);
      gone.addAll(set.ring().keyIds());
      gone.removeAll(next.ring().keyIds());
      var oldest = gone.iterator();
      while (gone.size() > MAX_REMOVED) {
        oldest.next();
        oldest.remove();
      }
      return new View(next, newEtag, newAsOf, at, gone, null);
    }

    /** For longer than two publishers of one ring may differ. */
    boolean isBehind(long now) {
      return behindSince != null && now - behindSince > lag().toNanos();
    }

    /**
     * Whether what the publisher says last is older than a node of its ring ever is in good times.
     * Only a set with a mark is sent with the age of the publisher's own view.
     */
    boolean isOld(long now) {
      return behindSince == null
          && set.mark() != null
          && now - asOf > lag().multipliedBy(LAGS_BEFORE_ALARM).toNanos();
    }

    /** How old what a publisher says can be in good times. */
    Duration lag() {
      RingMark mark = set.mark();
      return mark == null ? RingMark.DEFAULT_LAG : mark.lag();
    }
  }
}
