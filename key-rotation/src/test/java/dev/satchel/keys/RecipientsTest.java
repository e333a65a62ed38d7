package dev.satchel.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWEObjectJSON;
import com.nimbusds.jose.crypto.MultiDecrypter;
import com.nimbusds.jose.jwk.ECKey;
import dev.satchel.TokenAlgorithm;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rings for several, and rings that move from one key to another. */
class RecipientsTest {
  private final RingFixture ring = new RingFixture();
  private final String shopJwk = RecipientKey.generateJwk(new SeededRandom(11));
  private final String opsJwk = RecipientKey.generateJwk(new SeededRandom(12));
  private final KeyEncryptionKey shop = KeyEncryptionKey.ofPrivateJwk(shopJwk);
  private final KeyEncryptionKey ops = KeyEncryptionKey.ofPrivateJwk(opsJwk);
  private final RecipientKey opsPublic = RecipientKey.fromJwk(opsJwk);

  @Test
  void added_opens_removed_doesNot() {
    KeyCustodian custodian = shared();
    assertThat(custodian(ops).status().epoch()).isEqualTo(2);
    custodian.recipientRemoval(Set.of(opsPublic.id())).commit();
    assertUnreadable(() -> custodian(ops).status());
    assertThat(custodian.status().epoch()).isEqualTo(3);
  }

  @Test
  void rotation_keepsTheRecipients() {
    shared();
    custodian(ops).emergencyRotation().commit();
    assertThat(custodian(shop).recipients()).hasSize(2).contains(opsPublic);
  }

  @Test
  void sealed_forAnotherImplementation_isAJwkSet() throws Exception {
    shared();
    JWEObjectJSON jwe = JWEObjectJSON.parse(stored());
    jwe.decrypt(new MultiDecrypter(ECKey.parse(opsJwk)));
    assertThat(jwe.getPayload().toJSONObject()).containsKeys("keys", "recipients");
  }

