package dev.satchel.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.keys.vault.FakeVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rings under a key that stays in a service: what nodes ask it, and what they do without it. */
class VaultRingTest {
  private final RingFixture ring = new RingFixture();
  private FakeVault vault;
  private KeyEncryptionKey kek = ring.kek;
  private String lineage = "";

  @TempDir Path temp;

  @BeforeEach
  void start() throws IOException {
    vault = new FakeVault();
    vault.tokens.add("hvs.token");
    Path token = Files.writeString(temp.resolve("token"), "hvs.token\n");
    kek =
        KeyEncryptionKey.of(
            "vault:" + vault.address() + "/transit/keys/shop?tokenFile=" + token, name -> null);
    assertThat(vault.requests).hasValue(0); // Finding a key asks nobody.
    KeyRingStatus created =
        new KeyCustodian(ring.store, kek, ring.time)
            .creation("shop", RotationPolicy.defaults())
            .commit();
    lineage = created.lineage();
    assertThat(created.sealedUnder().version()).isEqualTo(OptionalLong.of(1));
  }

  @AfterEach
  void stop() {
    vault.close();
  }

  @Test
  void document_saysWhoseKey_andHoldsItWrapped() {
    String header = header();
    assertThat(header)
        .contains("\"alg\":\"dir\"", "\"kid\":\"transit/keys/shop\"", "\"wrapped\":\"vault:v1:");
    assertThat(custodian().status().sealedUnder().kind()).isEqualTo("vault");
    assertThat(custodian().status().sealedUnder().keyId()).contains("transit/keys/shop");
  }

  @Test
  void everyCommit_hasItsOwnDataKey() {
    String first = header();
    custodian().emergencyRotation().commit();
    assertThat(wrapped(header())).isNotEqualTo(wrapped(first));
  }

  /** One question for a document: probes and reads of it cost Vault nothing. */
  @Test
  void node_asksOncePerDocument() {
    int before = vault.requests.get();
    RotatingKeySource node = node();
    assertThat(vault.requests).hasValue(before + 1);
    ring.pass(Duration.ofHours(10), node);
    assertThat(vault.requests).hasValue(before + 1);
    custodian().emergencyRotation().commit();
    int committed = vault.requests.get();
    ring.pass(Duration.ofHours(1), node);
    assertThat(node.status().epoch()).isEqualTo(2);
    assertThat(vault.requests).hasValue(committed + 1);
  }

