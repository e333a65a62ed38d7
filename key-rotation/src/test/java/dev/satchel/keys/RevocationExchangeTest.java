package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionState;
import dev.satchel.TokenCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What becomes of revocations between nodes whose store is away, full, emptied, set back or forged.
 */
class RevocationExchangeTest extends RevokingNodes {
  private final RevocationKeys keys = new RevocationKeys(new byte[32]);
  private final RevokedSessions ten = new RevokedSessions(keys, 10);

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
  void revoke_thenClose_isHandedOn() {
    RotatingKeySource first = node();
    SessionState session = codec(first).create();
    revoke(first, session);
    first.close();
    assertThat(isRevoked(node(), session)).isTrue();
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

  /** With room for ten. */
  private RevocationExchange exchange() {
    return new RevocationExchange(
        log,
        keys,
        ten,
        ring.time,
        ring.time.monotonic(),
        new SeededRandom(1),
        RotationPolicy::defaults,
        log::time,
        null,
        new RingMonitor("memory"));
  }

  /** A record for each of these sessions, the second number excluded. */
  private void append(int from, int to, Instant until) {
    for (int i = from; i < to; i++) {
      var entry = Revocation.ofSession(i, i, until.getEpochSecond());
      log.append(keys.record(List.of(entry)), Instant.MAX);
    }
  }

  /** What found no room is not forgotten: when there is room, it is read again. */
  @Test
  void full_isToldAndMadeUpFor() {
    RevocationExchange exchange = exchange();
    Instant late = ring.time.instant().plus(Duration.ofHours(8));
    append(0, 5, ring.time.instant().plusSeconds(60));
    append(5, 12, late);
    exchange.start();
    exchange.tick();
    assertThat(exchange.alarms()).containsExactly(KeyRingAlarm.REVOCATIONS_FULL);
    assertThat(ten.size()).isEqualTo(10);
    ring.time.advance(Duration.ofMinutes(11));
    exchange.tick();
    assertThat(exchange.alarms()).isEmpty();
    assertThat(ten.size()).isEqualTo(7);
    assertThat(ten.knows(11, 11)).isTrue();
    int reads = log.reads;
    append(12, 16, late);
    for (int i = 0; i < 4; i++) {
      ring.time.advance(Duration.ofMinutes(10));
      exchange.tick();
    }
    assertThat(exchange.alarms()).containsExactly(KeyRingAlarm.REVOCATIONS_FULL);
    assertThat(log.reads - reads).as("each its own alone: all of it once an hour").isEqualTo(4);
    // When it reads all again, it first looks whether that is still what it has read.
    log.setBack(3);
    append(20, 40, late);
    ring.time.advance(Duration.ofMinutes(21));
    exchange.tick();
    assertThat(exchange.alarms()).contains(KeyRingAlarm.REVOCATIONS_LOST);
  }

  /** Once it found room, nothing is read twice any more. */
  @Test
  void full_madeUpFor_readsOnAsBefore() {
    RevocationExchange exchange = exchange();
    append(0, 5, ring.time.instant().plusSeconds(60));
    append(5, 12, ring.time.instant().plus(Duration.ofHours(8)));
    exchange.start();
    ring.time.advance(Duration.ofMinutes(11));
    exchange.tick();
    assertThat(ten.knows(11, 11)).isTrue();
    int reads = log.reads;
    for (int i = 0; i < 18; i++) {
      ring.time.advance(Duration.ofMinutes(10));
      exchange.tick();
    }
    assertThat(log.reads - reads).isEqualTo(18);
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
            List.of(
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
    var told = new ArrayList<String>();
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
}
