package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.Decoded;
import dev.satchel.KeySource.Health.Status;
import dev.satchel.Rejection;
import dev.satchel.SessionRevocations;
import dev.satchel.SessionState;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import dev.satchel.keys.RotatingKeySource.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that share a ring and what was revoked. */
class RingRevocationsTest {
  private final RingFixture ring = new RingFixture();
  private final FaultyLog log = new FaultyLog(ring);

  @BeforeEach
  void found() {
    ring.init();
  }

  private RotatingKeySource node() {
    return ring.source(log).revocations().build();
  }

  private TokenCodec codec(RotatingKeySource node) {
    return TokenCodec.builder(TokenContext.cookie("shop", "s"), node)
        .clock(ring.time)
        .random(new SeededRandom(3))
        .build();
  }

  private static SessionRevocations revocations(RotatingKeySource node) {
    return node.revocations().orElseThrow();
  }

  private void revoke(RotatingKeySource node, SessionState session) {
    revocations(node).revoke(session.id(), codec(node).endOf(session));
  }

  private static boolean isRevoked(RotatingKeySource node, SessionState session) {
    return revocations(node).isRevoked(session);
  }

  private void pass(Duration time, RotatingKeySource... nodes) {
    ring.time.advance(time);
    for (RotatingKeySource node : nodes) {
      node.tick();
    }
  }

  /** Draws on, where each {@link #codec} begins anew. */
  private final SeededRandom ids = new SeededRandom(4);

  private TokenCodec drawing(RotatingKeySource node) {
    return TokenCodec.builder(TokenContext.cookie("shop", "s"), node)
        .clock(ring.time)
        .random(ids)
        .build();
  }

  private SessionState renew(RotatingKeySource node, SessionState session) {
    SessionState renewed = drawing(node).renewId(session);
    revocations(node).renewed(session, renewed, codec(node).endOf(session));
    return renewed;
  }

  /** Sign-out here, and a thief has the token renewed there before there has heard of it. */
  @Test
  void renewed_beforeTheSignOutWasRead_endsToo_andWhatItWasRenewedToElsewhere() {
    RotatingKeySource here = node();
    RotatingKeySource there = node();
    RotatingKeySource third = node();
    SessionState session = drawing(here).create().withSubject("ann");
    revoke(here, session);
    here.tick();
    assertThat(isRevoked(there, session)).isFalse();
    SessionState stolen = renew(there, session);
    SessionState again = renew(there, stolen);
    SessionState elsewhere = renew(third, again);
    assertThat(isRevoked(there, session)).isTrue();
    assertThat(isRevoked(third, elsewhere)).isFalse();
    pass(RotationPolicy.defaults().probeInterval(), there); // hears of the end, and hands it on
    there.tick();
    assertThat(isRevoked(there, stolen)).isTrue();
    assertThat(isRevoked(there, again)).isTrue();
    pass(RotationPolicy.defaults().probeInterval(), third, here);
    assertThat(isRevoked(third, elsewhere)).isTrue();
    third.tick();
    pass(RotationPolicy.defaults().probeInterval(), there, here);
    for (RotatingKeySource node : new RotatingKeySource[] {here, there, third, node()}) {
      for (SessionState each : new SessionState[] {session, stolen, again, elsewhere}) {
        assertThat(isRevoked(node, each)).isTrue();
      }
      assertThat(node.health().alarms()).isEmpty();
    }
  }

  /** Of all the ids that overlapping requests gave it. */
  @Test
  void renewed_thenEndedHere_endsUnderEachNewId() {
    RotatingKeySource node = node();
    SessionState session = drawing(node).create();
    SessionState one = renew(node, session);
    SessionState two = renew(node, session);
    assertThat(isRevoked(node, session)).isTrue();
    assertThat(isRevoked(node, one)).isFalse();
    revoke(node, session);
    assertThat(isRevoked(node, one)).isTrue();
    assertThat(isRevoked(node, two)).isTrue();
    // The end came a moment before this node says that it has renewed.
    SessionState late = drawing(node).create();
    revoke(node, late);
    assertThat(isRevoked(node, renew(node, late))).isTrue();
  }

