package dev.satchel.keys;

import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Public keys that an issuer publishes as a JWK set over HTTPS, to verify its tokens with: no ring,
 * no store, nothing secret. Opened by its address, as {@code
 * https://issuer.example/.well-known/jwks.json}. Takes keys of {@link
 * dev.satchel.TokenAlgorithm#ES256} and {@link dev.satchel.TokenAlgorithm#ED25519}, passes over
 * others, and issues nothing.
 *
 * <p>Fetched in the background: as often as the answer's {@code max-age} says, at most every ten
 * seconds, at least every {@linkplain Builder#refreshInterval refresh interval}; and at most once
 * in ten seconds more where a token names an unknown key. A key that is gone from the set is
 * refused from that fetch on. While the publisher is away, or what it sends is not a set to be
 * believed, the last good one counts, and {@link #health} has the reason.
 */
public final class JwksKeySource implements KeySource {
  private final JwksEndpoint endpoint;
  private final JwksRefresher refresher;
  private final @Nullable RefreshThread thread;

  private JwksKeySource(Builder builder) {
    endpoint = new JwksEndpoint(builder.address, builder.timeout, builder.tls);
    long origin = builder.nanos.getAsLong(); // so that no sum of times overflows
    LongSupplier source = builder.nanos;
    refresher =
        new JwksRefresher(
            endpoint,
            builder.refreshInterval,
            builder.clock,
            () -> source.getAsLong() - origin,
            builder.random);
    refresher.fetch(false);
    thread = builder.threaded ? RefreshThread.start("satchel-jwks", refresher::tick) : null;
  }

  /**
   * A source for the set at this address.
   *
   * @param address {@code https}, without a user and without a fragment; a query is the publisher's
   * @throws IllegalArgumentException if it is anything else
   */
  public static Builder builder(URI address) {
    return new Builder(address);
  }

  @Override
  public KeyRing current() {
    return refresher.view().set().ring();
  }

  /**
   * {@link Absence#RETIRED} for keys that were in the set once, and for ids of a ring that is
   * complete beyond them; {@link Absence#NOT_YET_KNOWN} until the publisher was asked so much later
   * than the id first came up as its own view of the ring may be old: as the set says, else 70
   * seconds.
   */
  @Override
  public Absence absent(String keyId) {
    return refresher.classify(
        keyId,
        () -> {
          if (thread != null) {
            thread.wake();
          }
        });
  }

  /** How this node is doing; no I/O. */
  @Override
  public Health health() {
    JwksRefresher.View view = refresher.view();
    RingMark mark = view.set().mark();
    return new Health(
        mark == null ? 0 : mark.epoch(), view.readAt(), refresher.isStale(), refresher.alarms());
  }

  /**
   * Fetches the set now, on this thread, past caches.
   *
   * @throws KeyRingException if that fails; the source goes on with what it has
   */
  public void refresh() {
    refresher.fetch(true);
  }

  /** Does what is due, for tests that have no thread; the nanoseconds until the next thing is. */
  long tick() {
    return refresher.tick();
  }

  /** Stops the background thread. */
  @Override
  public void close() {
    if (thread != null) {
      thread.stop();
    }
  }

  /** The address without its query, and the ids of the keys. */
  @Override
  public String toString() {
    return "JwksKeySource[" + endpoint + ", keys=" + current().keyIds() + "]";
  }

  /**
   * How a node that verifies by fetched keys is doing. It is never down: keys that were fetched
   * verify however long the publisher is away.
   *
   * @param epoch of the ring that the set was made from; 0 if the publisher does not say
   * @param lastRead when the last successful fetch began
   * @param stale whether that is too long ago to have heard of what was revoked
   * @param alarms of {@code UNAVAILABLE} (also where the publisher itself could not read its ring
   *     for long), {@code UNREADABLE} (also for a set with a private key in it) and {@code
   *     ROLLED_BACK}
   */
  public record Health(long epoch, Instant lastRead, boolean stale, Set<KeyRingAlarm> alarms)
      implements KeySource.Health {

    /** Copies the set. */
    public Health {
      alarms = Set.copyOf(alarms);
    }

    @Override
    public Status status() {
      return stale || !alarms.isEmpty() ? Status.DEGRADED : Status.UP;
    }

    @Override
    public String reason() {
      List<String> reasons = new ArrayList<>();
      if (stale) {
        reasons.add(
            "the key set could not be fetched for too long; keys revoked since are still accepted");
      }
      for (KeyRingAlarm alarm : KeyRingAlarm.values()) {
        if (alarms.contains(alarm)) {
          reasons.add(
              switch (alarm) {
                case UNAVAILABLE ->
                    "the publisher does not answer: look at it, and at the way to it";
                case UNREADABLE -> "what the publisher sends is refused: the log says why";
                case ROLLED_BACK ->
                    "the publisher sends an older set than before: is one of its nodes behind?";
                default -> alarm.advice();
              });
        }
      }
      return String.join("; ", reasons);
    }
  }

  /** Collects what a source works with. Not thread-safe. */
  public static final class Builder {
    /** Bounds how long a revoked key is accepted where the publisher's {@code max-age} is long. */
    private static final Duration REFRESH_INTERVAL = Duration.ofMinutes(5);

    private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final URI address;
    private Duration refreshInterval = REFRESH_INTERVAL;
    private Duration timeout = TIMEOUT;
    private @Nullable SSLContext tls;
    private InstantSource clock = InstantSource.system();
    private LongSupplier nanos = System::nanoTime;
    private SecureRandom random = new SecureRandom();
    private boolean threaded = true;

    private Builder(URI address) {
      if (!"https".equalsIgnoreCase(address.getScheme())) {
        throw new IllegalArgumentException(
            "address of a JWK set has another scheme than the allowed https: over anything else,"
                + " whoever is in between chooses whom to believe");
      }
      if (address.getHost() == null
          || address.getRawUserInfo() != null
          || address.getRawFragment() != null) {
        throw new IllegalArgumentException(
            "address of a JWK set has no host, or a user or a fragment; allowed is"
                + " https://host[:port]/path[?query]");
      }
      this.address = address;
    }

    /**
     * The longest time between two fetches, whatever the publisher's {@code max-age}; default 5
     * minutes. A revoked key is accepted for so long, plus what the publisher lags.
     *
     * @param interval 10 seconds to 1 hour
     */
    public Builder refreshInterval(Duration interval) {
      if (interval.compareTo(JwksRefresher.LEAST_INTERVAL) < 0
          || interval.compareTo(LONGEST_INTERVAL) > 0) {
        throw new IllegalArgumentException(
            "refreshInterval is "
                + interval
                + ", allowed is "
                + JwksRefresher.LEAST_INTERVAL
                + " to "
                + LONGEST_INTERVAL);
      }
      refreshInterval = interval;
      return this;
    }

    /** Whom to trust, and who one is; default the JDK's own. */
    public Builder sslContext(SSLContext context) {
      tls = Objects.requireNonNull(context, "sslContext");
      return this;
    }

    /** The wall clock; default the system's. */
    public Builder clock(InstantSource source) {
      clock = Objects.requireNonNull(source, "clock");
      return this;
    }

    /** The monotonic clock in nanoseconds, of any origin; default {@link System#nanoTime}. */
    public Builder monotonicClock(LongSupplier source) {
      nanos = Objects.requireNonNull(source, "monotonicClock");
      return this;
    }

    /** For a whole answer, in tests of slow ones. */
    Builder timeout(Duration deadline) {
      timeout = deadline;
      return this;
    }

    /** The source of jitter, for tests. */
    Builder random(SecureRandom source) {
      random = source;
      return this;
    }

    /** No thread: whoever builds it calls {@link JwksKeySource#tick}. */
    Builder withoutThread() {
      threaded = false;
      return this;
    }

    /**
     * Fetches the set and starts the background thread.
     *
     * @throws KeyRingException if the set cannot be fetched or read
     */
    public JwksKeySource build() {
      return new JwksKeySource(this);
    }
  }
}
