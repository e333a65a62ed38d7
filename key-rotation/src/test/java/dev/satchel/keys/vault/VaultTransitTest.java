package dev.satchel.keys.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.OwnCertificate;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client of Vault against a fake that speaks its API. */
@Timeout(60)
class VaultTransitTest {
  private static final byte[] RING = "ring".getBytes(UTF_8);
  private static final String TOKEN = "hvs.CAESIJtokentokentoken";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path temp;
  private FakeVault vault;
  private Path tokenFile;

  @BeforeEach
  void start() throws Exception {
    vault = new FakeVault();
    vault.tokens.add(TOKEN);
    tokenFile = Files.writeString(temp.resolve("token"), TOKEN + "\n");
    Files.setPosixFilePermissions(tokenFile, PosixFilePermissions.fromString("rw-------"));
  }

  @AfterEach
  void stop() {
    vault.close();
  }

  @Test
  void wrapped_unwrapsWithItsAssociatedDataOnly() {
    VaultTransit transit = transit("");
    String wrapped = transit.wrap(key(), RING);
    assertThat(transit.unwrap(wrapped, RING)).isEqualTo(key());
    assertThat(transit.version(wrapped)).hasValue(1);
    assertThat(transit.version("no ciphertext")).isEmpty();
    assertRefused(
        KeyRingException.Reason.UNREADABLE,
        "another ring or epoch",
        () -> transit.unwrap(wrapped, "gnir".getBytes(UTF_8)));
  }

  /** Vault has one answer for all of it; whoever reads ours must not look for an intruder alone. */
  @Test
  void keyGone_saysThatItMayBeGone_andByWhichVersionItWasWrapped() {
    VaultTransit transit = transit("");
    vault.rotate();
    String wrapped = transit.wrap(key(), RING);
    vault.status = 400;
    assertRefused(
        KeyRingException.Reason.UNREADABLE,
        "the key is not there any more, or has a min_decryption_version above the 2 that it was"
            + " wrapped by",
        () -> transit.unwrap(wrapped, RING));
  }

  @Test
  void versionBelowTheMinimum_unreadable() {
    VaultTransit transit = transit("");
    String wrapped = transit.wrap(key(), RING);
    vault.rotate();
    assertThat(transit.unwrap(wrapped, RING)).isEqualTo(key());
    vault.minDecryptionVersion = 2;
    assertRefused(
        KeyRingException.Reason.UNREADABLE,
        "min_decryption_version",
        () -> transit.unwrap(wrapped, RING));
  }

  @ParameterizedTest
  @CsvSource({
    "301, sends elsewhere",
    "307, sends elsewhere",
    "403, refuses the token",
    "404, nothing there",
    "412, not caught up",
    "429, limits requests",
    "473, answers with status 473",
    "500, answers with status 500",
    "502, answers with status 502",
    "503, sealed or in maintenance"
  })
  void errors_areUnavailableAndSayWhich(int status, String said) {
    VaultTransit transit = transit("");
    String wrapped = transit.wrap(key(), RING);
    vault.status = status;
    int before = vault.requests.get();
    assertRefused(KeyRingException.Reason.UNAVAILABLE, said, () -> transit.unwrap(wrapped, RING));
    assertRefused(KeyRingException.Reason.UNAVAILABLE, said, () -> transit.wrap(key(), RING));
    // Not followed, and not tried again: whoever reads the ring comes back by himself.
    assertThat(vault.requests).hasValue(before + 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "null",
        "[]",
        "{}",
        "{\"data\":null}",
        "{\"data\":{}}",
        "{\"data\":{\"plaintext\":1,\"ciphertext\":1}}",
        "{\"data\":{\"plaintext\":\"!\",\"ciphertext\":\"vault:v1:\"}}",
        "{\"data\":{\"plaintext\":\"AAAA\",\"plaintext\":\"BBBB\"}}",
        "{\"data\":{\"plaintext\":\"!\",\"ciphertext\":\"AAAA\"}} {}"
      })
  void otherAnswers_areUnavailable(String body) {
    VaultTransit transit = transit("");
    String wrapped = transit.wrap(key(), RING);
    vault.status = 200;
    vault.body = body;
    assertRefused(
        KeyRingException.Reason.UNAVAILABLE,
        "something else than Vault",
        () -> transit.unwrap(wrapped, RING));
    assertRefused(
        KeyRingException.Reason.UNAVAILABLE,
        "something else than Vault",
        () -> transit.wrap(key(), RING));
  }