  /** A new id is no end: not when it is read, not when it is put back, not after a restart. */
  @Test
  void renewed_livesOn() {
    RotatingKeySource here = node();
    RotatingKeySource there = node();
    SessionState session = drawing(here).create();
    SessionState renewed = renew(here, session);
    here.tick();
    SessionState both = renew(there, session); // at the same time
    there.tick();
    pass(Duration.ofSeconds(10), here, there);
    log.setBack(0);
    for (int i = 0; i < 9; i++) {
      pass(Duration.ofSeconds(10), here, there);
    }
    assertThat(log.records).isNotEmpty();
    for (RotatingKeySource node : new RotatingKeySource[] {here, there, node()}) {
      assertThat(isRevoked(node, session)).isTrue();
      assertThat(isRevoked(node, renewed)).isFalse();
      assertThat(isRevoked(node, both)).isFalse();
    }
  }

  @Test
  void source_withoutRevocations_hasNone() {
    assertThat(ring.source(log).build().revocations()).isEmpty();
    assertThat(log.reads).isZero();
  }

  @Test
  void source_ofAStoreThatKeepsNone_doesNotStart() {
    assertThatThrownBy(() -> ring.source(new FaultyStore(ring.store)).revocations().build())
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("keeps no revocations");
  }

  @Test
  void source_whoseLogIsAway_doesNotStart() {
    log.down = true;
    assertThatThrownBy(this::node).isInstanceOf(KeyRingException.class);
  }

  /** The stated bound: the probe interval, here 10 s, and what a read takes. */
  @Test
  void revoke_hereAtOnce_elsewhereWithinAProbeInterval() {
    RotatingKeySource here = node();
    RotatingKeySource there = node();
    SessionState session = codec(here).create();
    String token = codec(here).encode(session);
    revoke(here, session);
    assertThat(isRevoked(here, session)).isTrue();
    assertThat(isRevoked(there, session)).isFalse();
    here.tick();
    pass(RotationPolicy.defaults().probeInterval(), there);
    assertThat(RotationPolicy.defaults().probeInterval()).isLessThan(Duration.ofSeconds(15));
    assertThat(codec(there).decode(token))
        .isInstanceOfSatisfying(
            Decoded.Rejected.class,
            rejected -> assertThat(rejected.reason()).isEqualTo(Rejection.REVOKED));
    assertThat(isRevoked(there, codec(there).renewId(session))).isFalse();
    assertThat(there.health().alarms()).isEmpty();
  }

  @Test
  void revoke_survivesRestart_andRotation() {
    RotatingKeySource first = ring.source(log).role(Role.WRITER).revocations().build();
    SessionState session = codec(first).create();
    revoke(first, session);
    first.tick();
    ring.custodian.emergencyRotation().commit();
    RotatingKeySource second = node();
    assertThat(isRevoked(second, session)).isTrue();
    assertThat(first.status().lineage()).isEqualTo(second.status().lineage());
  }

  @Test
  void revoke_thenClose_isHandedOn() {
    RotatingKeySource first = node();
    SessionState session = codec(first).create();
    revoke(first, session);
    first.close();
    assertThat(isRevoked(node(), session)).isTrue();
  }

  @Test
  void revoke_storeAway_isKeptAndHandedOnLater() {
    RotatingKeySource here = node();
    RotatingKeySource there = node();
    SessionState session = codec(here).create();
    log.down = true;
    revoke(here, session);
    here.tick();
    assertThat(isRevoked(here, session)).isTrue();
    assertThat(here.health().alarms()).containsExactly(KeyRingAlarm.REVOCATIONS_UNAVAILABLE);
    here.tick(); // not asked in a loop, and not well because nothing was asked
    assertThat(here.health().alarms()).containsExactly(KeyRingAlarm.REVOCATIONS_UNAVAILABLE);
    log.down = false;
    pass(Duration.ofSeconds(10), here, there);
    assertThat(isRevoked(there, session)).isTrue();
    assertThat(here.health().alarms()).isEmpty();
    assertThat(log.records).hasSize(1);
  }

