package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A key of one algorithm is refused for every other, although its bytes are the same. */
class LucidityTest {
  private static final Map<TokenAlgorithm, SessionKey> KEYS = keys();

  private static Map<TokenAlgorithm, SessionKey> keys() {
    byte[] secret = new byte[64];
    new SeededRandom("lucidity").nextBytes(secret);
    byte[] half = Arrays.copyOf(secret, 32);
    KeyPair edwards =
        SignatureKeys.generate(TokenAlgorithm.ED25519, new SeededRandom("lucidity, Ed25519"));
    KeyPair weierstrass =
        SignatureKeys.generate(TokenAlgorithm.ES256, new SeededRandom("lucidity, P-256"));
    Map<TokenAlgorithm, SessionKey> keys = new EnumMap<>(TokenAlgorithm.class);
    for (TokenAlgorithm algorithm : TokenAlgorithm.values()) {
      byte[] bytes =
          switch (algorithm.secretLength()) {
            case 0 -> null;
            case 32 -> half;
            default -> secret;
          };
      KeyPair pair = algorithm == TokenAlgorithm.ES256 ? weierstrass : edwards;
      keys.put(
          algorithm,
          new SessionKey(
              TestKeys.ID,
              algorithm,
              bytes,
              algorithm.isAsymmetric() ? pair.getPrivate() : null,
              algorithm.isAsymmetric() ? pair.getPublic() : null));
    }
    return keys;
  }

  static Stream<Arguments> pairs() {
    List<Arguments> pairs = new ArrayList<>();
    for (TokenAlgorithm minted : TokenAlgorithm.values()) {
      for (TokenAlgorithm read : TokenAlgorithm.values()) {
        if (minted != read) {
          pairs.add(Arguments.of(minted, read));
        }
      }
    }
    return pairs.stream();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void token_ofOneAlgorithm_isRefusedByTheKeyOfAnother(TokenAlgorithm minted, TokenAlgorithm read) {
    TokenCodec writer = TestKeys.codec(KEYS.get(minted)).build();
    String token = writer.encode(writer.create());
    TestKeys.accept(writer, token);

    assertThat(TestKeys.reject(TestKeys.codec(KEYS.get(read)).build(), token))
        .isEqualTo(Rejection.UNEXPECTED_HEADER);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void token_underTheHeaderTheReaderExpects_isStillRefused(
      TokenAlgorithm minted, TokenAlgorithm read) {
    Minter writer = new Minter(KEYS.get(minted));
    String expected = new Minter(KEYS.get(read)).header();
    // Authentic under the header of the other algorithm, with the key of its own.
    String token = writer.tokenWithHeader(expected);

    Rejection reason = TestKeys.reject(TestKeys.codec(KEYS.get(read)).build(), token);

    // Ed25519 alone and nested share the signing key, but not the number of segments.
    assertThat(reason).isIn(Rejection.UNAUTHENTIC, Rejection.MALFORMED);
  }

  @Test
  void innerPartOfANestedToken_onItsOwn_isRefused() {
    Minter nested = new Minter(KEYS.get(TokenAlgorithm.ED25519_A256GCM));
    byte[] payload = nested.claims("{}").getBytes(StandardCharsets.UTF_8);
    String inner = new String(nested.signed(payload), StandardCharsets.US_ASCII);
    // The same pair, the same claims, the same context: what is meant to be sealed stays sealed.
    TokenCodec signing = TestKeys.codec(KEYS.get(TokenAlgorithm.ED25519)).build();
    assertThat(TestKeys.reject(signing, inner)).isEqualTo(Rejection.UNEXPECTED_HEADER);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void keys_ofTheSameBytes_areKnownToShareThem(TokenAlgorithm first, TokenAlgorithm second) {
    SessionKey one = KEYS.get(first);
    SessionKey two = KEYS.get(second);
    boolean shared = one.hasSameMaterial(two);
    boolean sameSecretLength =
        first.secretLength() > 0 && first.secretLength() == second.secretLength();
    boolean samePair =
        first.isAsymmetric()
            && second.isAsymmetric()
            && first != TokenAlgorithm.ES256
            && second != TokenAlgorithm.ES256;
    assertThat(shared).isEqualTo(sameSecretLength || samePair);
  }
}
