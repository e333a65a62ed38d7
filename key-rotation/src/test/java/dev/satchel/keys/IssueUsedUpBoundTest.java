package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.TokenAlgorithm;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * Found by the simulation, scenario CLONES: a bound that was handed out once and kept (N4) was
 * renewed only by a read, and without one tokens were born dead.
 */
class IssueUsedUpBoundTest {

  @Test
  void latestExpiry_storeAwayBeforeStaleness_isRenewedInTime() {
    RotationPolicy policy =
        RotationPolicy.of(
            TokenAlgorithm.A256GCM,
            Duration.ofDays(7),
            Duration.ofHours(24),
            Duration.ofMinutes(10),
            Duration.ofSeconds(10));
    RingFixture ring = new RingFixture();
    ring.custodian.creation("shop", policy).commit();
    FaultyStore store = new FaultyStore(ring.store);
    RotatingKeySource node = ring.source(store).build();
    ring.pass(Duration.ofHours(10), node);
    Instant kept = node.current().latestExpiry().orElseThrow();
    assertThat(kept).isBefore(ManualTime.START.plus(Duration.ofHours(26)));
    store.down = true;
    for (int hour = 11; hour < 33; hour++) {
      ring.time.advance(Duration.ofHours(1));
      node.tick();
      assertThat(node.health().stale()).isFalse();
      assertThat(node.current().latestExpiry().orElseThrow())
          .as("hour %d", hour)
          .isAfter(ring.time.instant().plus(policy.maxTokenLifetime()));
    }
  }
}
