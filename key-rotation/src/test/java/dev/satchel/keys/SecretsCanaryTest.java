package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import dev.satchel.keys.vault.FakeVault;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets are in no text that a person or a log may see, and no untrusted byte is. */
class SecretsCanaryTest {
  private final RingFixture ring = new RingFixture();
  private final List<String> seen = new ArrayList<>();

  @Test
  void everyText_holdsNoSecret() {
    ring.init(TokenAlgorithm.ED25519_A256GCM);
    RotatingKeySource node = ring.source().build();
    RingRepository.Loaded loaded = ring.custodian.repository().load().orElseThrow();
    RingDocument document = loaded.document();
    see(
        node,
        node.current(),
        node.health(),
        node.publicKeys(),
        new String(node.publicKeys().body(), StandardCharsets.UTF_8),
        node.status(),
        ring.custodian,
        ring.custodian.status(),
        ring.custodian.emergencyRotation(),
        ring.kek,
        KeyEncryptionKey.passphrase("correct horse battery".toCharArray()),
        ring.store,
        ring.store.read().orElseThrow(),
        document,
        document.keys(),
        document.keys().get(0),
        document.tombstones(),
        loaded,
        KeyRingLocation.of(java.net.URI.create("file:/x?kek=hunter2hunter2")));
    assertNoneOf(secrets(document));
    assertThat(String.join("\n", seen)).doesNotContain("hunter2", "horse");
  }

  @Test
  void everyFailure_holdsNoSecret() {
    ring.init();
    RingDocument document = ring.custodian.repository().load().orElseThrow().document();
    byte[] plain = RingJson.write(document);
    String json = new String(plain, StandardCharsets.UTF_8);
    SealedRing reader = new SealedRing(KeyEncryptionKey.insecurePlaintext(), new SeededRandom(1));
    // Cut it everywhere, so that a parser that quotes its input would quote a secret.
    for (int length = 1; length < json.length(); length += 3) {
      fail(reader, json.substring(0, length));
      fail(reader, json.substring(0, length) + "\u0000" + json.substring(length));
    }
    fail(new SealedRing(ring.kek, new SeededRandom(1)), json);
    assertThat(seen.size()).isGreaterThan(200);
    assertNoneOf(secrets(document));
  }

  /** Private keys of recipients, what they are made of, and what is said of their documents. */
  @Test
  void everyTextOfRecipients_holdsNoSecret() {
    String jwk = RecipientKey.generateJwk(new SeededRandom(11));
    KeyEncryptionKey key = KeyEncryptionKey.ofPrivateJwk(jwk);
    RecipientKey open = key.recipient().orElseThrow();
    ring.init();
    RingDocument document = ring.custodian.repository().load().orElseThrow().document();
    String sealed = new String(ring.custodian.exported(List.of(open)), StandardCharsets.UTF_8);
    SealedRing reader = new SealedRing(key, new SeededRandom(1));
    for (int length = 1; length < sealed.length(); length += 7) {
      fail(reader, sealed.substring(0, length));
    }
    for (int length = 1; length < jwk.length(); length++) {
      fail(jwk.substring(0, length));
      fail(jwk.substring(0, length) + "x" + jwk.substring(length));
      fail(jwk.substring(0, length) + "\"" + jwk.substring(length));
    }
    RingChange change = ring.custodian.rewrap(key).orElseThrow();
    see(key, open, reader, document.seal(), change, change.after(), change.commit());
    see(ring.kek.also(key), key.privateKey().orElseThrow(), new LocalKeks());
    assertThat(seen.size()).isGreaterThan(300);
    var secrets = new ArrayList<>(secrets(document));
    String d = jwk.replaceFirst("(?s).*\"d\":\"([^\"]+)\".*", "$1");
    forms(Base64.getUrlDecoder().decode(d), secrets);
    assertThat(jwk).contains(secrets.get(secrets.size() - 4));
    assertNoneOf(secrets);
  }

  @Test
  void everyLogLine_holdsNoSecretAndComesOnce() {
    listening(
        () -> {
          ring.init();
          RingDocument document = ring.custodian.repository().load().orElseThrow().document();
          FaultyStore store = new FaultyStore(ring.store);
          RotatingKeySource node = ring.source(store).build();
          store.instead =
              Optional.of(new KeyRingStore.Stored(9, RingJson.write(document), Optional.empty()));
          ring.pass(java.time.Duration.ofHours(5), node);
          assertThat(node.health().alarms()).contains(KeyRingAlarm.UNREADABLE);
          assertThat(seen).isNotEmpty().hasSizeLessThan(10);
          assertNoneOf(secrets(document));
        });
  }

