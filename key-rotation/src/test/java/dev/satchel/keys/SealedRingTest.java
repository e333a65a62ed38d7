package dev.satchel.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.TokenAlgorithm;
import java.util.Base64;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.jwk.JsonWebKeySet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SealedRingTest {
  private final RingFixture ring = new RingFixture();
  private final SealedRing sealing = new SealedRing(ring.kek, new SeededRandom(1));

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void open_everyAlgorithm_sameRing(TokenAlgorithm algorithm) {
    RingDocument document = document(algorithm);
    RingDocument opened = sealing.open(sealing.seal(document), "here");
    assertThat(RingJson.write(opened)).isEqualTo(RingJson.write(document));
    RingKey key = opened.keys().get(0);
    assertThat(key.material().hasSameMaterial(document.keys().get(0).material())).isTrue();
    assertThat(key.material().canIssue()).isTrue();
  }

  /** RFC 7517 §7, by another implementation. */
  @Test
  void seal_isAnEncryptedJwkSet_forJose4j() throws Exception {
    byte[] secret = new byte[32];
    new SeededRandom(99).nextBytes(secret);
    JsonWebEncryption jwe = new JsonWebEncryption();
    jwe.setCompactSerialization(new String(sealing.seal(document(TokenAlgorithm.ES256)), UTF_8));
    jwe.setKey(new javax.crypto.spec.SecretKeySpec(secret, "AES"));
    JsonWebKeySet set = new JsonWebKeySet(jwe.getPayload());
    assertThat(set.getJsonWebKeys()).hasSize(1);
    assertThat(jwe.getHeader("cty")).isEqualTo("jwk-set+json");
    assertThat(jwe.getHeaders().getStringHeaderValue("ring")).isEqualTo("shop");
  }

  @Test
  void open_otherKey_unreadable() {
    byte[] sealed = sealing.seal(document(TokenAlgorithm.A256GCM));
    SealedRing other = new SealedRing(RingFixture.secretKek(98), new SeededRandom(1));
    assertUnreadable(() -> other.open(sealed, "here"), "sealed under another key");
  }

  @Test
  void open_anyFlippedByte_unreadable() {
    byte[] sealed = sealing.seal(document(TokenAlgorithm.A256GCM));
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = sealed.clone();
      int at = random.nextInt(damaged.length);
      damaged[at] ^= (byte) (1 << random.nextInt(7));
      // The last character of a part has unused bits that a lenient decoder passes over.
      boolean unused = at + 1 == damaged.length || sealed[at + 1] == '.';
      if (!unused) {
        assertUnreadable(() -> sealing.open(damaged, "here"), "cannot be read");
      }
    }
  }

  @Test
  void open_anyTruncation_unreadable() {
    byte[] sealed = sealing.seal(document(TokenAlgorithm.A256GCM));
    for (int length = 0; length < sealed.length; length += 37) {
      byte[] torn = java.util.Arrays.copyOf(sealed, length);
      assertUnreadable(() -> sealing.open(torn, "here"), "cannot be read");
    }
  }

  @Test
  void open_plaintext_onlyWhereExpected() {
    RingDocument document = document(TokenAlgorithm.A256GCM);
    SealedRing plain = new SealedRing(KeyEncryptionKey.insecurePlaintext(), new SeededRandom(1));
    assertThat(plain.open(plain.seal(document), "here").lineage()).isEqualTo(document.lineage());
    assertUnreadable(() -> sealing.open(plain.seal(document), "here"), "it is not sealed");
    assertUnreadable(() -> plain.open(sealing.seal(document), "here"), "it is sealed");
  }

  @Test
  void open_passphrase_sameRing() {
    KeyEncryptionKey words = KeyEncryptionKey.passphrase("correct horse battery".toCharArray());
    RingDocument document = document(TokenAlgorithm.A256GCM);
    byte[] sealed = new SealedRing(words, new SeededRandom(1)).seal(document);
    SealedRing reader = new SealedRing(words, new SeededRandom(2));
    assertThat(reader.open(sealed, "here").lineage()).isEqualTo(document.lineage());
    assertUnreadable(() -> sealing.open(sealed, "here"), "sealed under a passphrase");
    KeyEncryptionKey wrong = KeyEncryptionKey.passphrase("correct horse batterz".toCharArray());
    assertUnreadable(
        () -> new SealedRing(wrong, new SeededRandom(1)).open(sealed, "here"), "another key");
  }

  /** What a stranger's header asks for must not become what the ring is sealed with next. */
  @Test
  void seal_afterACheapHeader_costsWhatItDid() {
    KeyEncryptionKey words = KeyEncryptionKey.passphrase("correct horse battery".toCharArray());
    SealedRing writer = new SealedRing(words, new SeededRandom(1));
    RingDocument document = document(TokenAlgorithm.A256GCM);
    String sealed = new String(writer.seal(document), UTF_8);
    String header = header(sealed);
    String cheap =
        header
            .replaceAll("\"m\":[0-9]+", "\"m\":8")
            .replaceAll("\"t\":[0-9]+", "\"t\":1")
            .replaceAll("\"p\":[0-9]+", "\"p\":1");
    assertThat(cheap).isNotEqualTo(header);
    String hostile =
        Base64.getUrlEncoder().withoutPadding().encodeToString(cheap.getBytes(UTF_8))
            + sealed.substring(sealed.indexOf('.'));
    assertUnreadable(() -> writer.open(hostile.getBytes(UTF_8), "here"), "another key");
    assertThat(header(new String(writer.seal(document), UTF_8))).isEqualTo(header);
  }

  /** One document has one spelling. */
  @Test
  void open_otherSpelling_unreadable() {
    String sealed = new String(sealing.seal(document(TokenAlgorithm.A256GCM)), UTF_8);
    for (String other :
        new String[] {sealed + "\n", sealed + ".", sealed + "=", " " + sealed, sealed + ".AAAA"}) {
      assertUnreadable(() -> sealing.open(other.getBytes(UTF_8), "here"), "compact JWE");
    }
  }

  /** The header tells documents apart for those without the key: it says what the content says. */
  @Test
  void open_headerOfAnotherDocument_unreadable() throws Exception {
    RingDocument document = document(TokenAlgorithm.A256GCM);
    String own = sealedByJose4j(document, "ring", "shop");
    assertThat(sealing.open(own.getBytes(UTF_8), "here").epoch()).isEqualTo(1);
    for (String member : new String[] {"ring", "lineage", "epoch"}) {
      String other = sealedByJose4j(document, member, member.equals("epoch") ? 2L : "other");
      assertUnreadable(() -> sealing.open(other.getBytes(UTF_8), "here"), "another " + member);
    }
  }

  private String sealedByJose4j(RingDocument document, String member, Object value)
      throws Exception {
    JsonWebEncryption jwe = new JsonWebEncryption();
    jwe.setAlgorithmHeaderValue("A256KW");
    jwe.setEncryptionMethodHeaderParameter("A256GCM");
    jwe.setHeader("typ", "satchel-ring");
    jwe.setHeader("cty", "jwk-set+json");
    jwe.setKeyIdHeaderValue(ring.kek.id().orElseThrow());
    jwe.setHeader("ring", document.name());
    jwe.setHeader("lineage", document.lineage());
    jwe.getHeaders().setObjectHeaderValue("epoch", document.epoch());
    jwe.getHeaders().setObjectHeaderValue(member, value);
    jwe.setKey(new javax.crypto.spec.SecretKeySpec(ring.kek.secret().orElseThrow(), "AES"));
    jwe.setPayload(new String(RingJson.write(document), UTF_8));
    return jwe.getCompactSerialization();
  }

  private static String header(String sealed) {
    return new String(Base64.getUrlDecoder().decode(sealed.split("\\.")[0]), UTF_8);
  }

  /** A header is read before it is authenticated: what it asks for is bounded. */
  @ParameterizedTest
  @ValueSource(strings = {"\"m\":262145", "\"t\":13", "\"p\":17", "\"m\":-1", "\"m\":\"x\""})
  void open_greedyHeader_refused(String member) {
    KeyEncryptionKey words = KeyEncryptionKey.passphrase("correct horse battery".toCharArray());
    String name = member.substring(0, 4);
    String header =
        new String(
            Base64.getUrlDecoder()
                .decode(
                    new String(
                            new SealedRing(words, new SeededRandom(1))
                                .seal(document(TokenAlgorithm.A256GCM)),
                            UTF_8)
                        .split("\\.")[0]),
            UTF_8);
    String greedy = header.replaceAll(name + "[0-9]+", member);
    assertThat(greedy).isNotEqualTo(header);
    String token =
        Base64.getUrlEncoder().withoutPadding().encodeToString(greedy.getBytes(UTF_8))
            + ".AAAA.AAAA.AAAA.AAAA";
    assertUnreadable(
        () -> new SealedRing(words, new SeededRandom(1)).open(token.getBytes(UTF_8), "here"),
        "kdf " + name.charAt(1));
  }

  private RingDocument document(TokenAlgorithm algorithm) {
    return new RingSuccession(new SeededRandom(3))
        .bootstrap("shop", RotationPolicy.defaults().withAlgorithm(algorithm), ManualTime.START);
  }

  private static void assertUnreadable(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.UNREADABLE))
        .hasMessageContaining(message);
  }
}
