package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Found by the simulation, scenario LOSSY, seed 2101: a store was set back to before a revocation
 * whose tombstone had done its time, and the union brought the revoked key back to life (I6).
 */
class IssueForgottenTombstoneTest {

  @Test
  void rolledBackFurtherThanTombstonesLive_revokedKeyStaysDead() {
    RingFixture ring = new RingFixture();
    ring.init();
    ring.custodian.emergencyRotation().commit();
    String second = ring.custodian.status().keys().get(1).id();
    ring.time.advance(Duration.ofMinutes(5));
    KeyRingStore.Stored backup = ring.store.read().orElseThrow();
    ring.custodian.revocation(Set.of(second)).commit();
    ring.time.advance(Duration.ofDays(3));
    ring.custodian.emergencyRotation().commit();
    ring.time.advance(Duration.ofDays(3));
    ring.custodian.emergencyRotation().commit();
    assertThat(ring.custodian.status().keys())
        .as("long forgotten")
        .noneMatch(key -> key.id().equals(second));

    FaultyStore place = new FaultyStore(ring.store);
    RotatingKeySource reader = ring.source(place).build();
    RingDocument held =
        new RingRepository(ring.store, ring.kek, null, null, new SeededRandom(1))
            .load()
            .orElseThrow()
            .dated();
    MemoryKeyRingStore restored = new MemoryKeyRingStore(ring.time);
    restored.compareAndSet(KeyRingStore.ABSENT, backup.document());
    KeyCustodian healer =
        new KeyCustodian(restored, ring.kek, null, ring.time, new SeededRandom(8));
    healer.healing(held, "hash").commit();
    assertThat(healer.status().keys())
        .filteredOn(key -> key.id().equals(second))
        .extracting(KeyRingStatus.Key::phase)
        .containsExactly(KeyPhase.REVOKED);
    place.instead = restored.read();
    reader.refresh();
    assertThat(reader.current().find(second)).isEmpty();
    assertThat(reader.current().issuing()).isPresent();
  }
}
