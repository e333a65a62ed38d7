package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Found by the simulation, scenario SLOW_COMMITS: where the only key is revoked, another signs at
 * once, but a node whose clock was a little slow had nothing to sign with until it caught up (I4).
 */
class IssueSlowClockAfterRevocationTest {
  private final RingFixture ring = new RingFixture();

  private RotatingKeySource slow() {
    return ring.source().clock(() -> ring.time.instant().minusSeconds(50)).build();
  }

  @Test
  void revocationOfTheOnlyKey_clockSlowWithinItsBounds_signsWithTheNewOne() {
    String first = ring.init().keys().get(0).id();
    ring.time.advance(Duration.ofDays(1));
    RotatingKeySource node = slow();
    ring.custodian.revocation(Set.of(first)).commit();
    node.refresh();
    assertThat(node.current().issuing()).isPresent();
    assertThat(node.current().find(first)).isEmpty();
  }

  @Test
  void bootstrap_clockSlowWithinItsBounds_signs() {
    ring.init();
    assertThat(slow().current().issuing()).isPresent();
  }
}
