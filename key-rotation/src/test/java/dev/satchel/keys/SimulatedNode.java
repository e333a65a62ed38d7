package dev.satchel.keys;

import java.lang.reflect.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One node of a simulated cluster: a production key source on clocks and a connection of its own.
 */
class SimulatedNode implements KeyRingStore {
  final int number;
  private final ClusterSimulation world;
  private Duration offset;
  private boolean clockGood;
  private long nanosOrigin;
  private CopyableRandom random;
  private Instant undisturbedSince;
  private Instant clockSetAt = Instant.MIN;
  private Instant readAt = Instant.EPOCH;
  private boolean thawing;
  private final Set<String> revokedSeen = new HashSet<>();
  private final ArrayDeque<Instant> reads = new ArrayDeque<>();
  private AtomicReference<Published> memory;

  RotatingKeySource source;
  boolean paused;
  boolean partitioned;
  long highestEpoch;

  SimulatedNode(ClusterSimulation world, int number, Duration offset) {
    this.world = world;
    this.number = number;
    setOffset(offset);
    this.nanosOrigin = world.random().nextLong();
    this.random = new CopyableRandom(world.random().nextLong());
    this.undisturbedSince = world.now();
  }

  boolean isServing() {
    return source != null && !paused;
  }

  Instant wall() {
    return world.now().plus(offset);
  }

  long nanos() {
    return nanosOrigin + Duration.between(ManualTime.START, world.now()).toNanos();
  }

  Duration offset() {
    return offset;
  }

  /** Somebody sets the wall clock. */
  void setClock(Duration newOffset) {
    setOffset(newOffset);
    clockSetAt = world.now();
  }

  private void setOffset(Duration newOffset) {
    offset = newOffset;
    clockGood = newOffset.abs().compareTo(ClusterSimulation.POLICY.clockSkew()) <= 0;
  }

  boolean isClockGood() {
    return clockGood;
  }

  /** Whether the clock was set since the last read: a wrong date may be in what it went by. */
  boolean clockSetSinceRead() {
    return !clockSetAt.isBefore(readAt);
  }

  /** It could not reach the store, or did not run, until now. */
  void disturbed() {
    undisturbedSince = world.now();
  }

  Instant undisturbedSince() {
    return partitioned ? Instant.MAX : undisturbedSince;
  }

  CopyableRandom random() {
    return random;
  }

  void sawRevoked(String id) {
    revokedSeen.add(id);
  }

  boolean hasSeenRevoked(String id) {
    return revokedSeen.contains(id);
  }

  Set<String> revokedSeen() {
    return revokedSeen;
  }

  /** A process start. Fails as in production where the ring cannot be read. */
  void start() {
    stop();
    Scenario scenario = world.scenario();
    try {
      RotatingKeySource.Builder builder =
          RotatingKeySource.builder(this, KeyEncryptionKey.insecurePlaintext());
      if (scenario.mayBootstrap()) {
        builder.bootstrap("shop", ClusterSimulation.POLICY);
      }
      source =
          builder
              .role(scenario.role(number))
              .whenStale(scenario.whenStale(number))
              .clock(this::wall)
              .monotonicClock(this::nanos)
              .random(random)
              .withoutThread()
              .build();
      memory = published(source);
    } catch (KeyRingException e) {
      world.failedStart(this);
    }
  }

  /** The process is gone, and what it knew. */
  void stop() {
    source = null;
    thawing = false;
    highestEpoch = 0;
    revokedSeen.clear();
    reads.clear();
    disturbed();
  }

  /** Of the ring it has now, as {@code status()} tells it, without working out every phase. */
  long epoch() {
    source.current();
    return memory.get().view().document().epoch();
  }

  /** When its last successful read began. */
  Instant readAt() {
    return readAt;
  }

  // Snapshots of a whole machine.

  Snapshot snapshot() {
    return new Snapshot(random.copy(), memory.get(), nanos(), Set.copyOf(revokedSeen));
  }

