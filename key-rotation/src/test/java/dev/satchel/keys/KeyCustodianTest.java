package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.TokenAlgorithm;
import dev.satchel.keys.KeyRingException.Reason;
import dev.satchel.keys.KeyRingStore.Commit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyCustodianTest {
  private final RingFixture ring = new RingFixture();

  @Test
  void creation_firstKeySignsAtOnce() {
    KeyRingStatus status = ring.init();
    assertThat(status.epoch()).isEqualTo(1);
    assertThat(status.active()).isPresent();
    assertThat(status.rotationDueAt()).contains(ManualTime.START.plus(Duration.ofDays(6)));
  }

  @Test
  void creation_nameForAnotherPlace_refused() {
    assertThatThrownBy(() -> ring.custodian.creation("a/b", RotationPolicy.defaults()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void change_notCommitted_changesNothing() {
    ring.init();
    ring.time.advance(Duration.ofDays(6));
    RingChange change = ring.custodian.rotation();
    assertThat(change.before().orElseThrow().keys()).hasSize(1);
    assertThat(change.after().keys()).hasSize(2);
    assertThat(ring.custodian.status().keys()).hasSize(1);
  }

  @Test
  void rotation_publishesALeadAhead() {
    ring.init();
    ring.time.advance(Duration.ofDays(6));
    KeyRingStatus status = ring.custodian.rotation().commit();
    KeyRingStatus.Key next = status.keys().get(1);
    assertThat(next.phase()).isEqualTo(KeyPhase.PRE_ACTIVATION);
    assertThat(next.activateAt()).isEqualTo(ManualTime.START.plus(Duration.ofDays(7)));
    assertThat(status.keys().get(0).deactivateAt()).isEqualTo(next.activateAt());
  }

  /** N7: what stops a runaway clock. */
  @Test
  void rotation_withinHalfALead_refused() {
    ring.init();
    ring.time.advance(Duration.ofHours(11));
    assertReason(ring.custodian::rotation, Reason.POLICY);
    ring.time.advance(Duration.ofHours(1));
    assertThat(ring.custodian.rotation().commit().keys()).hasSize(2);
  }

  @Test
  void rotation_overtaken_conflictAndOwnKeyDestroyed() {
    ring.init();
    ring.time.advance(Duration.ofDays(6));
    RingChange late = ring.custodian(2).rotation();
    ring.custodian(3).rotation().commit();
    assertReason(late::commit, Reason.CONFLICT);
    assertThat(ring.custodian.status().epoch()).isEqualTo(2);
    assertThat(ring.custodian.status().keys()).hasSize(2);
  }

  @Test
  void creation_overtaken_exists() {
    RingChange late = ring.custodian(2).creation("shop", RotationPolicy.defaults());
    ring.init();
    assertReason(late::commit, Reason.EXISTS);
    assertReason(() -> ring.custodian.creation("shop", RotationPolicy.defaults()), Reason.EXISTS);
  }

  /**
   * Putting back a wiped ring carries keys that are in use: losing that race must not hurt them.
   */
  @Test
  void healing_overtaken_keysInUseAreKept() {
    ring.init();
    RingRepository repository =
        new RingRepository(ring.store, ring.kek, null, null, new SeededRandom(8));
    RingRepository.Loaded held = repository.load().orElseThrow();
    KeyRingStore wiped = new MemoryKeyRingStore(ring.time);
    KeyCustodian healer = new KeyCustodian(wiped, ring.kek, null, ring.time, new SeededRandom(9));
    RingChange late = healer.healing(held.document(), held.hash());
    wiped.compareAndSet(KeyRingStore.ABSENT, ring.store.read().orElseThrow().document());
    assertThat(late.attempt()).isEqualTo(Commit.CONFLICT);
    assertThat(held.document().keys().get(0).material().toSecretJwk())
        .doesNotContain("AAAAAAAAAAAAAAAAAAAAAA");
  }

  @Test
  void emergencyRotation_signsWithinSeconds() {
    ring.init();
    ring.time.advance(Duration.ofHours(1));
    KeyRingStatus status = ring.custodian.emergencyRotation().commit();
    KeyRingStatus.Key next = status.keys().get(1);
    assertThat(next.activateAt()).isEqualTo(ring.time.instant().plusSeconds(10 + 10 + 60));
    assertThat(status.keys().get(0).phase()).isEqualTo(KeyPhase.ACTIVE);
  }

  /** Until the last emergency key signs, another one helps nobody. */
  @Test
  void emergencyRotation_whileOneIsWaiting_refused() {
    ring.init();
    ring.time.advance(Duration.ofHours(1));
    ring.custodian.emergencyRotation().commit();
    ring.time.advance(Duration.ofSeconds(79));
    assertReason(ring.custodian::emergencyRotation, Reason.POLICY);
    ring.time.advance(Duration.ofSeconds(1));
    assertThat(ring.custodian.emergencyRotation().commit().keys()).hasSize(3);
  }

  /** What readers refuse is not committed. */
  @Test
  void emergencyRotation_moreKeysThanCanBeRead_refusedAndRingStaysReadable() {
    ring.init();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 300; i++) {
                ring.time.advance(Duration.ofMinutes(2));
                ring.custodian.emergencyRotation().commit();
              }
            })
        .isInstanceOfSatisfying(
            KeyRingException.class, e -> assertThat(e.reason()).isEqualTo(Reason.POLICY))
        .hasMessageContaining("would be unreadable");
    assertThat(ring.custodian.status().active()).isPresent();
  }

  /** The change is done: a clock that does not answer afterwards is no failure. */
  @Test
  void commit_clockFailsAfterwards_succeeds() {
    KeyCustodian custodian =
        new KeyCustodian(
            new ClockFailsAfterCommit(ring.store), ring.kek, null, ring.time, new SeededRandom(4));
    assertThat(custodian.creation("shop", RotationPolicy.defaults()).commit().epoch()).isEqualTo(1);
  }

  /** A document under another's number: a copy of an old ring as the newest revision. */
  @Test
  void status_revisionBeyondTheEpoch_unreadable() {
    ring.init();
    byte[] document = ring.store.read().orElseThrow().document();
    ring.store.compareAndSet(1, document);
    assertReason(ring.custodian::status, Reason.UNREADABLE);
  }

  @Test
  void revocation_ofTheOnlyKey_anotherSignsAtOnce() {
    String id = ring.init().keys().get(0).id();
    ring.time.advance(Duration.ofHours(1));
    KeyRingStatus status = ring.custodian.revocation(Set.of(id)).commit();
    assertThat(status.keys())
        .extracting(KeyRingStatus.Key::phase)
        .containsExactly(KeyPhase.ACTIVE, KeyPhase.REVOKED);
    assertThat(status.keys().get(0).origin()).isEqualTo("forced");
  }

  /**
   * "Material erased in the same commit": whatever is left of the key, it is not in the document.
   */
  @Test
  void revocation_materialIsGone() {
    String id = ring.init().keys().get(0).id();
    RingRepository repository = ring.custodian.repository();
    String secret =
        repository.load().orElseThrow().document().keys().get(0).material().toSecretJwk();
    String k = secret.replaceAll(".*\"k\":\"([^\"]+)\".*", "$1");
    ring.custodian.revocation(Set.of(id)).commit();
    String json =
        new String(
            RingJson.write(repository.load().orElseThrow().document()),
            java.nio.charset.StandardCharsets.UTF_8);
    assertThat(json).contains(id).doesNotContain(k);
  }

  @Test
  void revocation_unknownKey_refused() {
    ring.init();
    assertReason(() -> ring.custodian.revocation(Set.of("AAAAAAAA")), Reason.POLICY);
  }

  @Test
  void rotation_expiredKey_buriedThenForgotten() {
    String first = ring.init().keys().get(0).id();
    ring.time.advance(Duration.ofDays(6));
    ring.custodian.rotation().commit();
    ring.time.advance(Duration.ofDays(7));
    KeyRingStatus status = ring.custodian.rotation().commit();
    assertThat(phase(status, first)).contains(KeyPhase.DESTROYED);
    assertThat(status.keys()).hasSize(3);
    ring.time.advance(Duration.ofDays(7));
    assertThat(phase(ring.custodian.rotation().commit(), first)).isEmpty();
  }

  /** NIST SP 800-57: a signature key is destroyed when it stops signing. */
  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"ES256", "ED25519", "ED25519_A256GCM"})
  void rotation_retiredSignatureKey_publicPartStays(TokenAlgorithm algorithm) {
    ring.init(algorithm);
    ring.time.advance(Duration.ofDays(6));
    ring.custodian.rotation().commit();
    ring.time.advance(Duration.ofHours(26));
    KeyRingStatus status = ring.custodian.emergencyRotation().commit();
    assertThat(status.keys().get(0).phase()).isEqualTo(KeyPhase.DEACTIVATED);
    assertThat(status.keys().get(0).canIssue()).isFalse();
    assertThat(status.keys().get(1).canIssue()).isTrue();
    assertThat(ring.custodian.status().keys().get(0).canIssue()).isFalse();
  }

  /** Nobody has a key to sign with, so there is nothing to wait a day for. */
  @Test
  void rotationIfDue_fleetSleptPastEverything_signsWithinSeconds() {
    ring.init();
    ring.time.advance(Duration.ofDays(40));
    KeyRingStatus status = ring.custodian.rotationIfDue().orElseThrow().commit();
    assertThat(status.keys().get(0).activateAt())
        .isBefore(ring.time.instant().plus(Duration.ofMinutes(2)));
  }

  @Test
  void operations_noRing_absent() {
    for (ThrowingCallable operation :
        List.<ThrowingCallable>of(
            ring.custodian::status,
            ring.custodian::rotation,
            ring.custodian::rotationIfDue,
            ring.custodian::emergencyRotation,
            () -> ring.custodian.revocation(Set.of("x")),
            ring.custodian::publicKeys)) {
      assertReason(operation, Reason.ABSENT);
    }
  }

  /** I7, dotnet/aspnetcore #21096: what cannot be opened is not nothing. */
  @Test
  void operations_otherKek_unreadableAndUntouched() {
    ring.init();
    byte[] before = ring.store.read().orElseThrow().document();
    KeyCustodian other =
        new KeyCustodian(
            ring.store, RingFixture.secretKek(3), null, ring.time, new SeededRandom(4));
    assertReason(other::status, Reason.UNREADABLE);
    assertReason(other::rotation, Reason.UNREADABLE);
    assertReason(() -> other.creation("shop", RotationPolicy.defaults()), Reason.EXISTS);
    assertThat(ring.store.read().orElseThrow().document()).isEqualTo(before);
  }

  /** PROTOCOL.md (g) 6: unknown outcome, both ways. */
  @Test
  void commit_answerLost_resolvedByReading() {
    ring.init();
    ring.time.advance(Duration.ofDays(6));
    Answerless applied = new Answerless(ring.store, true);
    KeyCustodian lucky = new KeyCustodian(applied, ring.kek, null, ring.time, new SeededRandom(4));
    assertThat(lucky.rotation().commit().epoch()).isEqualTo(2);
    ring.time.advance(Duration.ofDays(7));
    KeyCustodian unlucky =
        new KeyCustodian(
            new Answerless(ring.store, false), ring.kek, null, ring.time, new SeededRandom(5));
    assertReason(() -> unlucky.rotation().commit(), Reason.UNKNOWN_OUTCOME);
    assertThat(ring.custodian.status().epoch()).isEqualTo(2);
  }

  @Test
  void publicKeys_prePublishedToo() {
    ring.init(TokenAlgorithm.ED25519);
    ring.time.advance(Duration.ofDays(6));
    ring.custodian.rotation().commit();
    assertThat(new String(ring.custodian.publicKeys().body(), StandardCharsets.UTF_8))
        .startsWith("{\"keys\":[{")
        .contains(ring.custodian.status().keys().stream().map(KeyRingStatus.Key::id).toList())
        .doesNotContain("\"d\"");
  }

  private static Optional<KeyPhase> phase(KeyRingStatus status, String id) {
    return status.keys().stream()
        .filter(key -> key.id().equals(id))
        .map(KeyRingStatus.Key::phase)
        .findFirst();
  }

  private static void assertReason(ThrowingCallable call, Reason reason) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KeyRingException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static final class ClockFailsAfterCommit extends PassingStore {
    private boolean failing;

    ClockFailsAfterCommit(KeyRingStore store) {
      super(store);
    }

    @Override
    public Commit compareAndSet(long expectedRevision, byte[] document) {
      failing = true;
      return super.compareAndSet(expectedRevision, document);
    }

    @Override
    public Optional<Instant> time() {
      if (failing) {
        throw new KeyRingException(Reason.UNAVAILABLE, "no answer");
      }
      return super.time();
    }
  }

  @Test
  void close_leavesAStoreThatWasGivenToItsOwner() {
    List<String> closed = new ArrayList<>();
    KeyRingStore shared =
        new PassingStore(ring.store) {
          @Override
          public void close() {
            closed.add("shared");
          }
        };
    try (KeyCustodian custodian = new KeyCustodian(shared, ring.kek, ring.time)) {
      assertThat(custodian).isNotNull();
    }
    assertThat(closed).isEmpty();
  }
}
