package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionKey;
import dev.satchel.keys.RotatingKeySource.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md (g) 23: nobody was there for weeks, then ten nodes start. */
class SleepingFleetTest {
  private static final int NODES = 10;

  /** After 20 days the old key may still sign; after 30 it may not, and a forced one follows. */
  @ParameterizedTest
  @ValueSource(ints = {20, 30})
  void start_afterLongSleep_oneKeyIsAddedAndNoTokenIsRefused(int days) {
    RingFixture ring = new RingFixture();
    String first = ring.init().keys().get(0).id();
    RotationPolicy policy = RotationPolicy.defaults();
    ring.time.advance(Duration.ofDays(days));
    List<RotatingKeySource> nodes = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      nodes.add(ring.source().random(new SeededRandom(i)).role(Role.WRITER).build());
    }
    boolean canSign = Duration.ofDays(days).compareTo(policy.signingLimit()) < 0;
    Set<String> signing = new HashSet<>();
    for (int second = 0; second < 600; second += 5) {
      for (RotatingKeySource node : nodes) {
        node.tick();
        node.current().issuing().map(SessionKey::id).ifPresent(signing::add);
        for (RotatingKeySource other : nodes) {
          node.current()
              .issuing()
              .ifPresent(key -> assertThat(other.current().find(key.id())).isPresent());
        }
      }
      ring.time.advance(Duration.ofSeconds(5));
    }
    KeyRingStatus status = ring.custodian.status();
    assertThat(status.epoch()).as("one rotation, not ten").isEqualTo(2);
    if (canSign) {
      assertThat(signing).as("no key that signs at once").containsExactly(first);
    } else {
      assertThat(signing).as("a forced one, in the end at all").hasSize(1).doesNotContain(first);
      nodes.forEach(node -> assertThat(node.current().issuing()).isPresent());
    }
  }
}
