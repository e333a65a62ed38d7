package dev.satchel.keys;

import dev.satchel.keys.RotatingKeySource.Role;
import dev.satchel.keys.RotatingKeySource.WhenStale;
import java.time.Duration;
import java.util.Random;
import java.util.Set;

/** Which faults a simulated cluster suffers. */
enum Scenario {
  /** Lag, skew, partitions, outages, lost answers, pauses, restarts. */
  ROUGH,

  /** The same, in production: the ring is there, nobody may create one, and one node writes. */
  ESTABLISHED {
    @Override
    boolean mayBootstrap() {
      return false;
    }

    @Override
    Role role(int node) {
      return node == 0 ? Role.WRITER : Role.READER;
    }

    @Override
    WhenStale whenStale(int node) {
      return node % 2 == 0 ? WhenStale.SERVE_KNOWN : WhenStale.FENCE;
    }
  },

  /** Operators rotate in an emergency and revoke. */
  OPERATED {
    @Override
    void faults(ClusterSimulation world) {
      super.faults(world);
      operators(world);
    }
  },

  /** Commits arrive hours after they were dated, and revocations hit what they brought. */
  SLOW_COMMITS {
    @Override
    void faults(ClusterSimulation world) {
      super.faults(world);
      operators(world);
    }

    @Override
    Role role(int node) {
      return node == 0 ? Role.WRITER : Role.READER; // Nobody else is faster.
    }

    @Override
    double pauses() {
      return 0.8;
    }
  },

  /**
   * One node's clock is more than a period ahead or behind. Its own verdicts do not count; its
   * tokens do.
   */
  WILD_CLOCK {
    @Override
    Duration skew(int node, Random random) {
      if (node != 0) {
        return super.skew(node, random);
      }
      Duration wild = random.nextBoolean() ? Duration.ofHours(5) : Duration.ofDays(1);
      return random.nextBoolean() ? wild : wild.negated();
    }
  },

  /**
   * Clocks are set wrong, again and again, and set right: what a node does on a right one counts.
   */
  CLOCK_SET {
    @Override
    void faults(ClusterSimulation world) {
      super.faults(world);
      world.fault(Duration.ofHours(2), () -> setClock(world, world.anyNode(), 3));
    }

    private void setClock(ClusterSimulation world, SimulatedNode node, int times) {
      boolean right = times == 0 || world.isQuiet();
      if (world.chance(0.5)) {
        world.restart(node); // A young node goes by dates (N3(b)).
      }
      Duration off =
          switch (world.random().nextInt(4)) {
            case 0 -> Duration.ofDays(1);
            case 1 -> Duration.ofHours(5);
            case 2 -> ClusterSimulation.POLICY.lead();
            default -> world.between(Duration.ofMinutes(1), Duration.ofMinutes(15));
          };
      Duration wrong = world.random().nextBoolean() ? off : off.negated();
      node.setClock(right ? skew(node.number, world.random()) : wrong);
      if (right) {
        world.watch().issue(node); // Before it has read again.
      } else {
        world.in(
            world.between(Duration.ofSeconds(10), Duration.ofMinutes(30)),
            () -> setClock(world, node, world.random().nextInt(times)));
      }
    }
  },

  /** Two nodes stay; the others are functions that start, serve for seconds or minutes, and die. */
  SHORT_LIVED {
    @Override
    void faults(ClusterSimulation world) {
      super.faults(world);
      for (int i = 2; i < nodes(); i++) {
        SimulatedNode function = world.node(i);
        world.fault(
            Duration.ofMinutes(25),
            () -> {
              if (function.paused) {
                return;
              }
              world.boot(function);
              Duration life =
                  world.random().nextBoolean()
                      ? world.between(Duration.ofSeconds(1), Duration.ofSeconds(30))
                      : world.between(Duration.ofMinutes(1), Duration.ofMinutes(12));
              RotatingKeySource born = function.source;
              world.in(Duration.ofMillis(500), () -> world.watch().issue(function));
              world.in(
                  life,
                  () -> {
                    if (function.source == born && !function.paused && !world.isQuiet()) {
                      function.stop();
                    }
                  });
            });
      }
    }

    @Override
    Role role(int node) {
      return node < 2 ? Role.WRITER : Role.READER;
    }
  },

  /** Machines are frozen and come back hours later, in several copies with one random generator. */
  CLONES {
    @Override
    void faults(ClusterSimulation world) {
      super.faults(world);
      world.fault(
          Duration.ofHours(3),
          () -> {
            SimulatedNode donor = world.anyNode();
            Duration later = world.between(Duration.ofMinutes(1), Duration.ofHours(8));
            for (SimulatedNode copy : world.nodes()) {
              if (copy.number != 0 && world.random().nextBoolean()) {
                Duration apart = world.between(Duration.ZERO, Duration.ofHours(9));
                world.snapshot(
                    donor, copy, world.random().nextBoolean() ? later : later.plus(apart));
              }
            }
          });
    }

    @Override
    boolean mayBootstrap() {
      return false;
    }
  },

