package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyEncryptionKeyTest {
  private static final String JWK =
      SessionKey.generate("kek", TokenAlgorithm.A256KW, new SeededRandom(1)).toSecretJwk();

  @TempDir Path temp;

  @Test
  void of_fileWithJwk_isItsSecret() throws IOException {
    Path file = Files.writeString(temp.resolve("kek.jwk"), JWK + "\n");
    byte[] secret = of("file:" + file, "").secret().orElseThrow();
    assertThat(JWK).contains(base64(secret));
  }

  @Test
  void of_variableWithBase64_isItsSecret() {
    byte[] secret = new byte[32];
    new SeededRandom(2).nextBytes(secret);
    assertThat(of("env:KEK", base64(secret)).secret()).contains(secret);
  }

  @Test
  void of_passphrases_lineBreakIsNotPartOfThem() throws IOException {
    Path file = Files.writeString(temp.resolve("words"), "correct horse battery\n");
    assertThat(of("passphrase-file:" + file, "").passphrase())
        .isEqualTo(of("passphrase-env:KEK", "correct horse battery").passphrase());
  }

  @Test
  void of_passphraseWhereAKeyIsExpected_refusedWithHint() {
    assertThatThrownBy(() -> of("env:KEK", "correct horse battery"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("passphrase-env:")
        .hasMessageNotContaining("horse");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kek",
        "",
        ":",
        "https://example.org",
        "hunter2hunter2",
        "FILE:/x",
        "pkcs11:token",
      })
  void of_notAReference_refusedAndNotRepeated(String reference) {
    assertThatThrownBy(() -> of(reference, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowed are file:PATH")
        .hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", // zeros
        "!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!", // another alphabet
        "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY", // letters
        "{}",
        "{\"kty\":\"oct\"}",
      })
  void of_weakOrBroken_refused(String value) {
    assertThatThrownBy(() -> of("env:KEK", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining(value);
  }

  /** One key, one algorithm. */
  @Test
  void of_jwkForTokens_refused() {
    String token =
        SessionKey.generate("x", TokenAlgorithm.A256GCM, new SeededRandom(1)).toSecretJwk();
    assertThatThrownBy(() -> of("env:KEK", token)).hasMessageContaining("allowed is A256KW");
  }

  @Test
  void of_missing_unavailable() {
    assertThatThrownBy(() -> KeyEncryptionKey.of("env:NONE", Map.<String, String>of()::get))
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("NONE");
    assertThatThrownBy(() -> of("file:" + temp.resolve("none"), ""))
        .isInstanceOf(KeyRingException.class);
  }

  @Test
  void passphrase_short_refused() {
    assertThatThrownBy(() -> KeyEncryptionKey.passphrase("short".toCharArray()))
        .hasMessageContaining("passphrase has 5 characters, allowed are 12");
  }

  private static KeyEncryptionKey of(String reference, String value) {
    return KeyEncryptionKey.of(reference, Map.of("KEK", value)::get);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
