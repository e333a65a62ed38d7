package dev.satchel.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.Decoded;
import dev.satchel.KeySource;
import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two rings side by side: green verifies what blue signs. */
class ImportTest {
  private static final TokenContext CONTEXT = TokenContext.cookie("shop", "__Host-Http-shop");
  private static final Optional<Duration> BY_DATES = Optional.empty();

  private final RingFixture green = new RingFixture();
  private final KeyRingStore blueStore = new MemoryKeyRingStore(green.time);
  private final KeyEncryptionKey courier = RingFixture.secretKek(7);
  private final KeyCustodian blue =
      new KeyCustodian(blueStore, green.kek, null, green.time, new SeededRandom(3));

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void tokensOfTheOtherRing_afterImport_areAccepted(TokenAlgorithm algorithm) {
    blue.creation("shop", RotationPolicy.defaults().withAlgorithm(algorithm)).commit();
    green.init();
    RotatingKeySource there = green.source(blueStore).build();
    RotatingKeySource here = green.source().build();
    TokenCodec blueCodec = codec(there);
    String token = blueCodec.encode(blueCodec.create());
    assertThat(codec(here).decode(token)).isInstanceOf(Decoded.Rejected.class);

    importBlue().change().orElseThrow().commit();
    here.refresh();
    assertThat(codec(here).decode(token)).isInstanceOf(Decoded.Accepted.class);
    assertThat(here.health().alarms()).isEmpty();
    // Its own key signs, as before.
    String own = here.current().issuing().orElseThrow().id();
    assertThat(own).isNotIn(ids(blue.status()));
    assertThat(codec(there).decode(codec(here).encode(codec(here).create())))
        .isInstanceOf(Decoded.Rejected.class);
  }

  @Test
  void importedKey_neverSigns_evenIfNoOtherIsThere() {
    blue.creation("shop", RotationPolicy.defaults()).commit();
    green.init();
    RotatingKeySource node = green.source().build();
    importBlue().change().orElseThrow().commit();
    node.refresh();
    Set<String> foreign = Set.copyOf(ids(blue.status()));
    for (int day = 0; day < 40; day++) {
      green.pass(Duration.ofDays(1), node); // a reader: nobody publishes a next key
      assertThat(node.current().issuing().map(SessionKey::id).filter(foreign::contains)).isEmpty();
    }
    assertThat(node.current().issuing()).isEmpty();
    assertThat(node.health().alarms()).containsExactly(KeyRingAlarm.ROTATION_OVERDUE);
  }

  @Test
  void import_changesNothingOfTheRotation() {
    blue.creation("shop", RotationPolicy.defaults()).commit();
    KeyRingStatus before = green.init();
    green.time.advance(Duration.ofDays(6));
    importBlue().change().orElseThrow().commit();
    KeyRingStatus after = green.custodian.status();
    assertThat(after.rotationDueAt()).isEqualTo(before.rotationDueAt());
    assertThat(after.active().orElseThrow().id()).isEqualTo(before.active().orElseThrow().id());
    assertThat(after.active().orElseThrow().verifyUntil())
        .isEqualTo(before.active().orElseThrow().verifyUntil());
    // An imported key is no step of it: neither does the next wait for half a lead, nor is it due.
    assertThat(green.custodian.rotation().commit().keys()).hasSize(3);
  }

  @Test
  void asymmetricKey_comesWithoutItsPrivatePart() {
    blue.creation("shop", RotationPolicy.defaults().withAlgorithm(TokenAlgorithm.ED25519)).commit();
    green.init();
    importBlue().change().orElseThrow().commit();
    RingDocument document = green.custodian.repository().load().orElseThrow().document();
    assertThat(new String(RingJson.write(document), UTF_8)).doesNotContain("\"d\"");
    assertThat(green.custodian.status().keys()).filteredOn(KeyRingStatus.Key::canIssue).hasSize(1);
    assertThat(new String(green.custodian.publicKeys().body(), UTF_8))
        .contains(ids(blue.status()).get(0));
  }

  @Test
  void importedKey_verifiesAsLongAsItsRingSays_thenGoes() {
    blue.creation("shop", RotationPolicy.defaults()).commit();
    String id = ids(blue.status()).get(0);
    green.init();
    importBlue().change().orElseThrow().commit();
    KeyRingStatus.Key there = blue.status().keys().get(0);
    assertThat(key(id).verifyUntil()).isEqualTo(there.verifyUntil());
    assertThat(key(id).phase()).isEqualTo(KeyPhase.DEACTIVATED);
    assertThat(key(id).origin()).isEqualTo("imported");
    RotatingKeySource writer = green.source().role(RotatingKeySource.Role.WRITER).build();
    green.pass(Duration.between(green.time.instant(), there.verifyUntil()), writer);
    assertThat(writer.current().find(id)).isEmpty();
    green.pass(Duration.ofDays(7), writer);
    assertThat(key(id).phase()).isEqualTo(KeyPhase.DESTROYED);
    // Back it cannot come.
    RingImport again = importBlue();
    assertThat(again.added()).isEmpty();
    assertThat(again.ended()).contains(id);
  }

