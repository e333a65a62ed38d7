package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.TokenAlgorithm;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Found by the simulation, scenario CLONES: copies of one machine draw the same numbers, and made
 * the same key under two ids (PROTOCOL.md (g) 25).
 */
class IssueSnapshotCopiesTest {

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void rotation_byThreeCopiesOneAfterTheOther_threeKeys(TokenAlgorithm algorithm) {
    RingFixture ring = new RingFixture();
    ring.init(algorithm);
    for (int copy = 0; copy < 3; copy++) {
      ring.time.advance(Duration.ofDays(6));
      ring.custodian(7).rotation().commit();
      ring.time.advance(Duration.ofDays(1));
    }
    List<RingKey> keys =
        new RingRepository(ring.store, ring.kek, null, null, new SeededRandom(1))
            .load()
            .orElseThrow()
            .document()
            .keys();
    assertThat(keys).hasSizeGreaterThanOrEqualTo(2);
    for (RingKey a : keys) {
      assertThat(keys.stream().filter(b -> a.material().hasSameMaterial(b.material())))
          .containsExactly(a);
    }
  }

  /** At the same time both make the same key under the same id, and one commit wins. */
  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void rotation_byTwoCopiesAtOnce_oneKey(TokenAlgorithm algorithm) {
    RingFixture ring = new RingFixture();
    ring.init(algorithm);
    ring.time.advance(Duration.ofDays(6));
    RingChange one = ring.custodian(7).rotation();
    ring.time.advance(Duration.ofSeconds(1));
    RingChange other = ring.custodian(7).rotation();
    assertThat(one.attempt()).isEqualTo(KeyRingStore.Commit.COMMITTED);
    assertThat(other.attempt()).isEqualTo(KeyRingStore.Commit.CONFLICT);
    assertThat(ring.custodian.status().keys()).hasSize(2);
  }
}