  /** The store's document is unreadable for a while, and nodes start then. */
  UNREADABLE {
    @Override
    void faults(ClusterSimulation world) {
      super.faults(world);
      world.fault(
          Duration.ofHours(3),
          () -> {
            world.store().garbage(true);
            world.in(
                Duration.ofMinutes(15),
                () -> {
                  world.store().garbage(false);
                  world.nodes().forEach(SimulatedNode::disturbed);
                });
            world.in(Duration.ofMinutes(1), () -> world.restart(world.anyNode()));
          });
    }
  },

  /** The store loses acknowledged commits, or everything; the first node survives. */
  LOSSY {
    @Override
    void faults(ClusterSimulation world) {
      partitionsOutagesRestarts(world, 1);
      operators(world);
      world.fault(
          Duration.ofHours(7),
          () -> {
            if (world.random().nextBoolean()) {
              world.store().lose(1 + world.random().nextInt(2));
            } else {
              world.store().wipe();
            }
          });
      world.fault(
          Duration.ofHours(6),
          () -> {
            revokeActive(world);
            world.in(
                world.between(Duration.ofMinutes(1), Duration.ofMinutes(20)),
                () -> loseAndGoOn(world));
          });
    }

    /** What was revoked lives again, and the store is ahead of those who know better. */
    private void loseAndGoOn(ClusterSimulation world) {
      if (!world.isQuiet()) {
        if (world.random().nextBoolean()) {
          world.store().lose(3); // Behind those who know better, and a revocation is made there.
          revokeActive(world);
          return;
        }
        world.store().lose(1);
        world.operate(c -> c.emergencyRotation().commit());
        world.operate(
            c ->
                c.revocation(Set.of(c.status().keys().get(c.status().keys().size() - 1).id()))
                    .commit());
      }
    }

    @Override
    boolean isLossy() {
      return true;
    }

    @Override
    boolean mayBootstrap() {
      return false;
    }
  },

  /** Two halves of the cluster each have a store for hours; then one of the two counts. */
  FORKED {
    @Override
    void faults(ClusterSimulation world) {
      partitionsOutagesRestarts(world, 1);
      operators(world);
      world.fault(
          Duration.ofHours(8),
          () -> {
            world.fork();
            world.in(world.between(Duration.ofMinutes(20), Duration.ofHours(3)), world::merge);
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
  },

  /** A store that keeps no time; commits take no longer than the policy says. */
  NO_STORE_CLOCK {
    @Override
    boolean storeHasClock() {
      return false;
    }

    @Override
    double pauses() {
      return 0;
    }
  },

  /** Clocks as far off as the policy allows, and tokens at the edges of every phase. */
  EDGES {
    @Override
    void faults(ClusterSimulation world) {
      // Lag alone: here nobody's session may be cut.
    }

    @Override
    double pauses() {
      return 0;
    }

    @Override
    Duration skew(int node, Random random) {
      Duration bound = ClusterSimulation.POLICY.clockSkew();
      return switch (node) {
        case 0 -> bound;
        case 1 -> bound.negated();
        default -> super.skew(node, random);
      };
    }

    @Override
    boolean isAtTheEdge() {
      return true;
    }

    @Override
    Duration pace() {
      return Duration.ofMinutes(30);
    }
  };

  void faults(ClusterSimulation world) {
    partitionsOutagesRestarts(world, 0);
  }

  int nodes() {
    return 4;
  }

  /** How far a node's clock is ahead. */
  Duration skew(int node, Random random) {
    long bound = ClusterSimulation.POLICY.clockSkew().toMillis();
    return Duration.ofMillis((long) ((random.nextDouble() * 2 - 1) * bound));
  }

  Role role(int node) {
    return node == nodes() - 1 ? Role.READER : Role.WRITER;
  }

  WhenStale whenStale(int node) {
    return WhenStale.SERVE_KNOWN;
  }

  /** How likely a commit is held up between key and store. */
  double pauses() {
    return 0.3;
  }

  /** How often a node issues a token. */
  Duration pace() {
    return Duration.ofMinutes(12);
  }

  boolean isLossy() {
    return false;
  }

  boolean mayBootstrap() {
    return true;
  }

  boolean storeHasClock() {
    return true;
  }

  boolean isAtTheEdge() {
    return false;
  }

  private static void partitionsOutagesRestarts(ClusterSimulation world, int firstToRestart) {
    world.fault(
        Duration.ofHours(2),
        () ->
            world.partition(
                world.anyNode(), world.between(Duration.ofMinutes(5), Duration.ofMinutes(150))));
    world.fault(
        Duration.ofHours(5),
        () -> world.storeDown(world.between(Duration.ofMinutes(1), Duration.ofMinutes(90))));
    world.fault(
        Duration.ofHours(3),
        () -> {
          SimulatedNode node = world.anyNode();
          if (node.number >= firstToRestart) {
            world.restart(node);
          }
        });
  }

  private static void operators(ClusterSimulation world) {
    world.fault(Duration.ofHours(5), () -> world.operate(c -> c.emergencyRotation().commit()));
    world.fault(Duration.ofHours(7), () -> revokeActive(world));
  }

  private static void revokeActive(ClusterSimulation world) {
    world.operate(
        c -> {
          var active = c.status().active();
          if (active.isPresent()) {
            c.revocation(Set.of(active.get().id())).commit();
          }
        });
  }
}