  @Test
  void alarm_ofANodeWhoseThreadHangs_comesByItself() {
    RotatingKeySource node = node();
    ring.time.advance(Duration.ofSeconds(31));
    assertThat(node.health().alarms()).contains(KeyRingAlarm.REVOCATIONS_UNAVAILABLE);
  }

  @Test
  void many_shareRecords() {
    RotatingKeySource node = node();
    TokenCodec codec = codec(node);
    SessionState session = codec.create();
    for (int i = 0; i < 300; i++) {
      revoke(node, codec.renewId(session));
    }
    node.tick();
    assertThat(log.records).hasSize(2);
    assertThat(log.records)
        .allSatisfy(r -> assertThat(r.length).isLessThan(RevocationLog.MAX_BYTES));
  }

  @Test
  void many_whileTheStoreIsAway_areAllHandedOn() {
    RotatingKeySource node = node();
    log.down = true;
    TokenCodec codec = codec(node);
    SessionState session = codec.create();
    SessionState last = session;
    for (int i = 0; i < 20_000; i++) {
      last = codec.renewId(session);
      revoke(node, last);
    }
    node.tick();
    log.down = false;
    pass(Duration.ofSeconds(10), node);
    assertThat(isRevoked(node(), last)).isTrue();
    assertThat(log.records).hasSizeLessThan(200);
  }

  @Test
  void wiped_runningNodesPutItBack_once() {
    RotatingKeySource first = node();
    RotatingKeySource second = node();
    SessionState session = codec(first).create();
    revoke(first, session);
    revocations(second).revokeSubject("ann", ring.time.instant());
    revocations(second).revokeAll(ring.time.instant().minusSeconds(60));
    pass(Duration.ofSeconds(10), first, second);
    pass(Duration.ofSeconds(10), first, second);
    log.setBack(0);
    pass(Duration.ofSeconds(10), first, second);
    assertThat(first.health().alarms()).containsExactly(KeyRingAlarm.REVOCATIONS_LOST);
    assertThat(isRevoked(first, session)).isTrue();
    for (int i = 0; i < 7; i++) {
      pass(Duration.ofSeconds(10), first, second);
    }
    assertThat(first.health().alarms()).isEmpty();
    assertThat(second.health().alarms()).isEmpty();
    assertThat(log.records).hasSize(1);
    RotatingKeySource third = node();
    assertThat(isRevoked(third, session)).isTrue();
    SessionState anns = codec(third).create().withSubject("ann");
    assertThat(isRevoked(third, anns)).isFalse();
    ring.time.setWall(ManualTime.START.minusMillis(1));
    assertThat(isRevoked(third, codec(third).create().withSubject("ann"))).isTrue();
    ring.time.setWall(ManualTime.START.minusSeconds(61));
    assertThat(isRevoked(third, codec(third).create())).isTrue();
  }

  /** Others have written on since, up to where this node was: only the record itself tells. */
  @Test
  void setBack_andWrittenOn_isNoticed() {
    RotatingKeySource first = node();
    RotatingKeySource second = node();
    TokenCodec codec = codec(first);
    SessionState lost = codec.create();
    SessionState another = codec.create();
    revoke(first, lost);
    first.tick();
    pass(Duration.ofSeconds(10), first);
    log.setBack(0);
    revoke(second, another);
    second.tick();
    assertThat(log.records).hasSize(1);
    pass(Duration.ofSeconds(10), first);
    assertThat(isRevoked(first, another)).isTrue();
    for (int i = 0; i < 7; i++) {
      pass(Duration.ofSeconds(10), first, second);
    }
    assertThat(isRevoked(node(), lost)).isTrue();
    assertThat(isRevoked(node(), another)).isTrue();
  }

