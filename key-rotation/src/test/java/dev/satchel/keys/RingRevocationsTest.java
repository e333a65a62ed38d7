package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.Decoded;
import dev.satchel.KeySource.Health.Status;
import dev.satchel.Rejection;
import dev.satchel.SessionRevocations;
import dev.satchel.SessionState;
import dev.satchel.TokenCodec;
import dev.satchel.keys.RotatingKeySource.Role;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is revoked by one node as it and others heed it. */
class RingRevocationsTest extends RevokingNodes {
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

  @Test
  void subject_isNotReadableInTheStore() {
    RotatingKeySource node = node();
    revocations(node).revokeSubject("ann@example.org", ring.time.instant());
    node.tick();
    assertThat(new String(log.records.get(0), StandardCharsets.ISO_8859_1)).doesNotContain("ann");
    assertThat(revocations(node).toString()).doesNotContain("ann");
  }
}
