package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.KeyRing;
import dev.satchel.KeySource.Absence;
import dev.satchel.SessionKey;
import dev.satchel.keys.KeyRingStore.Stored;
import dev.satchel.keys.RotatingKeySource.Role;
import dev.satchel.keys.RotatingKeySource.WhenStale;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RotatingKeySourceTest {
  private final RingFixture ring = new RingFixture();
  private final FaultyStore store = new FaultyStore(ring.store);

  @Test
  void start_noRing_fails() {
    assertThatThrownBy(() -> ring.source().build())
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("satchel-keys init");
  }

  @Test
  void start_bootstrapAllowed_createsOnce() {
    RotatingKeySource first = ring.source().bootstrap("shop", RotationPolicy.defaults()).build();
    RotatingKeySource second = ring.source().bootstrap("shop", RotationPolicy.defaults()).build();
    assertThat(first.status().lineage()).isEqualTo(second.status().lineage());
    assertThat(first.current().issuing()).isPresent();
  }

  /** N8, I7: unreachable, unreadable and foreign are not empty. */
  @Test
  void start_bootstrapAllowedButUnreadable_failsAndChangesNothing() {
    ring.init();
    byte[] before = ring.store.read().orElseThrow().document();
    store.down = true;
    assertThatThrownBy(
            () -> ring.source(store).bootstrap("shop", RotationPolicy.defaults()).build())
        .isInstanceOf(KeyRingException.class);
    store.down = false;
    store.instead = Optional.of(new Stored(7, new byte[] {1, 2, 3}, Optional.empty()));
    assertThatThrownBy(
            () -> ring.source(store).bootstrap("shop", RotationPolicy.defaults()).build())
        .isInstanceOf(KeyRingException.class);
    assertThat(ring.store.read().orElseThrow().document()).isEqualTo(before);
  }

  @Test
  void start_otherName_fails() {
    ring.init();
    assertThatThrownBy(() -> ring.source().ring("warehouse").build())
        .hasMessageContaining("holds the ring shop, expected is warehouse");
  }

  @Test
  void current_nothingChanges_sameInstance() {
    ring.init();
    RotatingKeySource node = ring.source().build();
    KeyRing first = node.current();
    for (int minute = 0; minute < 60 * 5; minute++) {
      ring.time.advance(Duration.ofMinutes(1));
      node.tick();
      assertThat(node.current()).isSameAs(first);
    }
  }

  @Test
  void writer_weekByWeek_rotatesAndNeverFallsSilent() {
    ring.init();
    RotatingKeySource node = ring.source().role(Role.WRITER).build();
    Set<String> signed = new java.util.HashSet<>();
    for (int i = 0; i < 6 * 24 * 30; i++) {
      ring.pass(Duration.ofMinutes(10), node);
      signed.add(node.current().issuing().orElseThrow().id());
      assertThat(node.current().keyIds()).hasSizeLessThanOrEqualTo(3);
    }
    assertThat(signed).hasSize(5);
  }

  /** N3: not before it has been held for H, whatever the clock says. */
  @Test
  void newKey_clockJumpsAhead_notSignedWithBeforeItIsHeldLongEnough() {
    ring.init();
    RotatingKeySource node = ring.source().build();
    ring.pass(Duration.ofHours(25), node);
    String first = node.current().issuing().orElseThrow().id();
    ring.custodian.rotation().commit();
    node.refresh();
    ring.time.setWall(ring.time.instant().plus(Duration.ofDays(2)));
    assertThat(node.current().issuing().map(SessionKey::id)).contains(first);
    assertThat(node.current().keyIds()).hasSize(2); // it verifies, though (N5)
  }

  /** N3: a slow clock is overruled by the time the key was held. */
  @Test
  void newKey_clockStandsStill_signedWithInTheEnd() {
    ring.init();
    RotatingKeySource node = ring.source().build();
    ring.pass(Duration.ofHours(25), node);
    ring.custodian.rotation().commit();
    String first = node.current().issuing().orElseThrow().id();
    Instant stuck = ring.time.instant();
    for (int i = 0; i < 6 * 26; i++) {
      ring.pass(Duration.ofMinutes(10), node);
      ring.time.setWall(stuck);
    }
    assertThat(node.current().issuing().orElseThrow().id()).isNotEqualTo(first);
  }

  /** N4: early enough for a verifier whose clock is ahead, on a node whose clock is behind. */
  @Test
  void latestExpiry_knownSuccessor_leavesTwiceTheSkew() {
    ring.init();
    RotatingKeySource node = ring.source().build();
    ring.pass(Duration.ofDays(6), node);
    ring.custodian.rotation().commit();
    for (int i = 0; i < 6 * 24 + 1; i++) {
      KeyRingStatus.Key first = node.status().keys().get(0);
      assertThat(node.current().latestExpiry().orElseThrow())
          .isBeforeOrEqualTo(first.verifyUntil().minus(Duration.ofMinutes(2)));
      ring.pass(Duration.ofMinutes(10), node);
    }
  }

  @Test
  void latestExpiry_fresh_neverCutsASession() {
    ring.init();
    RotatingKeySource node = ring.source().role(Role.WRITER).build();
    for (int i = 0; i < 6 * 24 * 16; i++) {
      ring.pass(Duration.ofMinutes(10), node);
      Instant longest = ring.time.instant().plus(node.maxTokenLifetime());
      assertThat(node.current().latestExpiry().orElseThrow()).isAfterOrEqualTo(longest);
    }
  }

  /** N2, serve-known. */
  @Test
  void storeAway_stale_goesOnWithShorterSessions() {
    ring.init();
    RotatingKeySource node = ring.source(store).build();
    store.down = true;
    ring.pass(Duration.ofHours(23), node);
    assertThat(node.health().stale()).isFalse();
    Instant bound = node.current().latestExpiry().orElseThrow();
    ring.pass(Duration.ofHours(5), node);
    assertThat(node.health().stale()).isTrue();
    assertThat(node.health().alarms()).contains(KeyRingAlarm.UNAVAILABLE);
    assertThat(node.current().issuing()).isPresent();
    assertThat(node.current().latestExpiry()).contains(bound);
    ring.pass(Duration.ofHours(24), node);
    assertThat(node.current().issuing()).as("every token would be born dead").isEmpty();
    assertThat(node.current().keyIds()).as("but those there are still verify").hasSize(1);
    store.down = false;
    ring.pass(Duration.ofMinutes(10), node);
    assertThat(node.health().stale()).isFalse();
    assertThat(node.current().issuing()).isPresent();
  }

  /** N2, fence. */
  @Test
  void storeAway_fence_issuesNothing() {
    ring.init();
    RotatingKeySource node = ring.source(store).whenStale(WhenStale.FENCE).build();
    store.down = true;
    ring.pass(Duration.ofHours(25), node);
    assertThat(node.current().issuing()).isEmpty();
    assertThat(node.current().keyIds()).hasSize(1);
  }

  /** N6. */
  @Test
  void absent_forgedAndRetired_noRead() {
    String first = ring.init().keys().get(0).id();
    RotatingKeySource node = ring.source(store).build();
    ring.custodian.revocation(Set.of(first)).commit();
    node.refresh();
    int reads = store.reads;
    SeededRandom random = new SeededRandom(1);
    byte[] other = new byte[32];
    KeyId foreign = new KeyId(other);
    int unknown = 0;
    for (int i = 0; i < 5_000; i++) {
      unknown += node.absent(foreign.mint(9, random)) == Absence.UNKNOWN ? 1 : 0;
    }
    assertThat(unknown).isGreaterThan(4_990);
    assertThat(node.absent(first)).isEqualTo(Absence.RETIRED);
    assertThat(node.absent("x")).isEqualTo(Absence.UNKNOWN);
    assertThat(store.reads).isEqualTo(reads);
  }

  /** N6, I9; auth0/jwks-rsa-java #173: bogus ids must not use up anybody's reads. */
  @Test
  void absent_floodOfFutureIds_oneReadPerProbeInterval() {
    ring.init();
    RotatingKeySource node = ring.source(store).build();
    KeyId ids = ring.custodian.repository().load().orElseThrow().document().keyId();
    SeededRandom random = new SeededRandom(1);
    int reads = store.reads;
    for (int second = 0; second < 30; second++) {
      ring.time.advance(Duration.ofSeconds(1));
      for (int i = 0; i < 200; i++) {
        assertThat(node.absent(ids.mint(2 + i, random))).isEqualTo(Absence.NOT_YET_KNOWN);
      }
      node.tick();
    }
    assertThat(store.reads - reads).isBetween(2, 4);
  }

  /** A future id is refused once the ring was read after it was seen, and not before. */
  @Test
  void absent_futureIdAndStoreRead_unknown() {
    ring.init();
    RotatingKeySource node = ring.source(store).build();
    KeyId ids = ring.custodian.repository().load().orElseThrow().document().keyId();
    String future = ids.mint(2, new SeededRandom(3));
    assertThat(node.absent(future)).isEqualTo(Absence.NOT_YET_KNOWN);
    store.down = true;
    ring.time.advance(Duration.ofMinutes(5));
    node.tick();
    assertThat(node.absent(future)).as("nobody could look").isEqualTo(Absence.NOT_YET_KNOWN);
    store.down = false;
    ring.time.advance(Duration.ofMinutes(5));
    node.tick();
    assertThat(node.absent(future)).isEqualTo(Absence.UNKNOWN);
  }

  /** The refresh that a request asks for finds the key of an emergency. */
  @Test
  void absent_emergencyKey_foundByTheNextTick() {
    String first = ring.init().keys().get(0).id();
    RotatingKeySource node = ring.source(store).build();
    String forced = ring.custodian.revocation(Set.of(first)).commit().keys().get(0).id();
    assertThat(node.absent(forced)).isEqualTo(Absence.NOT_YET_KNOWN);
    ring.time.advance(Duration.ofMillis(1));
    node.tick();
    assertThat(node.current().find(forced)).isPresent();
    assertThat(node.current().find(first)).isEmpty();
    // Between a caller's look at the ring and its question, the key may have come.
    assertThat(node.absent(forced)).isEqualTo(Absence.NOT_YET_KNOWN);
  }

  /** I8: within propagation and probe interval. */
  @Test
  void revocation_reachesANodeByProbe() {
    String first = ring.init().keys().get(0).id();
    RotatingKeySource node = ring.source(store).build();
    node.tick();
    ring.custodian.revocation(Set.of(first)).commit();
    ring.time.advance(Duration.ofSeconds(10));
    node.tick();
    assertThat(node.current().find(first)).isEmpty();
  }

  /** Caddy's ticket keys stopped for good after one error. */
  @Test
  void tick_thousandFailures_thenAllIsWell() {
    ring.init();
    RotatingKeySource node = ring.source(store).role(Role.WRITER).build();
    store.broken = true;
    for (int i = 0; i < 1_000; i++) {
      ring.time.advance(Duration.ofSeconds(60));
      assertThat(node.tick()).isPositive();
    }
    assertThat(node.health().alarms()).contains(KeyRingAlarm.UNAVAILABLE);
    store.broken = false;
    ring.pass(Duration.ofDays(7), node);
    assertThat(node.health().alarms()).isEmpty();
    assertThat(node.status().keys()).hasSizeGreaterThan(1);
  }

  /** A rotation that is due and cannot be done must not turn the timer into a loop. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void tick_rotationDueAndStoreNotWritable_staysAtItsPace(long seed) {
    ring.init();
    RotatingKeySource node =
        ring.source(store).role(Role.WRITER).random(new SeededRandom(seed)).build();
    ring.pass(Duration.ofDays(6), node); // due, and waiting for its random moment
    store.readOnly = true;
    store.wiped = true;
    Instant end = ring.time.instant().plus(Duration.ofHours(1));
    int ticks = 0;
    while (ring.time.instant().isBefore(end) && ticks < 1_000) {
      ring.time.advance(Duration.ofNanos(Math.max(1_000_000, node.tick())));
      ticks++;
    }
    assertThat(ticks).isLessThan(60 * 7); // a probe every ten seconds, and some
  }

  @Test
  void tick_error_alarmsAndGoesOn() {
    ring.init();
    RotatingKeySource node = ring.source(store).build();
    store.outOfMemory = true;
    ring.pass(Duration.ofMinutes(10), node);
    assertThat(node.health().alarms()).contains(KeyRingAlarm.UNAVAILABLE);
    store.outOfMemory = false;
    ring.pass(Duration.ofMinutes(10), node);
    assertThat(node.health().alarms()).isEmpty();
  }

  /** A read that never returns cannot raise an alarm; its age can. */
  @Test
  void health_noReadForLong_unavailable() {
    ring.init();
    RotatingKeySource node = ring.source(store).build();
    node.tick();
    ring.time.advance(Duration.ofMinutes(3));
    assertThat(node.health().alarms()).isEmpty();
    ring.time.advance(Duration.ofSeconds(1));
    assertThat(node.health().alarms()).containsExactly(KeyRingAlarm.UNAVAILABLE);
  }

  /** N1: the store is emptied under running nodes. */
  @Test
  void wiped_writerPutsTheSameRingBack() {
    String lineage = ring.init().lineage();
    KeyRingStore empty = new MemoryKeyRingStore(ring.time);
    Switching place = new Switching(ring.store);
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
    Switching place = new Switching(store);
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

  /** I6: the commit that revoked a key is lost, and another one takes its place. */
  @ParameterizedTest
  @CsvSource({"READER,1", "READER,2", "READER,3", "WRITER,1", "WRITER,2", "WRITER,3"})
  void forked_revokedKeyStaysRevoked(Role role, int commits) {
    String first = ring.init().keys().get(0).id();
    Stored before = ring.store.read().orElseThrow();
    Switching place = new Switching(ring.store);
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
    Switching place = new Switching(ring.store);
    RotatingKeySource node = ring.source(place).build();
    elsewhere.emergencyRotation().commit();
    ring.time.advance(Duration.ofMinutes(10));
    elsewhere.emergencyRotation().commit();
    place.to = other;
    node.tick();
    assertThat(node.health().alarms()).contains(KeyRingAlarm.FORKED);
  }

  @Test
  void rolledBack_manyWriters_healOnce() {
    ring.init();
    Stored backup = ring.store.read().orElseThrow();
    Switching place = new Switching(ring.store);
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

  @Test
  void readerWithoutWriter_alarmsAndSignsUntilTheLimit() {
    ring.init();
    RotatingKeySource reader = ring.source(store).build();
    ring.pass(Duration.ofDays(7), reader);
    assertThat(reader.health().alarms()).containsExactly(KeyRingAlarm.ROTATION_OVERDUE);
    ring.pass(Duration.ofDays(20), reader);
    assertThat(reader.current().issuing()).isPresent();
    ring.pass(Duration.ofDays(2), reader);
    assertThat(reader.current().issuing()).isEmpty();
  }

  @Test
  void clockOff_alarm() {
    ring.init();
    InstantSource ahead = () -> ring.time.instant().plus(Duration.ofMinutes(5));
    RotatingKeySource node = ring.source(store).clock(ahead).build();
    node.tick();
    assertThat(node.health().alarms()).contains(KeyRingAlarm.CLOCK_SKEW);
    assertThat(node.health().clockOffset()).contains(Duration.ofMinutes(5));
  }

  /** A comparison that failed or took too long says nothing about a clock: it is asked again. */
  @ParameterizedTest
  @CsvSource({"READER,fails", "WRITER,fails", "READER,slow", "WRITER,slow"})
  void start_clocksNotCompared_signsAfterTheNextRead(Role role, String how) {
    ring.init();
    RotatingKeySource writer = ring.source().role(Role.WRITER).build();
    ring.pass(Duration.ofDays(9), writer); // scheduled keys only
    Odd odd = new Odd(ring.store, ring.time, how);
    RotatingKeySource node = ring.source(odd).role(role).build();
    odd.how = "";
    assertThat(node.health().alarms()).doesNotContain(KeyRingAlarm.CLOCK_SKEW);
    ring.time.advance(Duration.ofSeconds(61));
    node.tick();
    assertThat(node.current().issuing().map(SessionKey::id))
        .isEqualTo(writer.current().issuing().map(SessionKey::id));
    assertThat(node.health().alarms()).isEmpty();
  }

  /** B13: without a clock to compare with, a date proves nothing; a key there still is. */
  @Test
  void start_storeWithoutAClock_signs() {
    ring.init();
    RotatingKeySource writer = ring.source().role(Role.WRITER).build();
    ring.pass(Duration.ofDays(9), writer);
    RotatingKeySource node = ring.source(new Odd(ring.store, ring.time, "none")).build();
    assertThat(node.current().issuing()).isPresent();
    assertThat(node.health().alarms()).isEmpty();
    assertThat(node.health().clockOffset()).isEmpty();
  }

  /** For a directory, asking the time is a write. */
  @Test
  void reads_manyWithATrustedClock_doNotAskForTheTime() {
    ring.init();
    Odd odd = new Odd(ring.store, ring.time, "");
    RotatingKeySource node = ring.source(odd).role(Role.WRITER).build();
    KeyCustodian custodian = new KeyCustodian(odd, ring.kek, null, ring.time, new SeededRandom(3));
    int asked = odd.asked;
    for (int i = 0; i < 30; i++) {
      ring.time.advance(Duration.ofSeconds(60));
      node.tick();
      custodian.status();
      custodian.publicKeys();
    }
    assertThat(odd.asked).isEqualTo(asked);
  }

  /** A store with something about its clock. */
  private static final class Odd implements KeyRingStore {
    private final KeyRingStore store;
    private final ManualTime time;
    private String how;
    private int asked;

    Odd(KeyRingStore store, ManualTime time, String how) {
      this.store = store;
      this.time = time;
      this.how = how;
    }

    @Override
    public Optional<Stored> read() {
      return store.read();
    }

    @Override
    public Commit compareAndSet(long expectedRevision, byte[] document) {
      return store.compareAndSet(expectedRevision, document);
    }

    @Override
    public Optional<Instant> time() {
      asked++;
      switch (how) {
        case "fails":
          throw new KeyRingException(KeyRingException.Reason.UNAVAILABLE, "no time");
        case "slow":
          time.advance(Duration.ofSeconds(90));
          return store.time();
        case "none":
          return Optional.empty();
        default:
          return store.time();
      }
    }
  }

  /** The thread, for once: it finds a change, and stops. */
  @Test
  void thread_refreshesInBackground() throws InterruptedException {
    KeyRingStore real = new MemoryKeyRingStore(InstantSource.system());
    KeyCustodian custodian =
        new KeyCustodian(real, KeyEncryptionKey.insecurePlaintext(), InstantSource.system());
    Duration tick = Duration.ofMillis(10);
    RotationPolicy quick =
        new RotationPolicy(
            dev.satchel.TokenAlgorithm.A256GCM,
            Duration.ofMinutes(2),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofSeconds(30),
            Duration.ofMillis(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            tick,
            tick,
            Duration.ofMinutes(10));
    custodian.creation("shop", quick).commit();
    java.util.concurrent.CountDownLatch seen = new java.util.concurrent.CountDownLatch(1);
    try (RotatingKeySource node =
        RotatingKeySource.builder(new Watched(real, seen), KeyEncryptionKey.insecurePlaintext())
            .build()) {
      assertThat(node.current().issuing()).isPresent();
      assertThat(seen.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
      assertThat(node.health().stale()).isFalse();
    }
  }

  /** A place whose content can be exchanged. */
  private static final class Switching implements KeyRingStore {
    private KeyRingStore to;

    Switching(KeyRingStore to) {
      this.to = to;
    }

    @Override
    public Optional<Stored> read() {
      return to.read();
    }

    @Override
    public Commit compareAndSet(long expectedRevision, byte[] document) {
      return to.compareAndSet(expectedRevision, document);
    }

    @Override
    public Optional<Instant> time() {
      return to.time();
    }
  }

  /** Counts down once it was read after the start. */
  private static final class Watched implements KeyRingStore {
    private final KeyRingStore store;
    private final java.util.concurrent.CountDownLatch latch;
    private int reads;

    Watched(KeyRingStore store, java.util.concurrent.CountDownLatch latch) {
      this.store = store;
      this.latch = latch;
    }

    @Override
    public synchronized Optional<Stored> read() {
      if (++reads > 5) {
        latch.countDown();
      }
      return store.read();
    }

    @Override
    public Commit compareAndSet(long expectedRevision, byte[] document) {
      return store.compareAndSet(expectedRevision, document);
    }
  }
}
