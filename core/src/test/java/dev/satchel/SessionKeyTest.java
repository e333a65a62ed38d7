package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionKeyTest {
  private static final TokenAlgorithm GCM = TokenAlgorithm.A256GCM;

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SeededRandom("secret " + length).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void generatedKey_throughItsJwk_isTheSameKey(TokenAlgorithm algorithm) {
    SessionKey key = SessionKey.generate("k_-09AZaz01", algorithm);
    SessionKey read = SessionKey.fromJwk(key.toSecretJwk());

    assertThat(read.id()).isEqualTo("k_-09AZaz01");
    assertThat(read.algorithm()).isEqualTo(algorithm);
    assertThat(read.canIssue()).isTrue();
    assertThat(read.hasSameMaterial(key)).isTrue();
    assertThat(read.toSecretJwk()).isEqualTo(key.toSecretJwk());
    TokenCodec writer = TestKeys.codec(key).build();
    TestKeys.accept(TestKeys.codec(read).build(), writer.encode(writer.create()));
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"ES256", "ED25519"})
  void publicJwk_verifiesAndHoldsNoPrivatePart(TokenAlgorithm algorithm) {
    SessionKey key = TestKeys.key(algorithm);
    String jwk = key.toPublicJwk().orElseThrow();
    assertThat(jwk).doesNotContain("\"d\"").doesNotContain("\"k\"");
    SessionKey verifying = SessionKey.fromJwk(jwk);
    assertThat(verifying.canIssue()).isFalse();
    TokenCodec writer = TestKeys.codec(key).build();
    TokenCodec reader = TestKeys.codec(KeyRing.builder().accepting(verifying).build()).build();
    TestKeys.accept(reader, writer.encode(writer.create()));
  }

  @Test
  void publicJwk_ofANestedKey_isAnOrdinarySignatureKey() {
    SessionKey key = TestKeys.key(TokenAlgorithm.ED25519_A256GCM);
    String jwk = key.toPublicJwk().orElseThrow();
    assertThat(jwk).contains("\"alg\":\"Ed25519\"").doesNotContain("\"k\"").doesNotContain("\"d\"");
    assertThat(SessionKey.fromJwk(jwk).algorithm()).isEqualTo(TokenAlgorithm.ED25519);
    assertThat(TestKeys.key(GCM).toPublicJwk()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 31, 33, 48, 63, 64, 65, 128})
  void secret_ofAnotherLength_isRefused(int length) {
    assertThatThrownBy(() -> SessionKey.ofSecret("k", GCM, random(length)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("key k: secret has " + length + " bytes, A256GCM takes exactly 32");
    if (length != 64) {
      assertThatThrownBy(
              () -> SessionKey.ofSecret("k", TokenAlgorithm.A256CBC_HS512, random(length)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("key k: secret has " + length + " bytes, A256CBC-HS512 takes exactly 64");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"ES256", "ED25519", "ED25519_A256GCM"})
  void secret_forAnAsymmetricAlgorithm_isRefused(TokenAlgorithm algorithm) {
    assertThatThrownBy(() -> SessionKey.ofSecret("k", algorithm, random(32)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is asymmetric");
  }

  private static Map<String, byte[]> weak() {
    byte[] few = random(32);
    for (int i = 0; i < few.length; i++) {
      few[i] = (byte) (few[i] & 0x0e);
    }
    byte[] ascending = new byte[32];
    byte[] ascending64 = new byte[64];
    for (int i = 0; i < 64; i++) {
      ascending64[i] = (byte) i;
      ascending[i % 32] = (byte) (i % 32);
    }
    byte[] ones = new byte[32];
    Arrays.fill(ones, (byte) 0xff);
    return Map.ofEntries(
        Map.entry("all zero", new byte[32]),
        Map.entry("all ones", ones),
        Map.entry("few distinct bytes", few),
        Map.entry("counting up", ascending),
        Map.entry("counting up to 64, RFC 7518 B.3", ascending64),
        Map.entry("pass phrase", ascii("correct horse battery staple !!!")),
        Map.entry("hexadecimal", ascii("00112233445566778899aabbccddeeff")),
        Map.entry("base64", ascii("kPH+bIxk5D2deZiIxcaaaAkPH+bIxk5=")),
        Map.entry("RFC 7520 3.5", Base64Url.decode("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg")),
        Map.entry("RFC 7520 3.6", Base64Url.decode("AAPapAv4LbFbiVawEjagUBluYqN5rhna-8nuldDvOx8")),
        Map.entry(
            "RFC 7515 A.1",
            Base64Url.decode(
                "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")),
        Map.entry(
            "RFC 7516 A.1.2", Base64Url.decode("saH0gFSP4XM_tAP_a5rU9ooHbltwLiJpL4LLLnrqQPw")),
        Map.entry("jwt.io", ascii("your-256-bit-secret-your-256-bit")));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void secret_thatCannotBeRandom_isRefusedWithoutBeingQuoted() {
    weak()
        .forEach(
            (name, secret) -> {
              TokenAlgorithm algorithm = secret.length == 64 ? TokenAlgorithm.A256CBC_HS512 : GCM;
              assertThat(secret.length).as(name).isEqualTo(algorithm.secretLength());
              assertThatThrownBy(() -> SessionKey.ofSecret("k", algorithm, secret))
                  .as(name)
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessageMatching("key k: the secret .*|key k is a published sample key")
                  .message()
                  .doesNotContain(new String(secret, StandardCharsets.ISO_8859_1));
              String jwk =
                  "{\"kty\":\"oct\",\"kid\":\"k\",\"alg\":\"%s\",\"k\":\"%s\"}"
                      .formatted(algorithm.label(), Base64Url.encode(secret));
              assertThatThrownBy(() -> SessionKey.fromJwk(jwk))
                  .as(name)
                  .isInstanceOf(IllegalArgumentException.class);
            });
  }

  @Test
  void secret_thatIsRandom_isTaken() {
    for (int i = 0; i < 5_000; i++) {
      SessionKey.generate("k", GCM, new SeededRandom("taken " + i));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a.b", "a/b", "a b", "aaaaaaaaaaaa", "é", "../x", "a\n", "a\"", "\u0000"})
  void id_ofOtherCharactersOrLength_isRefusedUnquoted(String id) {
    assertThatThrownBy(() -> SessionKey.ofSecret(id, GCM, random(32)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("key id has " + id.length() + " characters, allowed is [A-Za-z0-9_-]{1,11}");
  }

  @Test
  void secret_isCopied() {
    byte[] secret = random(32);
    SessionKey key = SessionKey.ofSecret("k", GCM, secret);
    SessionKey same = SessionKey.ofSecret("k", GCM, random(32));
    Arrays.fill(secret, (byte) 0);
    assertThat(key.hasSameMaterial(same)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"A256GCM", "A256CBC_HS512", "A256KW", "HS256", "ED25519_A256GCM"})
  void destroyedKey_makesAndOpensNoToken(TokenAlgorithm algorithm) {
    // Zeros are a key that everybody knows.
    SessionKey key = SessionKey.generate("k", algorithm);
    TokenCodec codec = TestKeys.codec(key).build();
    key.destroy();
    SessionState state = codec.create();
    assertThatThrownBy(() -> codec.encode(state))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("key k was destroyed");
    assertThatThrownBy(key::toSecretJwk).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void withoutPrivatePart_ofASymmetricKey_isTheKey() {
    SessionKey key = TestKeys.key(GCM);
    assertThat(key.withoutPrivatePart()).isSameAs(key);
    SessionKey pair = TestKeys.key(TokenAlgorithm.ES256);
    assertThat(pair.withoutPrivatePart().canIssue()).isFalse();
    assertThat(pair.withoutPrivatePart().withoutPrivatePart().hasSameMaterial(pair)).isTrue();
  }

  @Test
  void label_unknown_isRefusedWithTheList() {
    for (TokenAlgorithm algorithm : TokenAlgorithm.values()) {
      assertThat(TokenAlgorithm.of(algorithm.label())).isEqualTo(algorithm);
    }
    for (String label : List.of("", "none", "a256gcm", "A256GCM ", "EdDSA", "RS256", "HS512")) {
      assertThatThrownBy(() -> TokenAlgorithm.of(label))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "unknown token algorithm; allowed: A256GCM, A256CBC-HS512, A256KW, HS256, ES256,"
                  + " Ed25519, Ed25519+A256GCM");
    }
  }
}
