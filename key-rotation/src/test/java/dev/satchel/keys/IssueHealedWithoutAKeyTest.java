package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.keys.RotatingKeySource.Role;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Found in what scenario LOSSY of the simulation leaves: the store forgot a revocation, an operator
 * revoked the other key, and the union of both had no key, nor ever a next one.
 */
class IssueHealedWithoutAKeyTest {

  @Test
  void union_eachSideRevokedTheOthersKey_hasOneToSignWith() {
    RingFixture ring = new RingFixture();
    String first = ring.init().keys().get(0).id();
    ring.custodian.emergencyRotation().commit();
    String second = ring.custodian.status().keys().get(1).id();
    ring.time.advance(Duration.ofMinutes(5));
    KeyRingStore.Stored forgottenTo = ring.store.read().orElseThrow();
    ring.custodian.revocation(Set.of(first)).commit();
    FaultyStore store = new FaultyStore(ring.store);
    RotatingKeySource writer = ring.source(store).role(Role.WRITER).build();
    ring.time.advance(Duration.ofMinutes(5));

    MemoryKeyRingStore restored = new MemoryKeyRingStore(ring.time);
    restored.compareAndSet(KeyRingStore.ABSENT, forgottenTo.document());
    KeyCustodian elsewhere =
        new KeyCustodian(restored, ring.kek, null, ring.time, new SeededRandom(8));
    RingDocument held =
        new RingRepository(ring.store, ring.kek, null, null, new SeededRandom(1))
            .load()
            .orElseThrow()
            .dated();
    elsewhere.revocation(Set.of(second)).commit();
    elsewhere.healing(held, "hash").commit();

    KeyRingStatus healed = elsewhere.status();
    assertThat(healed.keys())
        .filteredOn(key -> key.phase() == KeyPhase.REVOKED)
        .extracting(KeyRingStatus.Key::id)
        .contains(first, second);
    assertThat(healed.active()).isPresent();
    assertThat(healed.rotationDueAt()).isPresent();
    assertThat(writer.current().issuing()).isPresent();
  }
}
