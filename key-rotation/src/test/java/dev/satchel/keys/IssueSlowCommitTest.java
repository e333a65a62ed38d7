package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Found by the simulation, scenario SLOW_COMMITS: the date of a commit that took hours is the
 * store's (b.1), and has to outlive the next commit.
 */
class IssueSlowCommitTest {
  private static final RotationPolicy POLICY = RotationPolicy.defaults();
  private static final Duration SLOW = Duration.ofHours(5);

  /** I2: the key retired nobody before it was there, and a tombstone must not say so. */
  @Test
  void revocation_ofAKeyThatCameLate_predecessorVerifiesAsLong() {
    RingFixture ring = new RingFixture();
    String first = ring.init().keys().get(0).id();
    ring.time.advance(POLICY.period().minus(POLICY.lead()));
    RingChange rotation = ring.custodian.rotation();
    ring.time.advance(SLOW);
    rotation.commit();
    Instant before = verifyUntil(ring, first);
    String second = ring.custodian.status().keys().get(1).id();
    ring.time.advance(POLICY.lead());
    ring.custodian.revocation(Set.of(second)).commit();
    assertThat(verifyUntil(ring, first)).isEqualTo(before);
  }

  @Test
  void healing_overADocumentThatCameLate_keepsTheStoresDate() {
    RingKey first = KeyTimelineTest.key(1, ManualTime.START, ManualTime.START, Origin.BOOTSTRAP);
    Instant made = ManualTime.START.plus(Duration.ofDays(6));
    // Of the epoch of its document, as KeyTimelineTest makes them.
    RingKey late = KeyTimelineTest.key(9, made, made.plus(POLICY.lead()), Origin.SCHEDULED);
    Instant committed = made.plus(SLOW);
    RingDocument held = KeyTimelineTest.ring(List.of(first), List.of());
    RingRepository.Loaded there =
        new RingRepository.Loaded(
            KeyTimelineTest.ring(List.of(first, late), List.of()),
            "hash",
            9,
            Optional.of(committed));
    RingDocument healed =
        new RingSuccession(new SeededRandom(3))
            .healed(held, "other", there, committed.plus(Duration.ofHours(1)));
    assertThat(healed.key(late.id()).orElseThrow().publishedAt()).isEqualTo(committed);
  }

  /** Of two tombstones, the later retirement is the one that knows of the store's date. */
  @Test
  void union_tombstonesOfOneKey_laterRetirementStays() {
    RingKey key =
        KeyTimelineTest.key(
            2, ManualTime.START, ManualTime.START.plus(POLICY.lead()), Origin.SCHEDULED);
    Instant revoked = ManualTime.START.plus(Duration.ofDays(2));
    Tombstone unaware = Tombstone.of(key, Tombstone.Why.REVOKED, revoked, POLICY);
    Tombstone aware =
        Tombstone.of(
            key.publishedNoEarlierThan(ManualTime.START.plus(SLOW)),
            Tombstone.Why.REVOKED,
            revoked.plusSeconds(1),
            POLICY);
    assertThat(unaware.merge(aware)).isEqualTo(aware.merge(unaware));
    assertThat(unaware.merge(aware).at()).isEqualTo(revoked);
    assertThat(unaware.merge(aware).retiresAt()).isEqualTo(aware.retiresAt());
  }

  private static Instant verifyUntil(RingFixture ring, String id) {
    return ring.custodian.status().keys().stream()
        .filter(key -> key.id().equals(id))
        .findFirst()
        .orElseThrow()
        .verifyUntil();
  }
}
