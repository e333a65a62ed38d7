package dev.satchel.keys;

import java.time.Duration;

/** Where a changed class is run: loaded with it, called from outside. */
final class MutantRun {
  private MutantRun() {}

  /** The invariant that fails in the first of these seeds in which one does; null if none. */
  static String firstCaught(String scenario, int seeds) {
    for (long seed = 0; seed < seeds; seed++) {
      try {
        new ClusterSimulation(seed, Scenario.valueOf(scenario), Mutation.NONE)
            .run(Duration.ofHours(24));
      } catch (ClusterSimulation.Violation e) {
        return e.invariant();
      }
    }
    return null;
  }
}