  @Test
  void answerWithoutEnd_isCutOff() {
    VaultTransit transit = transit("&timeout=1s");
    vault.status = 200;
    vault.body = "{\"data\":{\"ciphertext\":\"" + "A".repeat(BoundedBody.MAX_BYTES) + "\"}}";
    assertRefused(
        KeyRingException.Reason.UNAVAILABLE, "did not answer", () -> transit.wrap(key(), RING));
    vault.status = -1;
    assertRefused(
        KeyRingException.Reason.UNAVAILABLE,
        "did not answer within 1 s",
        () -> transit.wrap(key(), RING));
  }

  @Test
  void nobodyThere_unavailable() {
    VaultTransit transit = transit("");
    vault.close();
    assertRefused(
        KeyRingException.Reason.UNAVAILABLE, "did not answer", () -> transit.wrap(key(), RING));
  }

  @Test
  void noSuchKey_sealsNothing() {
    VaultTransit transit =
        new VaultTransit(
            VaultLocation.of(
                "vault:" + vault.address() + "/transit/keys/other?tokenFile=" + tokenFile));
    assertRefused(
        KeyRingException.Reason.UNAVAILABLE, "no such key", () -> transit.wrap(key(), RING));
  }

  /** Vault Agent replaces the file; nobody restarts a node for it. */
  @Test
  void tokenRenewed_isReadAgain() throws Exception {
    VaultTransit transit = transit("");
    transit.wrap(key(), RING);
    vault.tokens.clear();
    int before = vault.requests.get();
    assertRefused(
        KeyRingException.Reason.UNAVAILABLE,
        "update transit/encrypt/shop",
        () -> transit.wrap(key(), RING));
    assertThat(vault.requests).hasValue(before + 1); // The same token is not tried twice.
    vault.tokens.add("hvs.renewed");
    Files.writeString(tokenFile, "hvs.renewed");
    transit.wrap(key(), RING);
  }

  @Test
  void tokenFile_holdsSomethingElse_isNotSent() throws Exception {
    VaultTransit transit = transit("");
    int before = vault.requests.get();
    for (String content : List.of("", "a b", "a\r\nX-Other: 1", "ä", "t".repeat(8 * 1024 + 1))) {
      Files.writeString(tokenFile, content);
      assertRefused(
          KeyRingException.Reason.UNAVAILABLE, "holds no token", () -> transit.wrap(key(), RING));
    }
    Files.delete(tokenFile);
    assertRefused(
        KeyRingException.Reason.UNAVAILABLE,
        "cannot be read (NoSuchFileException)",
        () -> transit.wrap(key(), RING));
    assertThat(vault.requests).hasValue(before);
  }

  @Test
  void namespace_isNamed() {
    vault.namespace = "team/shop";
    assertRefused(
        KeyRingException.Reason.UNAVAILABLE, "namespace", () -> transit("").wrap(key(), RING));
    transit("&namespace=team/shop").wrap(key(), RING);
  }