  /** I7: Vault away, sealed or refusing is neither "empty" nor "unreadable". */
  @Test
  void start_vaultAway_failsAndInventsNothing() {
    vault.status = 503;
    assertThatThrownBy(this::node)
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.UNAVAILABLE))
        .hasMessageContaining("sealed or in maintenance (503)");
    vault.close();
    assertThatThrownBy(
            () ->
                RotatingKeySource.builder(ring.store, kek)
                    .lineage(lineage)
                    .withoutThread()
                    .bootstrap("shop", RotationPolicy.defaults())
                    .build())
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.UNAVAILABLE));
    assertThat(ring.store.read().orElseThrow().revision()).isEqualTo(1);
  }

  /** What is open stays open; a new document waits until Vault is back. */
  @Test
  void running_vaultAway_keepsWhatItHasAndSaysSo() {
    RotatingKeySource node = node();
    vault.status = 503;
    ring.pass(Duration.ofHours(5), node);
    assertThat(node.health().alarms()).isEmpty(); // Nothing new, so nothing to ask.
    vault.status = 0;
    custodian().emergencyRotation().commit();
    vault.status = 503;
    ring.pass(Duration.ofHours(1), node);
    assertThat(node.health().alarms()).contains(KeyRingAlarm.UNAVAILABLE);
    assertThat(node.status().epoch()).isEqualTo(1);
    assertThat(node.current().issuing()).isPresent();
    vault.status = 0;
    ring.pass(Duration.ofMinutes(10), node);
    assertThat(node.status().epoch()).isEqualTo(2);
    assertThat(node.health().alarms()).isEmpty();
  }

  /** A writer that cannot seal changes nothing, and rotates when it can. */
  @Test
  void writer_vaultAway_rotatesLater() {
    RotatingKeySource writer = writer();
    ring.pass(Duration.ofDays(5), writer);
    vault.status = 503;
    ring.pass(Duration.ofHours(36), writer);
    assertThat(writer.health().alarms()).contains(KeyRingAlarm.ROTATION_OVERDUE);
    assertThat(ring.store.read().orElseThrow().revision()).isEqualTo(1);
    vault.status = 0;
    ring.pass(Duration.ofHours(1), writer);
    assertThat(ring.store.read().orElseThrow().revision()).isEqualTo(2);
    assertThat(writer.health().alarms()).isEmpty();
  }

  /** The store answers all the while: only the attempts tell, and they are far between. */
  @Test
  void writer_vaultSealed_isNeverWellUntilItHasRotated() {
    RotatingKeySource writer = writer();
    ring.pass(Duration.ofDays(6).minusMinutes(1), writer);
    vault.status = 503;
    int up = 0;
    for (int i = 0; i < 360; i++) {
      ring.time.advance(Duration.ofSeconds(10));
      writer.tick();
      up += writer.health().alarms().isEmpty() ? 1 : 0;
    }
    assertThat(up).as("before the first attempt alone").isLessThan(14);
    vault.status = 0;
    ring.pass(Duration.ofMinutes(30), writer);
    assertThat(writer.health().alarms()).isEmpty();
    assertThat(ring.store.read().orElseThrow().revision()).isEqualTo(2);
  }

  @Test
  void commit_vaultAway_saysThatAndNotThatTheRingIsBroken() {
    RingChange change = custodian().emergencyRotation();
    vault.status = 429;
    assertThatThrownBy(change::commit)
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.UNAVAILABLE));
    assertThat(ring.store.read().orElseThrow().revision()).isEqualTo(1);
  }

  @Test
  void rewrap_movesToTheNewestVersion_once() {
    assertThat(custodian().rewrap(kek)).isEmpty();
    vault.rotate();
    KeyRingStatus before = custodian().status();
    KeyRingStatus after = custodian().rewrap(kek).orElseThrow().commit();
    assertThat(after.sealedUnder().version()).isEqualTo(OptionalLong.of(2));
    assertThat(after.keys()).isEqualTo(before.keys());
    assertThat(custodian().rewrap(kek)).isEmpty();
  }

  @Test
  void rewrap_toAKeyAndBack() {
    custodian().rewrap(ring.kek).orElseThrow().commit();
    assertThat(ring.custodian.status().sealedUnder().kind()).isEqualTo("A256KW");
    vault.close(); // Not needed any more.
    assertThat(ring.custodian(2).status().epoch()).isEqualTo(2);
  }

  @Test
  void rewrap_runningNodesWithBoth_noneNotices() {
    custodian().rewrap(ring.kek).orElseThrow().commit();
    RotatingKeySource node =
        RotatingKeySource.builder(ring.store, ring.kek.also(kek))
            .clock(ring.time)
            .monotonicClock(ring.time.monotonic())
            .random(new SeededRandom(5))
            .withoutThread()
            .build();
    ring.custodian.rewrap(kek).orElseThrow().commit();
    ring.pass(Duration.ofHours(1), node);
    assertThat(node.status().epoch()).isEqualTo(3);
    assertThat(node.status().sealedUnder().kind()).isEqualTo("vault");
    assertThat(node.health().alarms()).isEmpty();
  }

  /** Whoever may encrypt with the key can make a ring: that is no reason to believe it. */
  @Test
  void forgedWithTheRightToEncrypt_refused() {
    MemoryKeyRingStore store = new MemoryKeyRingStore(ring.time);
    new KeyCustodian(store, kek, ring.time).creation("shop", RotationPolicy.defaults()).commit();
    assertThatThrownBy(() -> new KeyCustodian(store, kek, lineage, ring.time).status())
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("expected is " + lineage);
    assertThatThrownBy(() -> new KeyCustodian(store, kek, ring.time).status())
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("right to wrap")
        .hasMessageContaining("add lineage=");
    byte[] stored = store.read().orElseThrow().document();
    assertThatThrownBy(() -> ForeignKeys.ofRing(stored, kek))
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("lineage");
  }

  /** A data key of another epoch is none of this one, even before the document is opened. */
  @Test
  void wrappedKeyOfAnotherDocument_unreadable() {
    String first = stored();
    custodian().emergencyRotation().commit();
    String[] parts = stored().split("\\.", -1);
    String mixed = header().replace(wrapped(header()), wrapped(header(first)));
    parts[0] = Base64.getUrlEncoder().withoutPadding().encodeToString(mixed.getBytes(UTF_8));
    int asked = vault.decryptions.get();
    assertUnreadable(String.join(".", parts), "for another ring or epoch");
    assertThat(vault.decryptions).hasValue(asked + 1);
  }

  /** What cannot be Vault's is not sent there. */
  @Test
  void headersThatAreNotOurs_unreadableWithoutAQuestion() {
    int asked = vault.requests.get();
    for (String wrapped :
        new String[] {"", "vault:v1:", "vault:v0:AAAA", "vault:v1:\\u00e4", "v".repeat(1025)}) {
      assertHeaderRefused(header().replace(wrapped(header()), wrapped));
    }
    assertHeaderRefused(header().replace("transit/keys/shop", "transit/keys/other"));
    assertHeaderRefused(header().replaceFirst("\"kid\":\"[^\"]*\",", ""));
    assertHeaderRefused(header().replaceFirst("\"lineage\":\"[^\"]*\"", "\"lineage\":\"x\""));
    assertHeaderRefused(header().replaceFirst("\"ring\":\"[^\"]*\"", "\"ring\":\"a b\""));
    assertHeaderRefused(header().replaceFirst("\"epoch\":1", "\"epoch\":\"1\""));
    assertHeaderRefused(header().replaceFirst("\"wrapped\":\"[^\"]*\"", "\"wrapped\":[1]"));
    assertThat(vault.requests).hasValue(asked);
  }

  @Test
  void noServiceConfigured_saysWhatIsMissing() {
    assertThatThrownBy(() -> ring.custodian.status())
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("under a key in a service, and none is configured");
  }

  private void assertHeaderRefused(String header) {
    String[] parts = stored().split("\\.", -1);
    parts[0] = Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(UTF_8));
    assertUnreadable(String.join(".", parts), "cannot be read");
  }

  private void assertUnreadable(String stored, String message) {
    assertThatThrownBy(
            () -> new SealedRing(kek, new SeededRandom(1)).open(stored.getBytes(UTF_8), "here"))
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.UNREADABLE))
        .hasMessageContaining(message);
  }

  private KeyCustodian custodian() {
    return new KeyCustodian(ring.store, kek, lineage, ring.time);
  }

  private RotatingKeySource node() {
    return builder().build();
  }

  private RotatingKeySource writer() {
    return builder().role(RotatingKeySource.Role.WRITER).build();
  }

  private RotatingKeySource.Builder builder() {
    return RotatingKeySource.builder(ring.store, kek)
        .lineage(lineage)
        .clock(ring.time)
        .monotonicClock(ring.time.monotonic())
        .random(new SeededRandom(5))
        .withoutThread();
  }

  private String stored() {
    return new String(ring.store.read().orElseThrow().document(), UTF_8);
  }

  private String header() {
    return header(stored());
  }

  private static String header(String stored) {
    return new String(Base64.getUrlDecoder().decode(stored.split("\\.", 2)[0]), UTF_8);
  }

  private static String wrapped(String header) {
    return header.replaceFirst(".*\"wrapped\":\"([^\"]*)\".*", "$1");
  }
}