  /** What Vault was told, told, and says of errors, which repeats what it was told. */
  @Test
  void everyLogLineOfVault_holdsNoSecret(@TempDir Path temp) throws IOException {
    try (var vault = new FakeVault()) {
      vault.tokens.add("hvs.hunter2");
      Path token = Files.writeString(temp.resolve("token"), "hvs.hunter2");
      KeyEncryptionKey kek =
          KeyEncryptionKey.of(
              "vault:" + vault.address() + "/transit/keys/shop?tokenFile=" + token, name -> null);
      var store = new FaultyStore(ring.store);
      KeyRingStatus created =
          new KeyCustodian(store, kek, ring.time)
              .creation("shop", RotationPolicy.defaults())
              .commit();
      var custodian = new KeyCustodian(store, kek, created.lineage(), ring.time);
      listening(
          () -> {
            RotatingKeySource node =
                RotatingKeySource.builder(store, kek)
                    .lineage(created.lineage())
                    .clock(ring.time)
                    .monotonicClock(ring.time.monotonic())
                    .random(new SeededRandom(5))
                    .withoutThread()
                    .build();
            custodian.emergencyRotation().commit();
            for (int status : new int[] {503, 403, 400, 500, 307}) {
              vault.status = status;
              ring.pass(java.time.Duration.ofMinutes(10), node);
            }
            vault.status = 0;
            vault.tokens.clear();
            ring.pass(java.time.Duration.ofMinutes(10), node);
            see(node.health(), kek, custodian);
          });
      assertThat(String.join("\n", seen))
          .contains("is sealed", "cannot be unwrapped", "refuses the token")
          .doesNotContain("hunter2", "says too much");
      assertThat(vault.secrets).hasSizeGreaterThan(2);
      assertNoneOf(vault.secrets);
    }
  }

  /** A canary has to sing: this test would fail if secrets were not found where they are. */
  @Test
  void canary_sings() {
    ring.init();
    RingDocument document = ring.custodian.repository().load().orElseThrow().document();
    String json = new String(RingJson.write(document), StandardCharsets.UTF_8);
    assertThat(secrets(document)).anyMatch(json::contains).hasSizeGreaterThan(3);
  }

  /** With all log lines among what is seen. */
  private void listening(Runnable action) {
    Logger logger = Logger.getLogger("dev.satchel.keys");
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            see(line.getMessage(), List.of(Optional.ofNullable(line.getParameters())));
            if (line.getThrown() != null) {
              StringWriter trace = new StringWriter();
              line.getThrown().printStackTrace(new PrintWriter(trace));
              seen.add(trace.toString());
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
    logger.setLevel(Level.ALL);
    try {
      action.run();
    } finally {
      logger.setLevel(Level.OFF);
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
  }

  private void fail(SealedRing reader, String text) {
    try {
      reader.open(text.getBytes(StandardCharsets.UTF_8), "here");
    } catch (KeyRingException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      seen.add(trace.toString());
    }
  }

  /** A private key with something wrong in it. */
  private void fail(String jwk) {
    try {
      KeyEncryptionKey.of("env:KEK", name -> jwk);
    } catch (IllegalArgumentException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      seen.add(trace.toString());
    }
  }

  private void see(Object... things) {
    for (Object thing : things) {
      seen.add(String.valueOf(thing));
    }
  }

  private void assertNoneOf(List<String> secrets) {
    String all = String.join("\n", seen);
    for (String secret : secrets) {
      assertThat(all.contains(secret)).as("a secret is in a text").isFalse();
    }
  }

  private static List<String> secrets(RingDocument document) {
    var secrets = new ArrayList<String>();
    forms(document.lineageKey(), secrets);
    for (RingKey key : document.keys()) {
      SessionKey material = key.material();
      var matcher =
          java.util.regex.Pattern.compile("\"[kd]\":\"([^\"]+)\"").matcher(material.toSecretJwk());
      while (matcher.find()) {
        forms(Base64.getUrlDecoder().decode(matcher.group(1)), secrets);
      }
    }
    return secrets;
  }

  private static void forms(byte[] secret, List<String> forms) {
    String base64 = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    forms.add(base64.substring(0, 12));
    forms.add(base64.substring(20, 32));
    forms.add(HexFormat.of().formatHex(secret).substring(0, 16));
    forms.add(java.util.Arrays.toString(secret).substring(1, 30));
  }
}