  @Test
  void dropped_isNoLoss() {
    RotatingKeySource first = node();
    RotatingKeySource second = node();
    SessionState session = codec(first).create();
    revocations(first).revoke(session.id(), ring.time.instant().plusSeconds(60));
    pass(Duration.ofSeconds(10), first, second);
    second.tick();
    revocations(first).revokeSubject("ann", ring.time.instant());
    first.tick();
    ring.time.advance(Duration.ofHours(1));
    log.dropExpired();
    assertThat(log.records.get(0)).isEmpty();
    pass(Duration.ZERO, first, second);
    assertThat(second.health().alarms()).isEmpty();
    assertThat(isRevoked(second, session)).isFalse(); // forgotten with its last token
  }

  @Test
  void entries_areForgottenWithTheTokensTheyDeny() {
    RotatingKeySource node = node();
    SessionState session = codec(node).create();
    revoke(node, session);
    revocations(node).revokeSubject("ann", ring.time.instant());
    assertThat(revocations(node)).hasToString("RingRevocations[2]");
    pass(Duration.ofHours(8).plusMinutes(5), node);
    assertThat(isRevoked(node, session)).isTrue();
    pass(Duration.ofMinutes(12), node);
    assertThat(revocations(node)).hasToString("RingRevocations[1]");
    pass(Duration.ofHours(17), node);
    assertThat(revocations(node)).hasToString("RingRevocations[0]");
    assertThat(node()).satisfies(fresh -> assertThat(isRevoked(fresh, session)).isFalse());
  }

