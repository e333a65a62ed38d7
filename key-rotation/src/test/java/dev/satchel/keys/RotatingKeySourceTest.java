package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.KeyRing;
import dev.satchel.SessionKey;
import dev.satchel.keys.KeyRingStore.Stored;
import dev.satchel.keys.RotatingKeySource.Role;
import dev.satchel.keys.RotatingKeySource.WhenStale;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
