package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Invariants I1 to I9 under faults, and that the simulation sees what breaks them. {@code
 * -Dsatchel.simulation.seeds=N} of each scenario, the first of them {@code
 * -Dsatchel.simulation.first=N}.
 */
class ClusterSimulationTest {
  private static final int SEEDS = Integer.getInteger("satchel.simulation.seeds", 80);
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
    var failed = new AtomicLong(Long.MAX_VALUE);
    List<Outcome> outcomes =
        LongStream.range(FIRST, FIRST + SEEDS)
            .parallel()
            .filter(seed -> seed < failed.get())
            .mapToObj(
                seed -> {
                  Outcome outcome = outcome(seed, scenario, Mutation.NONE);
                  if (outcome.failure() != null) {
                    failed.accumulateAndGet(seed, Math::min);
                  }
                  return outcome;
                })
            .toList();
    int tokens = 0;
    int retries = 0;
    int lost = 0;
    for (Outcome outcome : outcomes) {
      if (outcome.failure() != null) {
        throw new AssertionError(
            scenario
                + ", seed "
                + outcome.seed()
                + ": mvn -pl key-rotation -am test -Dtest=ClusterSimulationTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dsatchel.simulation.seeds=1"
                + " -Dsatchel.simulation.first="
                + outcome.seed(),
            outcome.failure());
      }
      tokens += outcome.tokens();
      retries += outcome.retries();
      lost += outcome.lost();
    }
    assertThat(outcomes).hasSize(SEEDS);
    // A simulation in which nothing happens proves nothing.
    assertThat(tokens).isGreaterThan(SEEDS * 200);
    assertThat(retries).isLessThan(tokens);
    // Of some ten showings a token; only a store that forgets what it acknowledged costs any.
    assertThat(lost).isLessThanOrEqualTo(scenario.isLossy() ? tokens / 8 : 0);
    System.out.printf(
        "%s: %d seeds, %d tokens, %d times 503, %d lost%n", scenario, SEEDS, tokens, retries, lost);
  }

  /**
   * A seed is a world of its own, in one thread: as many run at once as there are processors. Those
   * after one that failed are left out, so the one that is told of is the first.
   */
  private static Outcome outcome(long seed, Scenario scenario, Mutation mutation) {
    ClusterSimulation world = new ClusterSimulation(seed, scenario, mutation);
    Throwable failure = null;
    try {
      world.run(DAY);
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    ClusterWatch watch = world.watch();
    return new Outcome(seed, watch.tokens(), watch.retries(), watch.lost(), failure);
  }

  private record Outcome(long seed, int tokens, int retries, int lost, Throwable failure) {}

  /** By seeds of twenty, and by what is expected to break. */
  @ParameterizedTest
  @CsvSource({
    "NO_COMPARE_AND_SET, CLONES, I5, 10",
    "NO_COMPARE_AND_SET, ROUGH, I7, 15",
    "NO_LEAD_TIME, ROUGH, I1, 10",
    "NO_HOLD, WILD_CLOCK, I1, 1",
    "UNREADABLE_MEANS_EMPTY, UNREADABLE, I7, 5"
  })
  void broken_sameFaults_isCaught(
      Mutation mutation, Scenario scenario, String invariant, int atLeast) {
    List<Outcome> outcomes =
        LongStream.range(0, 20)
            .parallel()
            .mapToObj(seed -> outcome(seed, scenario, mutation))
            .toList();
    var caught = new TreeMap<String, Integer>();
    for (Outcome outcome : outcomes) {
      if (outcome.failure() instanceof ClusterSimulation.Violation violation) {
        caught.merge(violation.invariant(), 1, Integer::sum);
      } else {
        assertThat(outcome.failure()).as("seed %s", outcome.seed()).isNull();
      }
    }
    assertThat(caught.getOrDefault(invariant, 0))
        .as("%s: %s", mutation, caught)
        .isGreaterThanOrEqualTo(atLeast);
  }

  /** Rules of production taken out, and within how many seeds that is seen. */
  @ParameterizedTest
  @CsvSource({
    "NO_FENCE, ROUGH, I1, 5",
    "WALL_CLOCK_ONLY, WILD_CLOCK, I1, 20",
    "ANY_CLOCK_PROVES_DATES, WILD_CLOCK, I1, 20",
    "CLOCK_TRUSTED_FOR_GOOD, CLOCK_SET, I1, 40",
    "NO_PREDECESSOR, FORKED, I4, 10",
    "NO_CLIP_BY_KNOWN, EDGES, I2, 5",
    "NO_CLIP_BY_UNSEEN, ROUGH, I2, 5",
    "NO_CLIP_ON_CLOCK_SET_BACK, CLOCK_SET, I2, 40",
    "NO_GRACE, EDGES, full life, 5",
    "RETIRED_AT_ACTIVATION, OPERATED, I2, 5",
    "NO_STORE_DATE, SLOW_COMMITS, I2, 10",
    "NO_STORE_DATE_IN_TOMBSTONES, SLOW_COMMITS, I2, 20",
    "NO_LIMITER, ROUGH, I9, 5",
    "UNKNOWN_IS_DEAD, ROUGH, I2, 5",
    "NO_PROBE, OPERATED, I8, 5",
    "BURIED_KEYS_RETURN, LOSSY, I6, 5",
    "ROLLBACK_ADOPTED, LOSSY, I6, 5",
    "NO_HEALING, LOSSY, liveness, 20",
    "UNION_LOSES_TOMBSTONES, LOSSY, I6, 20",
    "ROTATES_TOO_LATE, ROUGH, liveness, 20",
    "NO_HEDGE, CLONES, one key, 20"
  })
  void ruleTakenOut_sameFaults_isCaught(
      SourceMutant mutant,
      Scenario scenario,
      String invariant,
      int seeds,
      @TempDir Path directory) {
    assertThat(mutant.firstCaught(directory, scenario, seeds)).contains(invariant);
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