  /** A store that lists one more must not have the next document sealed for that one. */
  @Test
  void injectedRecipient_unreadable() {
    shared();
    String stored = stored();
    String entry = stored.substring(stored.indexOf("[{") + 1, stored.indexOf("},{\"header\"") + 1);
    String stranger =
        entry.replaceFirst(
            "\"kid\":\"[^\"]*\"",
            "\"kid\":\""
                + RecipientKey.fromJwk(RecipientKey.generateJwk(new SeededRandom(13))).id()
                + "\"");
    assertRefused(stored.replace("[{", "[" + stranger + ",{"), "other recipients");
    assertRefused(stored.replace("[{", "[" + entry + ",{"), "there twice");
    assertRefused(stored.replace(entry + ",", ""), "none of them");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"iv\":\"", "\"tag\":\"", "\"ciphertext\":\"", "\"x\":\"", "_key\":\""})
  void damaged_unreadable(String where) {
    shared();
    String stored = stored();
    int at = stored.indexOf(where) + where.length();
    char other = stored.charAt(at) == 'A' ? 'B' : 'A';
    assertRefused(stored.substring(0, at) + other + stored.substring(at + 1), "cannot be read");
  }

  @Test
  void unexpectedMembersAndSpellings_unreadable() {
    shared();
    String stored = stored();
    assertRefused(stored + " ", "not spelled");
    assertRefused(stored.replace("\"iv\":", "\"aad\":\"AAAA\",\"iv\":"), "members");
    assertRefused(stored.replace("\"iv\":", "\"unprotected\":{},\"iv\":"), "members");
    assertRefused(stored.replaceFirst("\"kid\":", "\"alg\":\"dir\",\"kid\":"), "members");
  }

  @Test
  void exportedForRecipients_opensWithThatKeyOnly() {
    ring.init();
    byte[] copy = ring.custodian.exported(List.of(opsPublic));
    assertThat(new SealedRing(ops, new SeededRandom(1)).open(copy, "here").epoch()).isEqualTo(1);
    assertUnreadable(() -> new SealedRing(shop, new SeededRandom(1)).open(copy, "here"));
  }

  /** Nodes that hold both keys see a rewrap as any other commit; one with the old key keeps all. */
  @Test
  void rewrap_runningNodes_noneLosesAnything() {
    ring.init(TokenAlgorithm.A256GCM);
    RotatingKeySource ready = node(ring.kek.also(shop));
    RotatingKeySource late = node(ring.kek);
    KeyRingStatus before = ring.custodian.status();
    KeyRingStatus after = ring.custodian.rewrap(shop).orElseThrow().commit();
    assertThat(after.epoch()).isEqualTo(before.epoch() + 1);
    assertThat(after.keys()).isEqualTo(before.keys());
    ring.pass(Duration.ofMinutes(10), ready, late);
    assertThat(ready.health().alarms()).isEmpty();
    assertThat(ready.status().epoch()).isEqualTo(after.epoch());
    assertThat(late.health().alarms()).contains(KeyRingAlarm.UNREADABLE);
    assertThat(late.status().epoch()).isEqualTo(before.epoch());
    // A writer with the old key first does not take the ring back to it.
    custodian(ring.kek.also(shop)).emergencyRotation().commit();
    assertThat(custodian(shop).status().epoch()).isEqualTo(after.epoch() + 1);
  }

  @Test
  void fromPlaintext_toSealed() {
    KeyEncryptionKey plain = KeyEncryptionKey.insecurePlaintext();
    custodian(plain).creation("shop", RotationPolicy.defaults()).commit();
    custodian(plain).rewrap(ring.kek).orElseThrow().commit();
    assertThat(ring.custodian.status().epoch()).isEqualTo(2);
    assertUnreadable(() -> custodian(plain).status());
  }

  @Test
  void publicKey_opensNothing() {
    assertThatThrownBy(() -> KeyEncryptionKey.ofPrivateJwk(opsPublic.toJwk()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("public key");
  }

  private KeyCustodian shared() {
    KeyCustodian custodian = custodian(shop);
    custodian.creation("shop", RotationPolicy.defaults()).commit();
    custodian.recipientAddition(List.of(opsPublic)).orElseThrow().commit();
    return custodian;
  }

  private KeyCustodian custodian(KeyEncryptionKey key) {
    String known = ring.store.read().isPresent() ? lineage() : null;
    return new KeyCustodian(ring.store, key, null, known, ring.time, new SeededRandom(4));
  }

  /** Of the ring that the store has, as its header tells whoever may read the store. */
  private String lineage() {
    String stored = stored();
    String first =
        stored.startsWith("{\"protected\"")
            ? stored.substring(stored.indexOf(":\"") + 2, stored.indexOf("\",\""))
            : stored.split("\\.", 2)[0];
    String header =
        stored.startsWith("{\"v\"")
            ? stored
            : new String(Base64.getUrlDecoder().decode(first), UTF_8);
    return header.replaceFirst("(?s).*\"lineage\":\"([^\"]*)\".*", "$1");
  }

  /** Whoever knows the public keys can seal; that is no reason to believe it. */
  @Test
  void forgedWithPublicKeysAlone_refused() {
    shared();
    String lineage = lineage();
    RingFixture elsewhere = new RingFixture();
    elsewhere.init();
    byte[] forged =
        elsewhere.custodian.exported(
            List.of(RecipientKey.fromJwk(shopJwk), RecipientKey.fromJwk(opsJwk)));
    MemoryKeyRingStore store = new MemoryKeyRingStore(ring.time);
    store.compareAndSet(KeyRingStore.ABSENT, forged);
    assertThatThrownBy(() -> new KeyCustodian(store, shop, lineage, ring.time).status())
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("expected is " + lineage);
    assertThatThrownBy(() -> new KeyCustodian(store, shop, ring.time).status())
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("add lineage=");
    assertThatThrownBy(() -> RotatingKeySource.builder(store, shop.also(ring.kek)).build())
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("add lineage=");
    assertThatThrownBy(() -> ForeignKeys.ofRing(forged, shop))
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("anybody");
    assertThatThrownBy(() -> ForeignKeys.ofRing(forged, shop, lineage))
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("expected is " + lineage);
    assertThat(ForeignKeys.ofRing(forged, shop, elsewhere.custodian.status().lineage()))
        .isNotNull();
  }

  /** A document may say any lineage in its header; inside, the key tells. */
  @Test
  void lineageOfAnotherKey_unreadable() {
    ring.init();
    String other = Lineage.of(new byte[32]);
    byte[] json =
        new String(
                new SealedRing(KeyEncryptionKey.insecurePlaintext(), new SeededRandom(1))
                    .seal(
                        new SealedRing(ring.kek, new SeededRandom(1))
                            .open(ring.store.read().orElseThrow().document(), "here")
                            .sealed(Seal.under(KeyEncryptionKey.insecurePlaintext(), List.of()))),
                UTF_8)
            .replaceFirst("\"lineage\":\"[^\"]*\"", "\"lineage\":\"" + other + "\"")
            .getBytes(UTF_8);
    assertThatThrownBy(() -> RingJson.read(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lineage is not that of its lineageKey");
  }

  private RotatingKeySource node(KeyEncryptionKey key) {
    return RotatingKeySource.builder(ring.store, key)
        .clock(ring.time)
        .monotonicClock(ring.time.monotonic())
        .random(new SeededRandom(5))
        .withoutThread()
        .build();
  }

  private String stored() {
    return new String(ring.store.read().orElseThrow().document(), UTF_8);
  }

  private void assertRefused(String stored, String message) {
    assertThatThrownBy(
            () -> new SealedRing(shop, new SeededRandom(1)).open(stored.getBytes(UTF_8), "here"))
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining(message);
  }

  private static void assertUnreadable(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.UNREADABLE));
  }
}
