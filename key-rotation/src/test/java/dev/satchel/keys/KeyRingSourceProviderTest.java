package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import dev.satchel.keys.file.FileKeyRingStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingSourceProviderTest {
  private static final String FIRST = jwk("one", TokenAlgorithm.A256GCM, 1);
  private static final String SECOND = jwk("two", TokenAlgorithm.A256GCM, 2);

  @TempDir Path temp;

  @Test
  void open_ringInADirectory_asTheServiceLoaderFindsIt() throws IOException {
    Path kek = Files.writeString(temp.resolve("kek"), jwk("kek", TokenAlgorithm.A256KW, 3));
    Path directory = temp.resolve("ring");
    new KeyCustodian(
            new FileKeyRingStore(directory),
            KeyEncryptionKey.of("file:" + kek, name -> null),
            InstantSource.system())
        .creation("shop", RotationPolicy.defaults())
        .commit();
    URI location = URI.create("file:" + directory + "?kek=file:" + kek + "&role=writer&ring=shop");
    try (KeySource source = KeySource.open(location, InstantSource.system())) {
      assertThat(source.current().issuing()).isPresent();
      assertThat(source).isInstanceOf(RotatingKeySource.class);
      assertThat(((RotatingKeySource) source).maxTokenLifetime()).isEqualTo(Duration.ofHours(24));
      assertThat(((RotatingKeySource) source).health().alarms()).isEmpty();
    }
  }

  /** A node with both keys opens the ring before a rewrap and after it, in either order. */
  @Test
  void open_kekAlso_opensBeforeAndAfterARewrap() throws IOException {
    Path old = Files.writeString(temp.resolve("old"), jwk("kek", TokenAlgorithm.A256KW, 3));
    Path fresh =
        Files.writeString(temp.resolve("new"), RecipientKey.generateJwk(new SeededRandom(11)));
    Path directory = temp.resolve("ring");
    KeyEncryptionKey from = KeyEncryptionKey.of("file:" + old, name -> null);
    KeyCustodian custodian =
        new KeyCustodian(new FileKeyRingStore(directory), from, InstantSource.system());
    String lineage = custodian.creation("shop", RotationPolicy.defaults()).commit().lineage();
    String base = "file:" + directory + "?lineage=" + lineage + "&kek=file:";
    for (int commits = 1; commits <= 2; commits++) {
      for (String keys :
          new String[] {old + "&kekAlso=file:" + fresh, fresh + "&kekAlso=file:" + old}) {
        try (KeySource source = KeySource.open(URI.create(base + keys), InstantSource.system())) {
          assertThat(((RotatingKeySource) source).status().epoch()).isEqualTo(commits);
          assertThat(source.current().issuing()).isPresent();
        }
      }
      if (commits == 1) {
        custodian.rewrap(KeyEncryptionKey.of("file:" + fresh, name -> null)).orElseThrow().commit();
      }
    }
    assertThatThrownBy(() -> KeySource.open(URI.create(base + old), InstantSource.system()))
        .isInstanceOf(KeyRingException.class);
  }

  @Test
  void open_variable_oneKey() {
    KeyRing ring = fromVariable(FIRST);
    assertThat(ring.issuing().map(SessionKey::id)).contains("one");
    assertThat(ring.latestExpiry()).isEmpty();
  }

  /**
   * Flask signed with the oldest of its list: the order is documented, tested, and first is first.
   */
  @Test
  void open_set_firstIssuesAllVerify() {
    KeyRing ring = fromVariable("{\"keys\":[" + FIRST + "," + SECOND + "]}");
    assertThat(ring.issuing().map(SessionKey::id)).contains("one");
    assertThat(ring.keyIds()).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void open_publicKeys_verifyOnly() {
    String publicJwk =
        SessionKey.generate("pub", TokenAlgorithm.ED25519, new SeededRandom(4))
            .toPublicJwk()
            .orElseThrow();
    KeyRing ring = fromVariable(publicJwk);
    assertThat(ring.issuing()).isEmpty();
    assertThat(ring.keyIds()).containsExactly("pub");
  }

  @Test
  void open_fileWithAKey_isStatic() throws IOException {
    Path file = Files.writeString(temp.resolve("key.jwk"), FIRST);
    try (KeySource source = KeySource.open(URI.create("file:" + file), InstantSource.system())) {
      assertThat(source.current().issuing().map(SessionKey::id)).contains("one");
    }
    assertThatThrownBy(
            () ->
                KeySource.open(URI.create("file:" + file + "?role=writer"), InstantSource.system()))
        .hasMessageContaining("no parameters are allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "correct horse battery staple",
        "eyJhbGciOiJkaXIifQ....",
        "{}",
        "{\"keys\":[]}",
        "{\"keys\":{}}",
        "[]",
        "{\"kty\":\"oct\",\"alg\":\"A256GCM\",\"kid\":\"x\",\"k\":\"AAAA\"}",
      })
  void open_notAKey_refusedAndNotRepeated(String value) {
    assertThatThrownBy(() -> fromVariable(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SHOP_KEY")
        .hasMessageNotContaining("horse");
  }

  @Test
  void open_passphrase_hint() {
    assertThatThrownBy(() -> fromVariable("correct horse battery staple"))
        .hasMessageContaining("satchel-keys generate");
  }

  @Test
  void open_sameIdTwice_refused() {
    assertThatThrownBy(() -> fromVariable("{\"keys\":[" + FIRST + "," + FIRST + "]}"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void open_variableNotSet_illegalState() {
    assertThatThrownBy(
            () ->
                new KeyRingSourceProvider(Map.<String, String>of()::get)
                    .open(URI.create("env:SHOP_KEY"), InstantSource.system()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("SHOP_KEY is not set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:/nowhere/ring?kek=env:A&kek=env:B",
        "file:/nowhere/ring?kek",
        "file:/nowhere/ring",
        "file:/nowhere/ring?kek=env:A&insecurePlaintext=true",
        "file:/nowhere/ring?insecurePlaintext=yes",
        "file:/nowhere/ring?insecurePlaintext=true&role=boss",
        "file:/nowhere/ring?insecurePlaintext=true&whenStale=panic",
        "file:/nowhere/ring?insecurePlaintext=true&ring=a/b",
        "file:/nowhere/ring?insecurePlaintext=true&tpyo=1",
        "file://host/none?insecurePlaintext=true",
        "rediss://localhost/zero?insecurePlaintext=true",
        "memcached://localhost/0?insecurePlaintext=true",
      })
  void open_wrongLocation_refused(String location) {
    assertThatThrownBy(
            () -> new KeyRingSourceProvider().open(URI.create(location), InstantSource.system()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void open_noRing_illegalState() {
    URI location = URI.create("file:" + temp.resolve("none") + "?insecurePlaintext=true");
    assertThatThrownBy(() -> KeySource.open(location, InstantSource.system()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no ring in file:");
  }

  private static KeyRing fromVariable(String value) {
    return new KeyRingSourceProvider(Map.of("SHOP_KEY", value)::get)
        .open(URI.create("env:SHOP_KEY"), InstantSource.system())
        .current();
  }

  private static String jwk(String id, TokenAlgorithm algorithm, int seed) {
    return SessionKey.generate(id, algorithm, new SeededRandom(seed)).toSecretJwk();
  }
}