  @Test
  void https_withItsOwnAuthority() throws Exception {
    OwnCertificate certificate = new OwnCertificate(temp.resolve("tls.p12"));
    Path pem = Files.writeString(temp.resolve("ca.pem"), certificate.pem());
    try (FakeVault secure = new FakeVault(certificate.context())) {
      secure.tokens.add(TOKEN);
      String reference = "vault:" + secure.address() + "/transit/keys/shop?tokenFile=" + tokenFile;
      VaultTransit stranger = new VaultTransit(VaultLocation.of(reference));
      assertRefused(KeyRingException.Reason.UNAVAILABLE, "SSL", () -> stranger.wrap(key(), RING));
      VaultTransit transit = new VaultTransit(VaultLocation.of(reference + "&caFile=" + pem));
      assertThat(transit.unwrap(transit.wrap(key(), RING), RING)).isEqualTo(key());
      Files.writeString(pem, "");
      assertRefused(KeyRingException.Reason.UNAVAILABLE, "caFile", () -> transit.wrap(key(), RING));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vault:",
        "vault:hvs.secretsecret",
        "vault:http://vault:8200/transit/keys/shop?tokenFile=/t",
        "vault:http://127.0.0.1.example.com/transit/keys/shop?tokenFile=/t",
        "vault:ftp://localhost/transit/keys/shop?tokenFile=/t",
        "vault:https://hvs.secretsecret@vault/transit/keys/shop?tokenFile=/t",
        "vault:https://vault/transit/keys/shop",
        "vault:https://vault/transit/keys/shop?token=hvs.secretsecret",
        "vault:https://vault/transit/keys/shop?tokenFile=/t&tokenFile=/u",
        "vault:https://vault/transit/keys/shop?tokenFile=",
        "vault:https://vault/transit/keys/shop?tokenFile=/t&timeout=0s",
        "vault:https://vault/transit/keys/shop?tokenFile=/t&timeout=16s",
        "vault:https://vault/transit/keys/shop?tokenFile=/t&namespace=a%0d%0ab",
        "vault:https://vault/transit/keys/shop?tokenFile=%zz",
        "vault:https://vault/transit/keys/shop?tokenFile=/t#hvs.secretsecret",
        "vault:https://vault/v1/transit/keys/shop?tokenFile=/t",
        "vault:https://vault/transit/keys/../shop?tokenFile=/t",
        "vault:https://vault/transit/keys/?tokenFile=/t",
        "vault:https://vault/transit/keys/a%2fb?tokenFile=/t",
        "vault:https://vault/keys/shop?tokenFile=/t",
        "vault:https://vault/transit/shop?tokenFile=/t"
      })
  void otherReferences_refusedWithoutRepeatingThem(String reference) {
    assertThatThrownBy(() -> KeyEncryptionKey.of(reference, name -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("vault:https://HOST:8200/transit/keys/NAME?tokenFile=PATH")
        .hasNoCause()
        .message()
        .doesNotContain("hvs.", "example");
  }

  @Test
  void references_withMountsAndPorts() {
    VaultLocation location =
        VaultLocation.of(
            "vault:https://vault.example:8200/team/transit-2/keys/shop.v1?tokenFile=/run/a%20b&timeout=15s");
    assertThat(location.endpoint("encrypt"))
        .hasToString("https://vault.example:8200/v1/team/transit-2/encrypt/shop.v1");
    assertThat(location.keyName()).isEqualTo("team/transit-2/keys/shop.v1");
    assertThat(location.tokenFile()).hasToString("/run/a b");
    assertThat(VaultLocation.of("vault:http://[::1]:8200/transit/keys/s?tokenFile=t").timeout())
        .hasSeconds(5);
  }

  @Test
  void findings_sayWhatToDo() throws Exception {
    VaultTransit transit = transit("");
    String wrapped = transit.wrap(key(), RING);
    assertThat(transit.findings(wrapped, NOW)).isEmpty();
    vault.rotate();
    assertThat(transit.findings(wrapped, NOW))
        .singleElement()
        .asString()
        .contains("version 1 of transit/keys/shop, the newest is 2", "satchel-keys rewrap");
    String newer = transit.wrap(key(), RING);
    assertThat(transit.findings(newer, NOW)).isEmpty();
    assertThat(transit.findings(newer, NOW.plusSeconds(3L * 365 * 86_400)))
        .singleElement()
        .asString()
        .contains("days old, allowed are 730", "rotate");
    vault.extra = ",\"exportable\":true,\"deletion_allowed\":true";
    Files.setPosixFilePermissions(tokenFile, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(transit.findings(newer, NOW))
        .hasSize(3)
        .anyMatch(finding -> finding.contains("taken out of Vault"))
        .anyMatch(finding -> finding.contains("can be deleted"))
        .anyMatch(finding -> finding.contains("chmod"));
    vault.status = 403; // No right to read the key: nothing to find.
    assertThat(transit.findings(newer, NOW)).hasSize(1);
  }

  @Test
  void texts_holdNoToken() {
    VaultTransit transit = transit("");
    assertThat(transit + " " + transit.keyName() + KeyEncryptionKey.ofService(transit))
        .contains("transit/keys/shop")
        .doesNotContain("hvs.");
    assertThat(new VaultClient.Answer(200, null).toString()).isEqualTo("Answer[200]");
  }

  private VaultTransit transit(String further) {
    return new VaultTransit(
        VaultLocation.of(
            "vault:" + vault.address() + "/transit/keys/shop?tokenFile=" + tokenFile + further));
  }

  private void assertRefused(
      KeyRingException.Reason reason,
      String said,
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              assertThat(e).hasMessageContaining(said);
              StringWriter trace = new StringWriter();
              e.printStackTrace(new PrintWriter(trace));
              // Neither what was sent nor what came back.
              assertThat(trace.toString()).doesNotContain("hvs.", "says too much", "vault:v");
              vault.secrets.forEach(secret -> assertThat(trace.toString()).doesNotContain(secret));
            });
  }

  private static byte[] key() {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (i * 7);
    }
    return key;
  }
}
