package dev.satchel.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/**
 * One node of a simulated cluster: a production key source on clocks and a connection of its own.
 */
class SimulatedNode implements KeyRingStore {
  final int number;
  private final ClusterSimulation world;
  private final Random random;
  final Duration skew;
  private final long nanosOrigin;

  RotatingKeySource source;
  boolean paused;
  boolean partitioned;
  long highestEpoch;

  SimulatedNode(ClusterSimulation world, int number, Duration skew) {
    this.world = world;
    this.number = number;
    this.random = world.random();
    this.skew = skew;
    this.nanosOrigin = random.nextLong();
  }

  boolean isServing() {
    return source != null && !paused;
  }

  Instant wall() {
    return world.now().plus(skew);
  }

  long nanos() {
    return nanosOrigin + Duration.between(ManualTime.START, world.now()).toNanos();
  }

  /** A process start. Fails as in production where the ring cannot be read. */
  void start() {
    source = null;
    highestEpoch = 0;
    try {
      RotatingKeySource.Builder builder =
          RotatingKeySource.builder(this, KeyEncryptionKey.insecurePlaintext());
      if (world.mayBootstrap()) {
        builder.bootstrap("shop", world.policy());
      }
      source =
          builder
              .role(RotatingKeySource.Role.WRITER)
              .clock(this::wall)
              .monotonicClock(this::nanos)
              .random(new SeededRandom(random.nextLong()))
              .withoutThread()
              .build();
    } catch (KeyRingException e) {
      world.failedStart(this);
    }
  }

  @Override
  public Optional<Stored> read() {
    requireConnected();
    Instant seen = world.now().minus(world.lag());
    Optional<Stored> found = world.store().asOf(seen);
    world.maybePause(this, 0.02, Duration.ofMinutes(2)); // the answer is on its way
    requireConnected();
    return world.mutation().read(world, found);
  }

  @Override
  public OptionalLong probe() {
    requireConnected();
    return world
        .store()
        .asOf(world.now().minus(world.lag()))
        .map(stored -> OptionalLong.of(stored.revision()))
        .orElse(OptionalLong.empty());
  }

  @Override
  public Commit compareAndSet(long expectedRevision, byte[] document) {
    // The long pause of a collector or a hypervisor, with a key in hand and a date on it.
    world.maybePause(this, 0.3, Duration.ofMinutes(150));
    requireConnected();
    boolean lostRequest = world.chance(0.05);
    if (lostRequest) {
      return Commit.UNKNOWN;
    }
    Commit outcome = world.mutation().compareAndSet(world, expectedRevision, document);
    return world.chance(0.1) ? Commit.UNKNOWN : outcome;
  }

  @Override
  public Optional<Instant> time() {
    requireConnected();
    return Optional.of(world.now());
  }

  private void requireConnected() {
    if (partitioned || world.isStoreDown()) {
      throw new KeyRingException(KeyRingException.Reason.UNAVAILABLE, "no answer");
    }
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return "simulated";
  }
}
