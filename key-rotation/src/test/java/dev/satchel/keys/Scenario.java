package dev.satchel.keys;

import java.time.Duration;
import java.util.Random;

/** Which faults a simulated cluster suffers. */
enum Scenario {
  /** Lag, skew, partitions, outages, lost answers, pauses, restarts. */
  ROUGH {
    @Override
    void faults(ClusterSimulation world) {
      common(world);
    }
  },

  /** The same, in production: the ring is there, and nobody may create one. */
  ESTABLISHED {
    @Override
    void faults(ClusterSimulation world) {
      common(world);
    }

    @Override
    boolean mayBootstrap() {
      return false;
    }
  },

  /** The same, and operators who rotate in an emergency and revoke. */
  OPERATED {
    @Override
    void faults(ClusterSimulation world) {
      common(world);
      world.fault(
          Duration.ofHours(5),
          () ->
              world.operate(
                  (custodian, w) -> {
                    custodian.emergencyRotation().commit();
                    w.recordEmergencies();
                  }));
      world.fault(
          Duration.ofHours(7),
          () ->
              world.operate(
                  (custodian, w) -> {
                    var active = custodian.status().active();
                    if (active.isPresent()) {
                      custodian.revocation(java.util.Set.of(active.get().id())).commit();
                    }
                    w.recordEmergencies();
                  }));
    }
  },

  /**
   * One node's clock is more than a period ahead or behind. Its own verdicts do not count; its
   * tokens do.
   */
  WILD_CLOCK {
    @Override
    void faults(ClusterSimulation world) {
      common(world);
    }

    @Override
    Duration skew(int node, Random random, RotationPolicy policy) {
      return node == 0
          ? Duration.ofHours(random.nextBoolean() ? 5 : -5)
          : super.skew(node, random, policy);
    }

    @Override
    boolean isClockGood(SimulatedNode node) {
      return node.number != 0;
    }
  },

  /** The store's document is unreadable for a while, and nodes start then. */
  UNREADABLE {
    @Override
    void faults(ClusterSimulation world) {
      common(world);
      world.fault(
          Duration.ofHours(3),
          () -> {
            world.store().garbage(true);
            world.in(Duration.ofMinutes(15), () -> world.store().garbage(false));
            world.in(Duration.ofMinutes(1), () -> world.restart(world.anyNode()));
          });
    }
  },

  /** The store loses acknowledged commits, or everything. */
  LOSSY {
    @Override
    void faults(ClusterSimulation world) {
      common(world);
      world.fault(
          Duration.ofHours(9),
          () -> {
            if (world.random().nextBoolean()) {
              world.store().lose(1 + world.random().nextInt(2));
            } else {
              world.store().wipe();
            }
          });
    }

    @Override
    boolean isLossy() {
      return true;
    }

    @Override
    boolean mayBootstrap() {
      return false;
    }
  };

  abstract void faults(ClusterSimulation world);

  int nodes() {
    return 4;
  }

  Duration skew(int node, Random random, RotationPolicy policy) {
    long bound = policy.clockSkew().toMillis();
    return Duration.ofMillis((long) ((random.nextDouble() * 2 - 1) * bound));
  }

  boolean isClockGood(SimulatedNode node) {
    return true;
  }

  boolean isLossy() {
    return false;
  }

  boolean mayBootstrap() {
    return true;
  }

  private static void common(ClusterSimulation world) {
    world.fault(
        Duration.ofHours(2),
        () ->
            world.partition(
                world.anyNode(), world.between(Duration.ofMinutes(5), Duration.ofMinutes(150))));
    world.fault(
        Duration.ofHours(5),
        () -> world.storeDown(world.between(Duration.ofMinutes(1), Duration.ofMinutes(90))));
    world.fault(Duration.ofHours(3), () -> world.restart(world.anyNode()));
  }
}