  @Test
  void failClosed_notReadForTooLong_cannotTell_untilRead() {
    RotatingKeySource node = ring.source(log).revocations(Duration.ofSeconds(60)).build();
    TokenCodec codec = codec(node);
    SessionState session = codec.create();
    SessionState ended = codec.create();
    String token = codec.encode(session);
    String endedToken = codec.encode(ended);
    revoke(node, ended);
    node.tick();
    log.down = true;
    pass(Duration.ofSeconds(60), node);
    assertThat(codec.decode(token)).isInstanceOf(Decoded.Accepted.class);
    pass(Duration.ofSeconds(1), node);
    assertThat(codec.decode(token))
        .isInstanceOfSatisfying(
            Decoded.Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(Rejection.UNVERIFIABLE);
              assertThat(rejected.reason().isTemporary()).isTrue();
              assertThat(rejected.cause()).isPresent();
            });
    assertThat(codec.decode(endedToken))
        .isInstanceOfSatisfying(
            Decoded.Rejected.class,
            rejected -> assertThat(rejected.reason()).isEqualTo(Rejection.REVOKED));
    log.down = false;
    pass(Duration.ofSeconds(10), node);
    assertThat(codec.decode(token)).isInstanceOf(Decoded.Accepted.class);
  }

  /** A node that refuses everybody is to be taken out, and says why. */
  @Test
  void failClosed_notReadForTooLong_isDown_untilRead() {
    RotatingKeySource node = ring.source(log).revocations(Duration.ofSeconds(60)).build();
    log.down = true;
    pass(Duration.ofSeconds(60), node);
    assertThat(node.health().status()).isEqualTo(Status.DEGRADED);
    pass(Duration.ofSeconds(1), node);
    assertThat(node.health().status()).isEqualTo(Status.DOWN);
    assertThat(node.health().alarms())
        .containsExactlyInAnyOrder(
            KeyRingAlarm.REVOCATIONS_UNAVAILABLE, KeyRingAlarm.REVOCATIONS_STALE);
    assertThat(node.health().issuing()).isPresent();
    assertThat(node.health().reason())
        .contains("longer than revocationsWithin allows")
        .doesNotContain("may sign");
    log.down = false;
    pass(Duration.ofSeconds(10), node);
    assertThat(node.health().status()).isEqualTo(Status.UP);
  }

  @Test
  void failOpen_isTheDefault() {
    RotatingKeySource node = node();
    TokenCodec codec = codec(node);
    String token = codec.encode(codec.create());
    log.down = true;
    pass(Duration.ofMinutes(20), node);
    assertThat(codec.decode(token)).isInstanceOf(Decoded.Accepted.class);
    assertThat(node.health().alarms()).contains(KeyRingAlarm.REVOCATIONS_UNAVAILABLE);
  }

  @Test
  void failClosed_withinLessThanTwoProbes_refused() {
    assertThatThrownBy(() -> ring.source(log).revocations(Duration.ofSeconds(19)).build())
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("PT19S")
        .hasMessageContaining("PT20S or more");
  }

  @Test
  void subject_byCreation_toTheMillisecond() {
    RotatingKeySource node = node();
    TokenCodec codec = codec(node);
    Instant at = ManualTime.START.plusNanos(500_400_000);
    ring.time.setWall(at.minusMillis(1));
    SessionState before = codec.create().withSubject("ann");
    ring.time.setWall(at.plusNanos(100));
    SessionState sameMillisecond = codec.create().withSubject("ann");
    ring.time.setWall(at.plusMillis(1));
    SessionState after = codec.create().withSubject("ann");
    revocations(node).revokeSubject("ann", at);
    assertThat(isRevoked(node, before)).isTrue();
    assertThat(isRevoked(node, codec.renewId(before))).isTrue();
    assertThat(isRevoked(node, sameMillisecond)).isTrue(); // it may have been before
    assertThat(isRevoked(node, after)).isFalse();
    assertThat(isRevoked(node, before.withSubject("anna"))).isFalse();
    assertThat(isRevoked(node, before.withoutSubject())).isFalse();
    // All but this one.
    revocations(node).revokeSubject("ann", after.createdAt());
    assertThat(isRevoked(node, after)).isFalse();
    // An earlier date takes nothing back.
    revocations(node).revokeSubject("ann", at.minusSeconds(60));
    assertThat(isRevoked(node, before)).isTrue();
  }

  /** A password reset: who signs in afterwards is in, in whichever session. */
  @Test
  void subject_signedInAfterwards_lives_inAnOlderSession() {
    RotatingKeySource node = node();
    TokenCodec codec = codec(node);
    SessionState anonymous = codec.create();
    ring.time.advance(Duration.ofSeconds(5));
    revocations(node).revokeSubject("ann", ring.time.instant());
    ring.time.advance(Duration.ofMillis(1));
    String token = codec.encode(codec.renewId(anonymous).withSubject("ann"));
    assertThat(codec.decode(token)).isInstanceOf(Decoded.Accepted.class);
    SessionState signedIn = ((Decoded.Accepted) codec.decode(token)).state();
    ring.time.advance(Duration.ofMinutes(1));
    String later = codec.encode(codec.renewId(signedIn).withAttribute("a", 1));
    assertThat(codec.decode(later)).isInstanceOf(Decoded.Accepted.class);
    revocations(node).revokeSubject("ann", signedIn.subjectSince().plusMillis(1));
    assertThat(codec.decode(token)).isInstanceOf(Decoded.Rejected.class);
    assertThat(codec.decode(later)).isInstanceOf(Decoded.Rejected.class);
    // Everybody's is another matter: no session of before may live.
    ring.time.advance(Duration.ofSeconds(1));
    revocations(node).revokeAll(ring.time.instant());
    assertThat(isRevoked(node, anonymous.withSubject("bob", ring.time.instant()))).isTrue();
  }

  @Test
  void all_byCreation() {
    RotatingKeySource node = node();
    SessionState before = codec(node).create();
    ring.time.advance(Duration.ofMillis(1));
    revocations(node).revokeAll(ring.time.instant());
    assertThat(isRevoked(node, before)).isTrue();
    assertThat(isRevoked(node, codec(node).create())).isFalse();
  }

  @Test
  void misuse_isToldAtOnce() {
    SessionRevocations revocations = revocations(node());
    assertThatThrownBy(() -> revocations.revoke("short", Instant.MAX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5 characters")
        .hasMessageNotContaining("short");
    assertThatThrownBy(() -> revocations.revokeSubject("", ring.time.instant()))
        .isInstanceOf(IllegalArgumentException.class);
    Instant ahead = ring.time.instant().plusSeconds(301);
    assertThatThrownBy(() -> revocations.revokeAll(ahead))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5 minutes");
    assertThatThrownBy(() -> revocations.revokeSubject("ann", ahead))
        .isInstanceOf(IllegalArgumentException.class);
    // What denies nothing takes no room.
    revocations.revoke("A".repeat(22), ring.time.instant());
    revocations.revokeAll(ring.time.instant().minus(Duration.ofDays(2)));
    revocations.revokeSubject("ann", ring.time.instant().minus(Duration.ofDays(2)));
    assertThat(revocations).hasToString("RingRevocations[0]");
  }

  /** The store can lose a record, and make none. */
  @Test
  void forged_records_denyNobody_andHideNobody() {
    RotatingKeySource node = node();
    RotatingKeySource there = node();
    SessionState session = codec(node).create();
    revoke(node, session);
    node.tick();
    byte[] good = log.records.get(0);
    log.records.clear();
    var other = new RingFixture();
    other.init();
    RevocationKeys foreign =
        new RevocationKeys("another ring's lineage key, 32b.".getBytes(StandardCharsets.US_ASCII));
    log.append(
        foreign.record(
            java.util.List.of(
                new Revocation(
                    Revocation.Kind.ALL,
                    0,
                    0,
                    Revocation.millis(ring.time.instant().plusSeconds(60))))),
        Instant.MAX);
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 1;
      log.append(bad, Instant.MAX);
    }
    log.append(new byte[] {1}, Instant.MAX);
    log.append(good, Instant.MAX);
    pass(Duration.ofSeconds(10), there);
    assertThat(there.health().alarms()).containsExactly(KeyRingAlarm.REVOCATIONS_FORGED);
    assertThat(isRevoked(there, codec(there).create())).isFalse();
    assertThat(isRevoked(there, session)).isTrue();
  }

  /** What found no room is not forgotten: when there is room, it is read again. */
  @Test
  void full_isToldAndMadeUpFor() {
    var keys = new RevocationKeys(new byte[32]);
    var revoked = new RevokedSessions(keys, 10);
    var exchange =
        new RevocationExchange(
            log,
            keys,
            revoked,
            ring.time,
            ring.time.monotonic(),
            new SeededRandom(1),
            RotationPolicy::defaults,
            log::time,
            null,
            new RingMonitor("memory"));
    long soon = ring.time.instant().plusSeconds(60).getEpochSecond();
    long late = ring.time.instant().plus(Duration.ofHours(8)).getEpochSecond();
    for (int i = 0; i < 12; i++) {
      var entry = new Revocation(Revocation.Kind.SESSION, i, i, i < 5 ? soon : late);
      log.append(keys.record(java.util.List.of(entry)), Instant.MAX);
    }
    exchange.start();
    exchange.tick();
    assertThat(exchange.alarms()).containsExactly(KeyRingAlarm.REVOCATIONS_FULL);
    assertThat(revoked.size()).isEqualTo(10);
    ring.time.advance(Duration.ofMinutes(11));
    exchange.tick();
    assertThat(exchange.alarms()).isEmpty();
    assertThat(revoked.size()).isEqualTo(7);
    assertThat(revoked.knows(11, 11)).isTrue();
    int reads = log.reads;
    for (int i = 12; i < 16; i++) {
      var entry = new Revocation(Revocation.Kind.SESSION, i, i, late);
      log.append(keys.record(java.util.List.of(entry)), Instant.MAX);
    }
    for (int i = 0; i < 4; i++) {
      ring.time.advance(Duration.ofMinutes(10));
      exchange.tick();
    }
    assertThat(exchange.alarms()).containsExactly(KeyRingAlarm.REVOCATIONS_FULL);
    assertThat(log.reads - reads).as("each its own alone: all of it once an hour").isEqualTo(4);
    // When it reads all again, it first looks whether that is still what it has read.
    log.setBack(3);
    for (int i = 20; i < 40; i++) {
      var entry = new Revocation(Revocation.Kind.SESSION, i, i, late);
      log.append(keys.record(java.util.List.of(entry)), Instant.MAX);
    }
    ring.time.advance(Duration.ofMinutes(21));
    exchange.tick();
    assertThat(exchange.alarms()).contains(KeyRingAlarm.REVOCATIONS_LOST);
  }

  /** A failover between the write and the read after it: no record that was read is gone. */
  @Test
  void taken_andLostBeforeItWasRead_isPutBack() {
    RotatingKeySource here = node();
    RotatingKeySource there = node();
    SessionState first = codec(here).create();
    revoke(here, first);
    pass(Duration.ofSeconds(10), here, there);
    SessionState second = codec(here).create();
    revoke(here, second);
    log.failingReads = 1;
    here.tick();
    assertThat(log.records).hasSize(2);
    log.setBack(1);
    pass(Duration.ofSeconds(10), here);
    assertThat(log.records).hasSize(2);
    assertThat(here.health().alarms()).containsExactly(KeyRingAlarm.REVOCATIONS_LOST);
    pass(Duration.ofSeconds(10), here, there);
    assertThat(isRevoked(there, second)).isTrue();
    assertThat(here.health().alarms()).isEmpty();
    pass(Duration.ofMinutes(10), here, there);
    assertThat(log.records).as("once").hasSize(2);
  }

  @Test
  void forged_isToldForADay_andCounted() {
    RotatingKeySource node = node();
    log.append(new byte[] {1}, Instant.MAX);
    log.append(new byte[] {2}, Instant.MAX);
    pass(Duration.ofSeconds(10), node);
    assertThat(node.revocationCounts().orElseThrow().forged()).isEqualTo(2);
    for (int i = 0; i < 23; i++) {
      pass(Duration.ofHours(1), node);
      assertThat(node.health().alarms()).contains(KeyRingAlarm.REVOCATIONS_FORGED);
    }
    pass(Duration.ofHours(2), node);
    assertThat(node.health().alarms()).isEmpty();
    assertThat(node.revocationCounts().orElseThrow().forged()).isEqualTo(2);
  }

  @Test
  void alarmsAndFailures_areToldToWhoeverListens() {
    RotatingKeySource node = ring.source(log).revocations(Duration.ofSeconds(20)).build();
    var told = new java.util.ArrayList<String>();
    node.listen(
        new KeyRingEvents() {
          @Override
          public void failed(KeyRingException.Reason reason) {
            told.add("failed " + reason);
          }

          @Override
          public void alarmRaised(KeyRingAlarm alarm) {
            told.add("raised " + alarm);
          }

          @Override
          public void alarmCleared(KeyRingAlarm alarm) {
            told.add("cleared " + alarm);
          }
        });
    log.down = true;
    pass(Duration.ofSeconds(10), node);
    pass(Duration.ofSeconds(11), node);
    log.down = false;
    pass(Duration.ofSeconds(10), node);
    assertThat(told)
        .containsExactly(
            "failed UNAVAILABLE",
            "raised REVOCATIONS_UNAVAILABLE",
            "failed UNAVAILABLE",
            "raised REVOCATIONS_STALE",
            "cleared REVOCATIONS_UNAVAILABLE",
            "cleared REVOCATIONS_STALE");
  }

  @Test
  void counts_ofWhatIsHeldAndWaits() {
    RotatingKeySource node = node();
    log.down = true;
    TokenCodec codec = codec(node);
    revoke(node, codec.create());
    revoke(node, codec.create());
    revocations(node).revokeSubject("ann", ring.time.instant());
    assertThat(node.revocationCounts())
        .hasValue(new RotatingKeySource.RevocationCounts(2, 1, 3, 0));
    node.tick();
    assertThat(node.revocationCounts().orElseThrow().waiting()).isEqualTo(3);
    log.down = false;
    pass(Duration.ofSeconds(10), node);
    assertThat(node.revocationCounts())
        .hasValue(new RotatingKeySource.RevocationCounts(2, 1, 0, 0));
    assertThat(ring.source(log).build().revocationCounts()).isEmpty();
  }

  /** It drops by its own clock, and would drop what still denies tokens. */
  @Test
  void storeWithItsClockFarAhead_isNotTold_toDropAnything() {
    RotatingKeySource node = node();
    log.ahead = Duration.ofDays(3);
    pass(Duration.ofHours(40), node);
    assertThat(log.drops).isZero();
    log.ahead = Duration.ZERO;
    pass(Duration.ofHours(20), node);
    assertThat(log.drops).isOne();
  }

  @Test
  void findings_listThatCannotBeAddedTo_andForgedRecords() {
    var custodian = new KeyCustodian(log, ring.kek, ring.time);
    RotatingKeySource node = node();
    assertThat(custodian.revocationFindings()).isEmpty();
    pass(Duration.ofSeconds(10), node);
    assertThat(node.health().alarms()).isEmpty(); // What the look left there is nothing to nodes.
    assertThat(node.revocationCounts())
        .hasValue(new RotatingKeySource.RevocationCounts(0, 0, 0, 0));
    log.append(new byte[] {1}, Instant.MAX);
    log.readOnly = true;
    assertThat(custodian.revocationFindings())
        .satisfiesExactly(
            forged -> assertThat(forged).contains("1 records of revocations that no node"),
            rights -> assertThat(rights).contains("can be read and not added"));
  }

  /** Said at the start, rather than by each request. */
  @Test
  void keys_ofAProviderWhoseMacCannotBeCloned_refusedAtOnce() {
    var provider = new BareMac();
    java.security.Security.insertProviderAt(provider, 1);
    try {
      assertThatThrownBy(() -> new RevocationKeys(new byte[32]))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("BareMac cannot be cloned");
    } finally {
      java.security.Security.removeProvider(provider.getName());
    }
  }

  private static final class BareMac extends java.security.Provider {
    private static final long serialVersionUID = 1L;

    BareMac() {
      super("BareMac", "1", "for a test");
      put("Mac.HmacSHA256", BareMacSpi.class.getName());
    }
  }

  /** Does nothing, and is not Cloneable. */
  public static final class BareMacSpi extends javax.crypto.MacSpi {
    @Override
    protected int engineGetMacLength() {
      return 32;
    }

    @Override
    protected void engineInit(
        java.security.Key key, java.security.spec.AlgorithmParameterSpec parameters) {}

    @Override
    protected void engineUpdate(byte input) {}

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {}

    @Override
    protected byte[] engineDoFinal() {
      return new byte[32];
    }

    @Override
    protected void engineReset() {}
  }

  @Test
  void subject_isNotReadableInTheStore() {
    RotatingKeySource node = node();
    revocations(node).revokeSubject("ann@example.org", ring.time.instant());
    node.tick();
    assertThat(new String(log.records.get(0), StandardCharsets.ISO_8859_1)).doesNotContain("ann");
    assertThat(revocations(node).toString()).doesNotContain("ann");
  }
}