  /** This node becomes a copy of another as it was; monotonic clocks stood still meanwhile. */
  void restore(Snapshot taken) {
    start();
    if (source == null) {
      return;
    }
    random = taken.random();
    try {
      source =
          RotatingKeySource.builder(this, KeyEncryptionKey.insecurePlaintext())
              .role(world.scenario().role(number))
              .clock(this::wall)
              .monotonicClock(this::nanos)
              .random(random)
              .withoutThread()
              .build();
    } catch (KeyRingException e) {
      stop();
      world.failedStart(this);
      return;
    }
    reads.clear();
    Published view = taken.published();
    memory = published(source);
    memory.set(view);
    // A source counts from its start: now it is at the moment of the last read, and a little more.
    nanosOrigin += view.view().freshness().nanos() + 1;
    revokedSeen.addAll(taken.revokedSeen());
    thawing = true;
  }

  /** Back from a snapshot, and has not looked yet. */
  boolean isThawing() {
    return thawing;
  }

  /** The one thing of a source that a test has to reach into: its memory. */
  @SuppressWarnings("unchecked")
  private static AtomicReference<Published> published(RotatingKeySource source) {
    try {
      Field refresher = RotatingKeySource.class.getDeclaredField("refresher");
      refresher.setAccessible(true);
      Field published = RingRefresher.class.getDeclaredField("published");
      published.setAccessible(true);
      return (AtomicReference<Published>) published.get(refresher.get(source));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  record Snapshot(
      CopyableRandom random, Published published, long nanos, Set<String> revokedSeen) {}

  // The store as this node sees it.

  @Override
  public Optional<Stored> read() {
    countRead();
    requireConnected();
    Instant start = world.now();
    Instant seen = start.minus(world.lag());
    Optional<Stored> found = world.storeOf(this).asOf(seen);
    world.maybePause(this, 0.02, Duration.ofMinutes(2)); // the answer is on its way
    requireConnected();
    readAt = start;
    thawing = false;
    return world.mutation().read(world, found);
  }

  private void countRead() {
    if (number < 0
        || world.scenario().role(number) != RotatingKeySource.Role.READER
        || source == null) {
      return; // Writers also read before they write.
    }
    Instant since = world.now().minus(ClusterSimulation.POLICY.probeInterval());
    while (!reads.isEmpty() && !reads.peekFirst().isAfter(since)) {
      reads.removeFirst();
    }
    reads.addLast(world.now());
    world.watch().read(this, reads.size());
  }

  @Override
  public OptionalLong probe() {
    requireConnected();
    return world
        .storeOf(this)
        .asOf(world.now().minus(world.lag()))
        .map(stored -> OptionalLong.of(stored.revision()))
        .orElse(OptionalLong.empty());
  }

  @Override
  public Commit compareAndSet(long expectedRevision, byte[] document) {
    // The long pause of a collector or a hypervisor, with a key in hand and a date on it.
    world.maybePause(this, world.scenario().pauses(), Duration.ofMinutes(150));
    requireConnected();
    boolean lostRequest = world.chance(0.05);
    if (lostRequest) {
      return Commit.UNKNOWN;
    }
    world.committing(this);
    Commit outcome = world.mutation().compareAndSet(world, this, expectedRevision, document);
    // Another between the commit and what is told of it.
    world.maybePause(this, world.scenario().pauses() / 3, Duration.ofMinutes(150));
    return world.chance(0.1) ? Commit.UNKNOWN : outcome;
  }

  @Override
  public Optional<Instant> time() {
    requireConnected();
    return world.scenario().storeHasClock() ? Optional.of(world.now()) : Optional.empty();
  }

  private void requireConnected() {
    if (partitioned || world.isStoreDown()) {
      disturbed();
      throw new KeyRingException(KeyRingException.Reason.UNAVAILABLE, "no answer");
    }
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return "node " + number;
  }
}
