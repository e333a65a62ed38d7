package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RoundTripTest {
  private static final List<Integer> SIZES = List.of(0, 1, 10, 31, 32, 33, 100, 511, 1000, 3000);

  static Stream<Arguments> profilesAndSizes() {
    List<Arguments> all = new ArrayList<>();
    for (TokenAlgorithm algorithm : TokenAlgorithm.values()) {
      for (boolean compression : new boolean[] {false, true}) {
        for (int size : SIZES) {
          all.add(Arguments.of(algorithm, compression, size));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("profilesAndSizes")
  void token_ofAnySize_comesBackAsItWas(TokenAlgorithm algorithm, boolean compression, int size) {
    TokenCodec codec =
        TestKeys.codec(TestKeys.key(algorithm))
            .policy(SessionPolicy.defaults().withCompressionThreshold(compression ? 0 : 100_000))
            .build();
    SessionState written = codec.create().withAttribute("text", "x".repeat(size));

    String token = codec.encode(written);
    Decoded.Accepted accepted = TestKeys.accept(codec, token);

    assertSame(accepted.state(), written);
    assertThat(accepted.state().attribute("text")).isEqualTo("x".repeat(size));
    assertThat(accepted.keyId()).isEqualTo(TestKeys.ID);
    assertThat(accepted.reissue()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void token_withSubjectAndOwnInterval_comesBackAsItWas(TokenAlgorithm algorithm) {
    TokenCodec codec = TestKeys.codec(TestKeys.key(algorithm)).build();
    SessionState written =
        codec
            .create()
            .withSubject("Zoë \"quoted\" \u0000 \ud83d\ude00 \ud83d")
            .withMaxInactiveInterval(Duration.ofSeconds(Integer.MAX_VALUE))
            .withAttribute("a", 1)
            .withAttribute("", "an empty name");

    SessionState read = TestKeys.accept(codec, codec.encode(written)).state();

    assertSame(read, written);
    assertThat(read.attribute("")).isEqualTo("an empty name");
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void token_writtenAgainAndAgain_keepsIdAndCreation(TokenAlgorithm algorithm) {
    TokenCodec codec = TestKeys.codec(TestKeys.key(algorithm)).build();
    SessionState first = codec.create().withAttribute("cart", List.of("apple", "pear"));
    SessionState last = first;
    for (int i = 0; i < 10; i++) {
      last = TestKeys.accept(codec, codec.encode(last)).state();
    }
    assertSame(last, first);
  }

  @Test
  void emptySession_mostOftenWritten_hasShortTokens() {
    // Sizes are paid in every request: a change here is felt by every user.
    assertThat(
            List.of(
                lengthOfEmpty(TokenAlgorithm.A256GCM),
                lengthOfEmpty(TokenAlgorithm.A256KW),
                lengthOfEmpty(TokenAlgorithm.A256CBC_HS512),
                lengthOfEmpty(TokenAlgorithm.HS256)))
        .containsExactly(194, 252, 250, 167);
  }

  private static int lengthOfEmpty(TokenAlgorithm algorithm) {
    TokenCodec codec = TestKeys.codec(TestKeys.key(algorithm)).build();
    return codec.encode(codec.create()).length();
  }

  @Test
  void compression_ofRepetitiveText_makesTheTokenShorter() {
    SessionKey key = TestKeys.key(TokenAlgorithm.A256GCM);
    TokenCodec with = TestKeys.codec(key).build();
    TokenCodec without =
        TestKeys.codec(key).policy(SessionPolicy.defaults().withoutCompression()).build();
    SessionState state = with.create().withAttribute("text", "the same again. ".repeat(200));

    String token = with.encode(state);

    assertThat(token.length()).isLessThan(without.encode(state).length() / 5);
    assertThat(Base64Url.decode(token.substring(0, token.indexOf('.'))))
        .asString()
        .endsWith(",\"zip\":\"DEF\"}");
    assertSame(TestKeys.accept(without, token).state(), state);
  }

  @Test
  void compression_ofRandomText_isNotKept() {
    TokenCodec codec = TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM)).build();
    byte[] noise = new byte[2000];
    new SeededRandom("noise").nextBytes(noise);
    // Base64 shrinks by a quarter, so the bytes are given as text that already is dense.
    StringBuilder dense = new StringBuilder();
    for (byte b : noise) {
      dense.append((char) (0x4e00 + (b & 0xff) * 80));
    }
    String token = codec.encode(codec.create().withAttribute("text", dense.toString()));

    SessionState read = TestKeys.accept(codec, token).state();

    assertThat(read.attribute("text")).isEqualTo(dense.toString());
  }

  @Test
  void sealedTokens_ofSimilarSize_haveTheSameLength() {
    TokenCodec codec = TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM)).build();
    SessionState state = codec.create();
    List<Integer> lengths = new ArrayList<>();
    for (int size = 0; size < 320; size++) {
      lengths.add(codec.encode(state.withAttribute("text", "x".repeat(size))).length());
    }
    // Steps of 32 bytes: 320 sizes fall into 11 lengths at most.
    assertThat(lengths.stream().distinct()).hasSizeLessThanOrEqualTo(11);
  }

  @Test
  void newSession_hasTheLifetimesOfThePolicy() {
    TokenCodec codec = TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM)).build();

    SessionState state = codec.create();

    assertThat(state.createdAt()).isEqualTo(TestKeys.NOW);
    assertThat(state.lastAccessedAt()).isEqualTo(TestKeys.NOW);
    assertThat(state.expiresAt()).isEqualTo(TestKeys.NOW.plus(Duration.ofHours(8)));
    assertThat(state.maxInactiveInterval()).isEqualTo(Duration.ofMinutes(30));
    assertThat(state.subject()).isEmpty();
    assertThat(state.attributeNames()).isEmpty();
    assertThat(Base64Url.decode(state.id())).hasSize(16);
  }

  @Test
  void renewedId_changesNothingElse() {
    TokenCodec codec = TestKeys.codec(TestKeys.key(TokenAlgorithm.A256GCM)).build();
    SessionState before = codec.create().withSubject("zoe").withAttribute("a", 1);

    SessionState after = codec.renewId(before);

    assertThat(after.id()).isNotEqualTo(before.id()).hasSize(22);
    assertThat(after.expiresAt()).isEqualTo(before.expiresAt());
    assertThat(after.createdAt()).isEqualTo(before.createdAt());
    assertThat(after.subject()).isEqualTo(before.subject());
    assertThat(after.attribute("a")).isEqualTo(1);
  }

  private static void assertSame(SessionState read, SessionState written) {
    assertThat(read.id()).isEqualTo(written.id());
    assertThat(read.createdAt()).isEqualTo(written.createdAt());
    assertThat(read.lastAccessedAt()).isEqualTo(written.lastAccessedAt());
    assertThat(read.expiresAt()).isEqualTo(written.expiresAt());
    assertThat(read.maxInactiveInterval()).isEqualTo(written.maxInactiveInterval());
    assertThat(read.subject()).isEqualTo(written.subject());
    assertThat(read.attributes()).isEqualTo(written.attributes());
    assertThat(List.copyOf(read.attributeNames())).isEqualTo(List.copyOf(written.attributeNames()));
  }
}
