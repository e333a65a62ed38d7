package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.keys.KeyRingStore.Stored;
import dev.satchel.keys.RotatingKeySource.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** N1: a store that lost the ring, or a part of its history, under running nodes. */
class HealedRingTest {
  private final RingFixture ring = new RingFixture();
  private final FaultyStore store = new FaultyStore(ring.store);

  /** N1: the store is emptied under running nodes. */
  @Test
  void wiped_writerPutsTheSameRingBack() {
    String lineage = ring.init().lineage();
    KeyRingStore empty = new MemoryKeyRingStore(ring.time);
    PassingStore place = new PassingStore(ring.store);
    RotatingKeySource reader = ring.source(place).build();
    RotatingKeySource writer = ring.source(place).role(Role.WRITER).build();
    place.to = empty;
    ring.time.advance(Duration.ofSeconds(61));
    reader.tick();
    assertThat(reader.health().alarms()).contains(KeyRingAlarm.WIPED);
    assertThat(reader.current().issuing()).isPresent();
    for (int i = 0; i < 3; i++) {
      assertThat(empty.read()).as("empty for a moment proves nothing").isEmpty();
      writer.tick();
      ring.time.advance(Duration.ofSeconds(11));
    }
    assertThat(empty.read()).isPresent();
    ring.pass(Duration.ofMinutes(10), reader, writer);
    assertThat(reader.health().alarms()).isEmpty();
    assertThat(reader.status().lineage()).isEqualTo(lineage);
    assertThat(reader.status().epoch()).isEqualTo(2);
  }

  /** N1: restored from a backup; revocations survive (I6). */
  @Test
  void rolledBack_revokedKeyStaysRevoked() {
    String first = ring.init().keys().get(0).id();
    Stored backup = ring.store.read().orElseThrow();
    RotatingKeySource writer = ring.source(store).role(Role.WRITER).build();
    ring.custodian.revocation(Set.of(first)).commit();
    ring.pass(Duration.ofMinutes(10), writer);
    MemoryKeyRingStore restored = new MemoryKeyRingStore(ring.time);
    restored.compareAndSet(KeyRingStore.ABSENT, backup.document());
    PassingStore place = new PassingStore(store);
    RotatingKeySource other = ring.source(place).role(Role.WRITER).build();
    place.to = restored;
    ring.pass(Duration.ofMinutes(20), other);
    assertThat(other.current().find(first)).isEmpty();
    KeyCustodian after = new KeyCustodian(restored, ring.kek, null, ring.time, new SeededRandom(7));
    assertThat(after.status().keys())
        .anySatisfy(
            key -> {
              assertThat(key.id()).isEqualTo(first);
              assertThat(key.phase()).isEqualTo(KeyPhase.REVOKED);
            });
  }

  @Test
  void rolledBack_manyWriters_healOnce() {
    ring.init();
    Stored backup = ring.store.read().orElseThrow();
    PassingStore place = new PassingStore(ring.store);
    ring.time.advance(Duration.ofMinutes(10));
    ring.custodian.emergencyRotation().commit();
    List<RotatingKeySource> writers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      writers.add(ring.source(place).role(Role.WRITER).build());
    }
    MemoryKeyRingStore restored = new MemoryKeyRingStore(ring.time);
    restored.compareAndSet(KeyRingStore.ABSENT, backup.document());
    place.to = restored;
    ring.time.advance(Duration.ofMinutes(5));
    writers.forEach(RotatingKeySource::refresh);
    writers.forEach(RotatingKeySource::tick);
    assertThat(writers.get(9).health().epoch()).isEqualTo(3);
  }

  /** I6: the commit that revoked a key is lost, and another one takes its place. */
  @ParameterizedTest
  @CsvSource({"READER,1", "READER,2", "READER,3", "WRITER,1", "WRITER,2", "WRITER,3"})
  void forked_revokedKeyStaysRevoked(Role role, int commits) {
    String first = ring.init().keys().get(0).id();
    Stored before = ring.store.read().orElseThrow();
    PassingStore place = new PassingStore(ring.store);
    RotatingKeySource node = ring.source(place).role(role).build();
    ring.time.advance(Duration.ofMinutes(5));
    ring.custodian.revocation(Set.of(first)).commit();
    node.refresh();
    assertThat(node.current().find(first)).isEmpty();
    MemoryKeyRingStore other = new MemoryKeyRingStore(ring.time);
    other.compareAndSet(KeyRingStore.ABSENT, before.document());
    KeyCustodian unaware = new KeyCustodian(other, ring.kek, null, ring.time, new SeededRandom(8));
    for (int i = 0; i < commits; i++) {
      unaware.emergencyRotation().commit();
      ring.time.advance(Duration.ofMinutes(10));
    }
    place.to = other;
    for (int i = 0; i < 20; i++) {
      node.tick();
      assertThat(node.current().find(first)).isEmpty();
      if (role == Role.READER) {
        assertThat(node.health().alarms()).contains(KeyRingAlarm.FORKED);
      }
      ring.time.advance(Duration.ofMinutes(1));
    }
    if (role == Role.WRITER) {
      assertThat(node.health().alarms()).isEmpty();
      assertThat(unaware.status().keys())
          .filteredOn(key -> key.id().equals(first))
          .extracting(KeyRingStatus.Key::phase)
          .containsExactly(KeyPhase.REVOKED);
    }
  }

  /** The chain of documents: the next epoch follows from this one, or something else did. */
  @Test
  void nextEpochOfAnotherHistory_alarm() {
    ring.init();
    MemoryKeyRingStore other = new MemoryKeyRingStore(ring.time);
    other.compareAndSet(KeyRingStore.ABSENT, ring.store.read().orElseThrow().document());
    KeyCustodian elsewhere =
        new KeyCustodian(other, ring.kek, null, ring.time, new SeededRandom(8));
    ring.time.advance(Duration.ofMinutes(10));
    ring.custodian.emergencyRotation().commit();
    PassingStore place = new PassingStore(ring.store);
    RotatingKeySource node = ring.source(place).build();
    elsewhere.emergencyRotation().commit();
    ring.time.advance(Duration.ofMinutes(10));
    elsewhere.emergencyRotation().commit();
    place.to = other;
    node.tick();
    assertThat(node.health().alarms()).contains(KeyRingAlarm.FORKED);
  }

  @Test
  void foreignRing_keptOut() {
    ring.init();
    RotatingKeySource writer = ring.source(store).role(Role.WRITER).build();
    String lineage = writer.status().lineage();
    MemoryKeyRingStore others = new MemoryKeyRingStore(ring.time);
    new KeyCustodian(others, ring.kek, null, ring.time, new SeededRandom(70))
        .creation("shop", RotationPolicy.defaults())
        .commit();
    store.instead = others.read();
    ring.pass(Duration.ofMinutes(10), writer);
    assertThat(writer.status().lineage()).isEqualTo(lineage);
    assertThat(writer.health().alarms()).contains(KeyRingAlarm.FOREIGN_RING);
  }
}
