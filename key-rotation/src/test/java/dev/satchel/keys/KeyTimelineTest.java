package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyTimelineTest {
  private static final Instant START = ManualTime.START;
  private static final RotationPolicy POLICY = RotationPolicy.defaults();

  /** PROTOCOL.md (g) 14: total, monotone in time, never two active in one view. */
  @Test
  void phase_anyRing_totalMonotoneAndOneActive() {
    Random random = new Random(11);
    for (int ring = 0; ring < 200; ring++) {
      RingDocument document = anyRing(random);
      KeyTimeline timeline = new KeyTimeline(document);
      Map<String, KeyPhase> last = new java.util.HashMap<>();
      for (int hour = -48; hour < 24 * 80; hour += 1 + random.nextInt(9)) {
        Instant now = START.plus(Duration.ofHours(hour));
        int active = 0;
        for (RingKey key : document.keys()) {
          KeyPhase phase = timeline.phase(key, now);
          KeyPhase before = last.put(key.id(), phase);
          assertThat(before == null || before.compareTo(phase) <= 0)
              .as("ring %d: %s after %s", ring, phase, before)
              .isTrue();
          active += phase == KeyPhase.ACTIVE ? 1 : 0;
        }
        assertThat(active).isLessThanOrEqualTo(1);
      }
    }
  }

  /** merge is commutative, associative and idempotent. */
  @Test
  void union_anyRings_isASemilattice() {
    Random random = new Random(12);
    for (int i = 0; i < 100; i++) {
      RingDocument base = anyRing(random);
      RingDocument a = part(base, random);
      RingDocument b = part(base, random);
      RingDocument c = part(base, random);
      assertThat(content(a.union(b))).isEqualTo(content(b.union(a)));
      assertThat(content(a.union(b).union(c))).isEqualTo(content(a.union(b.union(c))));
      assertThat(content(a.union(a))).isEqualTo(content(a));
    }
  }

  @Test
  void timeline_twoKeys_successorRetiresPredecessor() {
    RingKey first = key(1, START, START, Origin.BOOTSTRAP);
    RingKey second =
        key(2, START.plus(Duration.ofDays(6)), START.plus(Duration.ofDays(7)), Origin.SCHEDULED);
    KeyTimeline timeline = new KeyTimeline(ring(List.of(second, first), List.of()));
    assertThat(timeline.deactivateAt(first)).isEqualTo(second.activateAt());
    assertThat(timeline.verifyUntil(first)).isEqualTo(second.activateAt().plus(POLICY.retention()));
    assertThat(timeline.phase(second, START.plus(Duration.ofDays(6))))
        .isEqualTo(KeyPhase.PRE_ACTIVATION);
    assertThat(KeyPhase.PRE_ACTIVATION.verifies()).isTrue();
  }

  @Test
  void timeline_noSuccessor_signsUntilNotAfter() {
    RingKey only = key(1, START, START, Origin.BOOTSTRAP);
    KeyTimeline timeline = new KeyTimeline(ring(List.of(only), List.of()));
    assertThat(timeline.phase(only, only.notAfter().minusMillis(1))).isEqualTo(KeyPhase.ACTIVE);
    assertThat(timeline.phase(only, only.notAfter())).isEqualTo(KeyPhase.DEACTIVATED);
  }

  /** A retirement is not undone because the successor was revoked. */
  @Test
  void timeline_revokedSuccessor_stillRetired() {
    RingKey first = key(1, START, START, Origin.BOOTSTRAP);
    RingKey second =
        key(2, START.plus(Duration.ofDays(6)), START.plus(Duration.ofDays(7)), Origin.SCHEDULED);
    Instant revoked = START.plus(Duration.ofDays(8));
    KeyTimeline timeline =
        new KeyTimeline(
            ring(
                List.of(first),
                List.of(Tombstone.of(second, Tombstone.Why.REVOKED, revoked, POLICY))));
    assertThat(timeline.phase(first, revoked)).isEqualTo(KeyPhase.DEACTIVATED);
  }

  /** Revoked before it took over, it never retired anybody. */
  @Test
  void timeline_successorRevokedEarly_predecessorGoesOn() {
    RingKey first = key(1, START, START, Origin.BOOTSTRAP);
    RingKey second =
        key(2, START.plus(Duration.ofDays(6)), START.plus(Duration.ofDays(7)), Origin.SCHEDULED);
    Instant revoked = START.plus(Duration.ofDays(6)).plusSeconds(1);
    KeyTimeline timeline =
        new KeyTimeline(
            ring(
                List.of(first),
                List.of(Tombstone.of(second, Tombstone.Why.REVOKED, revoked, POLICY))));
    assertThat(timeline.phase(first, START.plus(Duration.ofDays(8)))).isEqualTo(KeyPhase.ACTIVE);
  }

  /** I2: whoever is cut off signs on with the old key for a lead, also in an emergency. */
  @Test
  void timeline_emergencyKey_predecessorVerifiesAsIfScheduled() {
    RingKey first = key(1, START, START, Origin.BOOTSTRAP);
    Instant published = START.plus(Duration.ofDays(2));
    RingKey second = key(2, published, published.plus(POLICY.emergencyLead()), Origin.FORCED);
    KeyTimeline timeline = new KeyTimeline(ring(List.of(first, second), List.of()));
    assertThat(timeline.deactivateAt(first)).isEqualTo(second.activateAt());
    assertThat(timeline.verifyUntil(first))
        .isEqualTo(published.plus(POLICY.lead()).plus(POLICY.retention()));
  }

  static RingDocument anyRing(Random random) {
    var keys = new ArrayList<RingKey>();
    var tombstones = new ArrayList<Tombstone>();
    Instant at = START;
    for (int epoch = 1; epoch <= 1 + random.nextInt(6); epoch++) {
      Instant published = at;
      boolean forced = random.nextInt(4) == 0;
      Instant activate =
          published.plus(forced || epoch == 1 ? Duration.ofSeconds(80) : POLICY.lead());
      RingKey key = key(epoch, published, activate, forced ? Origin.FORCED : Origin.SCHEDULED);
      if (random.nextInt(5) == 0) {
        Instant revoked = published.plus(Duration.ofHours(random.nextInt(200)));
        tombstones.add(Tombstone.of(key, Tombstone.Why.REVOKED, revoked, POLICY));
      } else {
        keys.add(key);
      }
      at = at.plus(Duration.ofHours(1 + random.nextInt(200)));
    }
    return ring(keys, tombstones);
  }

  private static RingDocument part(RingDocument whole, Random random) {
    var keys = new ArrayList<RingKey>();
    var tombstones = new ArrayList<Tombstone>(whole.tombstones());
    for (RingKey key : whole.keys()) {
      int fate = random.nextInt(3);
      if (fate == 0) {
        keys.add(key);
      } else if (fate == 1) {
        tombstones.add(Tombstone.of(key, Tombstone.Why.REVOKED, START, POLICY));
      }
    }
    tombstones.removeIf(each -> random.nextInt(3) == 0);
    return ring(keys, tombstones);
  }

  private static List<Object> content(RingDocument document) {
    return List.of(
        document.keys().stream().map(RingKey::id).sorted().toList(),
        document.tombstones().stream().map(Tombstone::toString).sorted().toList());
  }

  static RingKey key(long epoch, Instant published, Instant activate, Origin origin) {
    SeededRandom random = new SeededRandom(epoch);
    String id = new KeyId(new byte[32]).mint(epoch, random);
    return new RingKey(
        SessionKey.generate(id, TokenAlgorithm.A256GCM, random),
        epoch,
        published,
        activate,
        activate.plus(POLICY.signingLimit()),
        POLICY.retention(),
        origin,
        Map.of());
  }

  static RingDocument ring(List<RingKey> keys, List<Tombstone> tombstones) {
    return new RingDocument(
        "shop",
        "AAAAAAAAAAAAAAAAAAAAAA",
        new byte[32],
        9,
        null,
        POLICY,
        keys,
        tombstones,
        Map.of(),
        Map.of(),
        Seal.UNDECIDED);
  }
}
