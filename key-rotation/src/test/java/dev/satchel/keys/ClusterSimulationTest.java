package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Invariants I1 to I7 under faults, and that the simulation sees what breaks them. {@code
 * -Dsatchel.simulation.seeds=100000} for a night; {@code -Dsatchel.simulation.first=N} for one seed
 * that failed.
 */
class ClusterSimulationTest {
  private static final int SEEDS = Integer.getInteger("satchel.simulation.seeds", 30);
  private static final long FIRST = Long.getLong("satchel.simulation.first", 0);
  private static final Duration DAY = Duration.ofHours(24);

  /** Alarms are what the faults are for. */
  private static final Logger LOGGER = Logger.getLogger("dev.satchel.keys");

  @BeforeAll
  static void quiet() {
    LOGGER.setLevel(Level.OFF);
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void asBuilt_anyFaults_invariantsHold(Scenario scenario) {
    int tokens = 0;
    int retries = 0;
    int lost = 0;
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      ClusterSimulation world = new ClusterSimulation(seed, scenario, Mutation.NONE);
      try {
        world.run(DAY);
      } catch (RuntimeException | Error e) {
        throw new AssertionError(
            scenario + ", seed " + seed + " (-Dsatchel.simulation.first=" + seed + ")", e);
      }
      tokens += world.watch().tokens();
      retries += world.watch().retries();
      lost += world.watch().lost();
    }
    // A simulation in which nothing happens proves nothing.
    assertThat(tokens).isGreaterThan(SEEDS * 200);
    assertThat(retries).isLessThan(tokens);
    // Of some ten showings a token; only a store that forgets what it acknowledged costs any.
    assertThat(lost).isLessThanOrEqualTo(scenario.isLossy() ? tokens / 20 : 0);
  }

  /** By seeds of twenty, and by what is expected to break. */
  @ParameterizedTest
  @CsvSource({
    "NO_COMPARE_AND_SET, ESTABLISHED, I5, 15",
    "NO_COMPARE_AND_SET, ROUGH, I7, 15",
    "NO_LEAD_TIME, ROUGH, I1, 10",
    "NO_HOLD, WILD_CLOCK, I1, 2",
    "UNREADABLE_MEANS_EMPTY, UNREADABLE, I7, 5"
  })
  void broken_sameFaults_isCaught(
      Mutation mutation, Scenario scenario, String invariant, int atLeast) {
    var caught = new TreeMap<String, Integer>();
    for (long seed = 0; seed < 20; seed++) {
      try {
        new ClusterSimulation(seed, scenario, mutation).run(DAY);
      } catch (ClusterSimulation.Violation e) {
        caught.merge(e.invariant(), 1, Integer::sum);
      }
    }
    assertThat(caught.getOrDefault(invariant, 0))
        .as("%s: %s", mutation, caught)
        .isGreaterThanOrEqualTo(atLeast);
  }

  @Test
  void sameSeed_sameRun() {
    ClusterSimulation first = new ClusterSimulation(42, Scenario.OPERATED, Mutation.NONE);
    ClusterSimulation second = new ClusterSimulation(42, Scenario.OPERATED, Mutation.NONE);
    first.run(DAY);
    second.run(DAY);
    assertThat(first.watch().tokens()).isEqualTo(second.watch().tokens());
    assertThat(first.watch().retries()).isEqualTo(second.watch().retries());
    assertThat(first.store().newest().epoch()).isEqualTo(second.store().newest().epoch());
  }
}