  @Test
  void signsFor_shortensTheDates_andNeverLengthensThem() {
    blue.creation("shop", RotationPolicy.defaults()).commit();
    String id = ids(blue.status()).get(0);
    green.init();
    RotationPolicy policy = RotationPolicy.defaults();
    ForeignKeys keys = exported();
    assertThat(
            key(green.custodian.importing(keys, Optional.of(Duration.ofHours(1))), id)
                .verifyUntil())
        .isEqualTo(green.time.instant().plus(Duration.ofHours(1)).plus(policy.retention()));
    assertThat(
            key(green.custodian.importing(keys, Optional.of(Duration.ofDays(700))), id)
                .verifyUntil())
        .isEqualTo(blue.status().keys().get(0).verifyUntil());
    assertThatThrownBy(() -> green.custodian.importing(keys, Optional.of(Duration.ofDays(731))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT17520H");
    assertThatThrownBy(() -> green.custodian.importing(keys, Optional.of(Duration.ofDays(-1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void jwk_undated_verifiesForALeadAndTheRetention() {
    green.init();
    ForeignKeys keys = ForeignKeys.ofJwk(jwk("legacy", 5));
    RingImport found = green.custodian.importing(keys, BY_DATES);
    RotationPolicy policy = RotationPolicy.defaults();
    assertThat(found.added()).containsExactly("legacy");
    assertThat(key(found, "legacy").verifyUntil())
        .isEqualTo(green.time.instant().plus(policy.lead()).plus(policy.retention()));
    found.change().orElseThrow().commit();
    RingImport again = green.custodian.importing(ForeignKeys.ofJwk(jwk("legacy", 5)), BY_DATES);
    assertThat(again.change()).isEmpty();
    assertThat(again.present()).containsExactly("legacy");
  }

  @Test
  void revokedHere_neverComesBack() {
    blue.creation("shop", RotationPolicy.defaults()).commit();
    String id = ids(blue.status()).get(0);
    green.init();
    importBlue().change().orElseThrow().commit();
    String own = green.custodian.status().active().orElseThrow().id();
    green.custodian.revocation(Set.of(id)).commit();
    assertThat(key(id).phase()).isEqualTo(KeyPhase.REVOKED);
    // The revocation of a stranger ends nobody else.
    assertThat(green.custodian.status().active().orElseThrow().id()).isEqualTo(own);
    RingImport again = importBlue();
    assertThat(again.change()).isEmpty();
    assertThat(again.refused()).containsExactly(id);
  }

  @Test
  void revokedThere_isRevokedHere_andAnOlderExportBringsNothingBack() {
    blue.creation("shop", RotationPolicy.defaults()).commit();
    String id = ids(blue.status()).get(0);
    ForeignKeys old = exported();
    green.init();
    String own = green.custodian.status().active().orElseThrow().id();
    green.time.advance(Duration.ofHours(1));
    blue.revocation(Set.of(id)).commit();

    RingImport fresh = importBlue();
    assertThat(fresh.revoked()).containsExactly(id);
    fresh.change().orElseThrow().commit();
    assertThat(green.custodian.importing(old, BY_DATES).refused()).containsExactly(id);
    // Nor does the tombstone of a stranger retire anybody.
    assertThat(green.custodian.status().active().orElseThrow().id()).isEqualTo(own);

    blue.revocation(Set.copyOf(fresh.added())).commit();
    RingImport next = importBlue();
    next.change().orElseThrow().commit();
    assertThat(next.revoked()).isEqualTo(fresh.added());
    assertThat(key(fresh.added().get(0)).phase()).isEqualTo(KeyPhase.REVOKED);
    assertThat(green.custodian.status().active().orElseThrow().id()).isEqualTo(own);
  }

  /** Somebody else's tombstones must not end our own keys. */
  @Test
  void ownKey_namedRevokedByAnotherRing_stays() {
    green.init();
    String own = green.custodian.status().active().orElseThrow().id();
    RingDocument hostile =
        new RingSuccession(new SeededRandom(8))
            .bootstrap("shop", RotationPolicy.defaults(), green.time.instant());
    RingDocument naming =
        hostile.successor(
            null,
            2,
            hostile.policy(),
            hostile.keys(),
            List.of(
                Tombstone.ofStranger(own, Tombstone.Why.REVOKED, green.time.instant()),
                Tombstone.ofStranger("\u001b[31m", Tombstone.Why.REVOKED, green.time.instant())));
    byte[] sealed = new SealedRing(courier, new SeededRandom(9)).seal(naming);
    RingImport found = green.custodian.importing(ForeignKeys.ofRing(sealed, courier), BY_DATES);
    assertThat(found.revoked()).isEmpty();
    found.change().orElseThrow().commit();
    assertThat(key(own).phase()).isEqualTo(KeyPhase.ACTIVE);
  }

  @Test
  void clash_isRefused() {
    green.init();
    green
        .custodian
        .importing(ForeignKeys.ofJwk(jwk("legacy", 5)), BY_DATES)
        .change()
        .orElseThrow()
        .commit();
    assertPolicy(ForeignKeys.ofJwk(jwk("legacy", 6)), "another key has the id legacy");
    assertPolicy(ForeignKeys.ofJwk(jwk("other", 5)), "under the id legacy");
    assertPolicy(
        ForeignKeys.ofRing(green.custodian.exported(courier), courier), "of this very ring");
    assertThatThrownBy(
            () -> ForeignKeys.ofJwk("{\"keys\":[" + jwk("a", 1) + "," + jwk("a", 2) + "]}"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ForeignKeys.ofJwk("{\"keys\":[]}"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void document_withImportedKeys_readsBackTheSame() {
    blue.creation("shop", RotationPolicy.defaults()).commit();
    green.init();
    importBlue().change().orElseThrow().commit();
    RingDocument document = green.custodian.repository().load().orElseThrow().document();
    byte[] json = RingJson.write(document);
    assertThat(RingJson.write(RingJson.read(json))).isEqualTo(json);
    assertThat(document.keys()).filteredOn(RingKey::isImported).hasSize(1);
    String text = new String(json, UTF_8);
    assertThat(text).contains("\"origin\":\"imported\",\"epoch\":2");
    // An id of elsewhere under another origin would be a key that can sign.
    for (String wrong :
        List.of(
            "\"scheduled\",\"epoch\":2", "\"imported\",\"epoch\":3", "\"imported\",\"epoch\":0")) {
      byte[] changed = text.replace("\"imported\",\"epoch\":2", wrong).getBytes(UTF_8);
      assertThatThrownBy(() -> RingJson.read(changed)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void prune_onlyWhatIsDue() {
    green.init();
    assertThat(green.custodian.pruning()).isEmpty();
    green.time.advance(Duration.ofDays(6));
    green.custodian.rotation().commit();
    String first = ids(green.custodian.status()).get(0);
    green.time.advance(Duration.ofDays(2));
    assertThat(green.custodian.pruning()).isEmpty();
    green.time.advance(Duration.ofHours(1));
    KeyRingStatus pruned = green.custodian.pruning().orElseThrow().commit();
    assertThat(pruned.epoch()).isEqualTo(3);
    assertThat(key(first).phase()).isEqualTo(KeyPhase.DESTROYED);
    assertThat(green.custodian.pruning()).isEmpty();
    // The tombstone goes in its turn.
    green.time.advance(Duration.ofDays(4));
    assertThat(green.custodian.pruning().orElseThrow().commit().keys()).hasSize(1);
  }

  @Test
  void prune_ofTheLastKey_isRefused() {
    green.init();
    green.time.advance(Duration.ofDays(40));
    assertThatThrownBy(() -> green.custodian.pruning())
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.POLICY))
        .hasMessageContaining("rotate --emergency");
    assertThat(green.custodian.emergencyRotation().commit().keys()).hasSize(2);
  }

  @Test
  void prune_privatePartOfARetiredKey_isDue() {
    green.init(TokenAlgorithm.ES256);
    green.time.advance(Duration.ofDays(6));
    green.custodian.rotation().commit();
    green.time.advance(Duration.ofHours(25));
    assertThat(green.custodian.status().keys()).filteredOn(KeyRingStatus.Key::canIssue).hasSize(2);
    green.custodian.pruning().orElseThrow().commit();
    assertThat(green.custodian.status().keys()).filteredOn(KeyRingStatus.Key::canIssue).hasSize(1);
    assertThat(green.custodian.pruning()).isEmpty();
  }

  private ForeignKeys exported() {
    return ForeignKeys.ofRing(blue.exported(courier), courier);
  }

  private RingImport importBlue() {
    return green.custodian.importing(exported(), BY_DATES);
  }

  private void assertPolicy(ForeignKeys keys, String text) {
    assertThatThrownBy(() -> green.custodian.importing(keys, BY_DATES))
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.POLICY))
        .hasMessageContaining(text);
  }

  private KeyRingStatus.Key key(String id) {
    return key(green.custodian.status(), id);
  }

  private static KeyRingStatus.Key key(RingImport found, String id) {
    return key(found.change().orElseThrow().after(), id);
  }

  private static KeyRingStatus.Key key(KeyRingStatus status, String id) {
    return status.keys().stream().filter(key -> key.id().equals(id)).findFirst().orElseThrow();
  }

  private static List<String> ids(KeyRingStatus status) {
    return status.keys().stream().map(KeyRingStatus.Key::id).toList();
  }

  private static String jwk(String id, int seed) {
    return SessionKey.generate(id, TokenAlgorithm.A256GCM, new SeededRandom(seed)).toSecretJwk();
  }

  private TokenCodec codec(KeySource keys) {
    return TokenCodec.builder(CONTEXT, keys).clock(green.time).build();
  }
}
