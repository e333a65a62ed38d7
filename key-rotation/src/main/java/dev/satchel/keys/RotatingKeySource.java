package dev.satchel.keys;

import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.SessionKey;
import dev.satchel.SessionRevocations;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A node's view of a key ring that is shared through a store. Reads the ring in the background,
 * answers from memory, and as a {@link Role#WRITER} publishes the next key when it is due. Any
 * number of nodes may be writers.
 *
 * <p>While the store is away, the node goes on with what it knows: for as long as the ring's
 * staleness budget as if nothing had happened, after that as {@link WhenStale} says.
 */
public final class RotatingKeySource implements KeySource {
  private final RingRefresher refresher;
  private final UnknownKeys unknownKeys = new UnknownKeys();
  private final @Nullable RefreshThread thread;
  private final @Nullable RingRevocations revocations;
  private final @Nullable RefreshThread revocationThread;
  private final KeyRingStore store;

  private RotatingKeySource(Builder builder) {
    store = builder.store;
    if (builder.role == Role.WRITER && store.isReadOnly()) {
      throw new KeyRingException(
          KeyRingException.Reason.POLICY,
          store
              + " is read only, and this node is to be a writer; leave out role=writer here, and"
              + " rotate where the ring is written");
    }
    KeyCustodian custodian =
        new KeyCustodian(
            builder.store,
            builder.kek,
            builder.ring,
            builder.lineage,
            builder.clock,
            builder.random);
    // Counted from here on, so that no sum of times overflows.
    long origin = builder.nanos.getAsLong();
    LongSupplier source = builder.nanos;
    refresher =
        new RingRefresher(
            custodian,
            builder.clock,
            () -> source.getAsLong() - origin,
            builder.random,
            builder.role,
            builder.whenStale,
            builder.node == null
                ? null
                : new NodeReporter(builder.node, store, builder.role, builder.random));
    refresher.start(builder.bootstrap);
    revocations =
        builder.revocations
            ? RingRevocations.ofNode(
                store,
                refresher.view().document(),
                builder.clock,
                refresher::nanos,
                builder.random,
                () -> refresher.view().document().policy(),
                builder.revocationsWithin,
                refresher.monitor())
            : null;
    if (revocations != null) {
      refresher.reports(revocations::alarms);
    }
    thread = builder.threaded ? RefreshThread.start("satchel-key-ring", refresher::tick) : null;
    RingRevocations shared = revocations;
    // A thread of its own: a ring that cannot be read must not keep revocations from coming.
    revocationThread =
        builder.threaded && shared != null
            ? RefreshThread.start("satchel-revocations", shared.exchange()::tick)
            : null;
    if (shared != null && revocationThread != null) {
      shared.wakes(revocationThread::wake);
    }
  }

  /** A source for the ring in this store; a reader, unless told otherwise. */
  public static Builder builder(KeyRingStore store, KeyEncryptionKey kek) {
    return new Builder(store, kek);
  }

  @Override
  public KeyRing current() {
    return refresher.current().ring();
  }

  @Override
  public Absence absent(String keyId) {
    Absence absence =
        unknownKeys.classify(keyId, refresher.current(), refresher.nanos(), this::refreshSoon);
    refresher.monitor().unknownKey(absence);
    return absence;
  }

  /**
   * Tells this of what happens from now on, for the source's whole life. Each that is added hears
   * all.
   */
  public void listen(KeyRingEvents events) {
    refresher.monitor().listen(Objects.requireNonNull(events, "events"));
  }

  /**
   * The revocations of this ring's sessions, if {@link Builder#revocations()} asked for them.
   * Others heed what is revoked here within {@link RotationPolicy#revocationBound()}, as long as
   * they reach the store; what the store does not take now is kept and sent later.
   */
  @Override
  public Optional<SessionRevocations> revocations() {
    return Optional.ofNullable(revocations);
  }

  /** How many revocations this node has; empty if it does not share them. No I/O. */
  public Optional<RevocationCounts> revocationCounts() {
    return Optional.ofNullable(revocations).map(RingRevocations::counts);
  }

  private void refreshSoon() {
    refresher.wantRefresh();
    if (thread != null) {
      thread.wake();
    }
  }

  /**
   * The longest life a token may have under the ring's policy. A session policy with a longer
   * absolute lifetime does not fit: sessions would be cut short by {@link KeyRing#latestExpiry}.
   */
  public Duration maxTokenLifetime() {
    return refresher.view().document().policy().maxTokenLifetime();
  }

  /** The ring's state as this node knows it; no I/O. */
  public KeyRingStatus status() {
    Published published = refresher.current();
    return KeyRingStatus.of(published.view().timeline(), published.from());
  }

  /**
   * The public parts of the keys whose tokens this node accepts, as they are to be published; no
   * I/O. Keys that are published ahead included, revoked and expired ones not; without keys for a
   * ring of symmetric ones.
   */
  public PublishedJwks publicKeys() {
    Published now = refresher.current();
    NodeView.Freshness freshness = now.view().freshness();
    long readAt = freshness == null ? refresher.nanos() : freshness.nanos();
    return PublishedJwks.of(
        now, refresher.instant(), Duration.ofNanos(Math.max(0, refresher.nanos() - readAt)));
  }

  /** How this node is doing; no I/O. */
  @Override
  public KeyRingHealth health() {
    Published published = refresher.current();
    NodeView view = published.view();
    NodeView.Freshness freshness = view.freshness();
    Optional<String> issuing = published.ring().issuing().map(SessionKey::id);
    boolean stale = view.isStale(refresher.nanos());
    Set<KeyRingAlarm> alarms = alarms();
    return new KeyRingHealth(
        KeyRingHealth.status(issuing.isPresent(), stale, alarms),
        view.document().epoch(),
        issuing,
        Optional.ofNullable(freshness).map(NodeView.Freshness::at),
        stale,
        Optional.ofNullable(refresher.clockOffset()),
        alarms);
  }

  private Set<KeyRingAlarm> alarms() {
    if (revocations == null) {
      return refresher.alarms();
    }
    var all = new HashSet<KeyRingAlarm>(refresher.alarms());
    all.addAll(revocations.alarms());
    return all;
  }

  /**
   * Reads the ring now, on this thread.
   *
   * @throws KeyRingException if that fails; the source goes on with what it has
   */
  public void refresh() {
    refresher.read();
  }

  /** Does what is due, for tests that have no thread; the nanoseconds until the next thing is. */
  long tick() {
    long next = refresher.tick();
    return revocations == null ? next : Math.min(next, revocations.exchange().tick());
  }

  /** Stops the background threads, hands on what was revoked here last, and closes the store. */
  @Override
  public void close() {
    if (thread != null) {
      thread.stop();
    }
    if (revocationThread != null) {
      revocationThread.stop();
    }
    if (revocations != null) {
      revocations.exchange().close();
    }
    store.close();
  }

  /** The store; no keys. */
  @Override
  public String toString() {
    return "RotatingKeySource[" + store + "]";
  }

  /** Whether a node changes the ring. */
  public enum Role {
    /** Never. */
    READER,
    /** Publishes the next key when it is due, and puts back what a store has lost. */
    WRITER
  }

  /** What a node does that could not read the ring for the ring's staleness budget (N2). */
  public enum WhenStale {
    /**
     * Goes on with the keys it knows; new tokens end before an unseen successor could orphan them.
     */
    SERVE_KNOWN,
    /** Issues nothing more. Tokens of known keys are still accepted. */
    FENCE
  }

  /**
   * How many revocations a node has.
   *
   * @param sessions whose revocation it remembers now; at most 2,097,152
   * @param subjects likewise; at most 2,097,152
   * @param waiting revoked here and not handed on yet, as far as they are counted: to 16,384
   * @param forged records met since it started that no node of this ring and release has made
   */
  public record RevocationCounts(int sessions, int subjects, int waiting, long forged) {}

  /** Collects what a source works with. Not thread-safe. */
  public static final class Builder {
    private final KeyRingStore store;
    private final KeyEncryptionKey kek;
    private @Nullable String ring;
    private @Nullable String lineage;
    private Role role = Role.READER;
    private WhenStale whenStale = WhenStale.SERVE_KNOWN;
    private RingRefresher.@Nullable Bootstrap bootstrap;
    private InstantSource clock = InstantSource.system();
    private LongSupplier nanos = System::nanoTime;
    private SecureRandom random = new SecureRandom();
    private @Nullable String node;
    private boolean revocations;
    private @Nullable Duration revocationsWithin;
    private boolean threaded = true;

    private Builder(KeyRingStore store, KeyEncryptionKey kek) {
      this.store = Objects.requireNonNull(store, "store");
      this.kek = Objects.requireNonNull(kek, "kek");
    }

    /** The name the ring must have; default any. */
    public Builder ring(String name) {
      RingJson.requireName(name);
      ring = name;
      return this;
    }

    /**
     * The lineage that the ring must have, as {@link KeyRingStatus#lineage} has it; default any.
     * Needed for a ring that is sealed for recipients: anybody with their public keys can make one,
     * but none of this lineage.
     *
     * @throws IllegalArgumentException if it cannot be one
     */
    public Builder lineage(String id) {
      lineage = Lineage.require(id);
      return this;
    }

    /** Whether this node changes the ring; default {@link Role#READER}. */
    public Builder role(Role newRole) {
      role = Objects.requireNonNull(newRole, "role");
      return this;
    }

    /** What to do without news for too long; default {@link WhenStale#SERVE_KNOWN}. */
    public Builder whenStale(WhenStale rule) {
      whenStale = Objects.requireNonNull(rule, "whenStale");
      return this;
    }

    /**
     * Creates the ring if there is definitely none; default is to fail instead, which is right for
     * production: an empty place is more often a wrong one.
     */
    public Builder bootstrap(String name, RotationPolicy policy) {
      ring(name);
      bootstrap = new RingRefresher.Bootstrap(name, Objects.requireNonNull(policy, "policy"));
      return this;
    }

    /**
     * Tells the store once per refresh interval how this node is doing, for {@code satchel-keys
     * status --nodes}; default it does not. Nodes of one ring need different names. Where the store
     * keeps no reports or refuses them, the log says so once, and nothing else happens.
     *
     * @param name 1 to 64 of {@code A-Z a-z 0-9 . _ -}, the first not a dot
     */
    public Builder node(String name) {
      node = NodeName.require(name);
      return this;
    }

    /**
     * Shares {@linkplain RotatingKeySource#revocations() revocations of sessions} through the
     * store; default it does not. All nodes of a ring should, or those that do not accept what
     * others revoked. While the store is away, the node goes on with what it knows.
     */
    public Builder revocations() {
      revocations = true;
      return this;
    }

    /**
     * As {@link #revocations()}, but no token is accepted while this node has not read for so long
     * what others revoked: {@link dev.satchel.Rejection#UNVERIFIABLE}, which the filter answers
     * with 503, and the client keeps its token.
     *
     * @param within at least twice the probe interval of the ring
     */
    public Builder revocations(Duration within) {
      revocations = true;
      revocationsWithin = Objects.requireNonNull(within, "within");
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

    /** The source of keys, ids and jitter; default a new {@link SecureRandom}. */
    public Builder random(SecureRandom source) {
      random = Objects.requireNonNull(source, "random");
      return this;
    }

    /** No thread: whoever builds it calls {@link RotatingKeySource#tick}. */
    Builder withoutThread() {
      threaded = false;
      return this;
    }

    /**
     * Reads the ring and starts the background thread.
     *
     * @throws KeyRingException if there is no ring, or it cannot be read, or a writer is to work
     *     with a store that is read only
     */
    public RotatingKeySource build() {
      return new RotatingKeySource(this);
    }
  }
}
