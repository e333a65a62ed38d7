package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An IV is never used for two plaintexts (RFC 7518 §5.3), also where the randomness is broken. */
class InitializationVectorTest {

  private static String iv(String token) {
    return token.split("\\.", -1)[2];
  }

  @Test
  void iv_over100000Tokens_neverRepeats() {
    TokenCodec codec = TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM)).build();
    SessionState state = codec.create();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      assertThat(seen.add(iv(codec.encode(state)))).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"A256GCM", "A256CBC_HS512", "A256KW", "ED25519_A256GCM"})
  void iv_afterARestoredSnapshot_differsForTwoPlaintexts(TokenAlgorithm algorithm) {
    SessionKey key = TestKeys.key(algorithm);
    SessionState state = TestKeys.codec(key).random(new SeededRandom("ids")).build().create();
    TokenCodec one = TestKeys.codec(key).random(new SeededRandom("snapshot")).build();
    TokenCodec two = TestKeys.codec(key).random(new SeededRandom("snapshot")).build();

    String first = one.encode(state.withAttribute("user", "alice"));
    String second = two.encode(state.withAttribute("user", "mallo"));

    assertThat(iv(first)).isNotEqualTo(iv(second));
    if (algorithm == TokenAlgorithm.A256KW) {
      assertThat(first.split("\\.", -1)[1]).isNotEqualTo(second.split("\\.", -1)[1]);
    }
  }

  @Test
  void iv_afterARestoredSnapshot_isTheSameForTheSamePlaintext() {
    // The control: the generators above do repeat themselves. One plaintext under one IV twice
    // is one token twice.
    SessionKey key = TestKeys.key(TokenAlgorithm.A256GCM);
    SessionState state = TestKeys.codec(key).build().create();
    TokenCodec one = TestKeys.codec(key).random(new SeededRandom("snapshot")).build();
    TokenCodec two = TestKeys.codec(key).random(new SeededRandom("snapshot")).build();

    assertThat(one.encode(state)).isEqualTo(two.encode(state));
  }

  @Test
  void iv_ofAGeneratorThatIsStuck_tellsNothingOfTheContentKey() throws Exception {
    SessionKey key = TestKeys.key(TokenAlgorithm.A256KW);
    TokenCodec codec = TestKeys.codec(key).random(new StuckRandom()).build();
    String[] parts = codec.encode(codec.create()).split("\\.", -1);
    Cipher cipher = Cipher.getInstance("AESWrap");
    cipher.init(Cipher.UNWRAP_MODE, new Minter(key).workingKey().secret());
    byte[] contentKey =
        cipher.unwrap(Base64Url.decode(parts[1]), "AES", Cipher.SECRET_KEY).getEncoded();

    assertThat(Base64Url.decode(parts[2])).isNotEqualTo(Arrays.copyOf(contentKey, 12));
  }

  @Test
  void es256_afterARestoredSnapshot_usesNoNonceForTwoTokens() {
    // The same r under two messages gives the private key away.
    SessionKey key = TestKeys.key(TokenAlgorithm.ES256);
    SessionState state = TestKeys.codec(key).build().create();
    TokenCodec one = TestKeys.codec(key).random(new SeededRandom("snapshot")).build();
    TokenCodec two = TestKeys.codec(key).random(new SeededRandom("snapshot")).build();

    assertThat(r(one.encode(state.withAttribute("user", "alice"))))
        .isNotEqualTo(r(two.encode(state.withAttribute("user", "mallo"))));
  }

  private static byte[] r(String token) {
    return Arrays.copyOf(Base64Url.decode(token.substring(token.lastIndexOf('.') + 1)), 32);
  }

  /** Always the same bytes. */
  private static final class StuckRandom extends java.security.SecureRandom {
    private static final long serialVersionUID = 1L;

    @Override
    public void nextBytes(byte[] bytes) {
      Arrays.fill(bytes, (byte) 7);
    }
  }
}
