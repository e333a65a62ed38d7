package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether a token's header is remembered, and where, changes no answer. */
class RememberedHeadersTest {
  private static final int OTHERS = 40; // more than the 32 found without a text of the header
  private static final Instant NOW = TestKeys.NOW; // half past ten
  private static final Instant END = Instant.parse("2026-01-15T18:31:00Z"); // 8 h, a minute of skew

  /** Who began a session at the end of the token's hour is signed out now. */
  private static final Instant END_OF_HOUR = Instant.parse("2026-01-15T19:01:00Z");

  /** With a minute of skew, the token's hour has begun. */
  private static final Instant BEGIN_OF_HOUR = Instant.parse("2026-01-15T09:59:00Z");

  private final MutableClock clock = new MutableClock(NOW);

  private TokenCodec codec(KeyRing ring, SessionPolicy policy) {
    return TestKeys.codec(KeySource.of(ring), clock).policy(policy).build();
  }

  private TokenCodec codec(KeyRing ring) {
    return codec(ring, SessionPolicy.defaults());
  }

  private static String mint(TokenCodec codec) {
    return codec.encode(codec.create().withAttribute("user", "alice"));
  }

  private static String forged(String token) {
    int at = token.lastIndexOf('.') + 1;
    return token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
  }

  /** Keys whose headers are all of one length. */
  private static List<SessionKey> keys(TokenAlgorithm algorithm) {
    List<SessionKey> keys = new ArrayList<>();
    for (int i = 0; i <= OTHERS; i++) {
      keys.add(TestKeys.key("k-" + (10 + i), algorithm));
    }
    return keys;
  }

  private static KeyRing ring(List<SessionKey> keys) {
    return KeyRing.of(keys.get(0), keys.subList(1, keys.size()).toArray(new SessionKey[0]));
  }

  /** All that an answer says. */
  private static List<Object> answer(TokenCodec codec, String token) {
    Decoded decoded = codec.decode(token);
    if (decoded instanceof Decoded.Accepted accepted) {
      SessionState state = accepted.state();
      Object user = Optional.ofNullable(state.attribute("user"));
      return List.of("accepted", accepted.keyId(), accepted.reissue(), state.id(), user);
    }
    Decoded.Rejected rejected = (Decoded.Rejected) decoded;
    return List.of(
        rejected.reason(),
        rejected.keyId(),
        rejected.cause().isPresent(),
        rejected.expired().map(SessionState::id));
  }

  private void assertAnswersAsAFreshOne(TokenCodec codec, KeyRing ring, String token) {
    List<Instant> turns =
        List.of(NOW, END.minusNanos(1), END, END_OF_HOUR.minusNanos(1), END_OF_HOUR);
    assertAnswersAsAFreshOne(codec, ring, token, turns);
  }

  private void assertAnswersAsAFreshOne(
      TokenCodec codec, KeyRing ring, String token, List<Instant> turns) {
    for (Instant at : turns) {
      clock.set(at);
      for (String text : List.of(forged(token), token)) {
        assertThat(answer(codec, text))
            .as("%s at %s", text.equals(token) ? "token" : "forged token", at)
            .isEqualTo(answer(codec(ring), text));
      }
    }
    clock.set(NOW);
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void header_mintedRememberedOrAmongFortyOthers_getsTheAnswerOfAFreshCodec(
      TokenAlgorithm algorithm) {
    List<SessionKey> keys = keys(algorithm);
    KeyRing ring = ring(keys);
    List<String> tokens = new ArrayList<>();
    for (SessionKey key : keys) {
      tokens.add(mint(codec(KeyRing.of(key))));
    }
    String token = tokens.get(0);
    TokenCodec codec = codec(ring);
    assertThat(TestKeys.reject(codec, forged(token))).isEqualTo(Rejection.UNAUTHENTIC);

    assertAnswersAsAFreshOne(codec, ring, token);
    TestKeys.accept(codec, token);
    assertAnswersAsAFreshOne(codec, ring, token);
    for (String other : tokens.subList(1, tokens.size())) {
      TestKeys.accept(codec, other);
    }
    assertAnswersAsAFreshOne(codec, ring, token);
    for (String each : tokens) {
      assertAnswersAsAFreshOne(codec, ring, each, List.of(NOW, END_OF_HOUR));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"A256GCM", "HS256"})
  void header_ofOneHourAmongForty_getsTheAnswerOfAFreshCodec(TokenAlgorithm algorithm) {
    SessionPolicy threeDays =
        SessionPolicy.defaults().withAbsoluteLifetime(Duration.ofDays(3)).withoutIdleTimeout();
    KeyRing ring = KeyRing.of(TestKeys.key(algorithm));
    TokenCodec codec = codec(ring, threeDays);
    List<String> tokens = new ArrayList<>();
    for (int hour = 0; hour <= OTHERS; hour++) {
      String token = mint(codec);
      tokens.add(token);
      TestKeys.accept(codec, token);
      clock.advance(Duration.ofHours(1));
    }
    for (String token : tokens) {
      for (String text : List.of(forged(token), token)) {
        assertThat(answer(codec, text)).isEqualTo(answer(codec(ring, threeDays), text));
      }
      TestKeys.accept(codec, token);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"ES256", "ED25519"},
      mode = EnumSource.Mode.EXCLUDE)
  void hourOfNoLivingToken_rememberedOrNot_isExpiredAndNotOpened(TokenAlgorithm algorithm) {
    KeyRing ring = KeyRing.of(TestKeys.key(algorithm));
    TokenCodec remembering = codec(ring);
    String token = mint(remembering);
    TestKeys.accept(remembering, token);
    TestKeys.accept(remembering, token);

    clock.set(END_OF_HOUR.minusNanos(1)); // somebody of this hour is still signed in
    for (TokenCodec codec : List.of(codec(ring), remembering)) {
      assertThat(TestKeys.reject(codec, forged(token))).isEqualTo(Rejection.UNAUTHENTIC);
      Decoded.Rejected late = (Decoded.Rejected) codec.decode(token);
      assertThat(late.reason()).isEqualTo(Rejection.EXPIRED);
      assertThat(late.expired()).isPresent();
    }
    clock.set(END_OF_HOUR);
    String header = token.substring(0, token.indexOf('.') + 1);
    for (TokenCodec codec : List.of(codec(ring), remembering)) {
      for (String text : List.of(token, forged(token), header)) {
        Decoded.Rejected tooLate = (Decoded.Rejected) codec.decode(text);
        assertThat(tooLate.reason()).isEqualTo(Rejection.EXPIRED);
        assertThat(tooLate.expired()).isEmpty();
        assertThat(tooLate.keyId()).isEmpty(); // as of any token that was not looked at
      }
    }
    clock.set(NOW);
    TestKeys.accept(remembering, token);
  }

  /** A clock that was set back: what is remembered came from the future. */
  @ParameterizedTest
  @EnumSource(
      value = TokenAlgorithm.class,
      names = {"ES256", "ED25519"},
      mode = EnumSource.Mode.EXCLUDE)
  void hourThatHasNotBegun_rememberedOrNot_isNotYetValidAndNotOpened(TokenAlgorithm algorithm) {
    KeyRing ring = KeyRing.of(TestKeys.key(algorithm));
    TokenCodec remembering = codec(ring);
    String token = mint(remembering);
    TestKeys.accept(remembering, token);

    clock.set(BEGIN_OF_HOUR);
    for (TokenCodec codec : List.of(codec(ring), remembering)) {
      assertThat(TestKeys.reject(codec, forged(token))).isEqualTo(Rejection.UNAUTHENTIC);
      assertThat(TestKeys.reject(codec, token)).isEqualTo(Rejection.NOT_YET_VALID);
    }
    clock.set(BEGIN_OF_HOUR.minusNanos(1));
    for (TokenCodec codec : List.of(codec(ring), remembering)) {
      for (String text : List.of(token, forged(token))) {
        assertThat(TestKeys.reject(codec, text)).isEqualTo(Rejection.NOT_YET_VALID);
      }
    }
  }

  /** Or the tests above would compare one minted header with another. */
  @Test
  void header_provedAuthentic_isTheSameObjectAlsoAmongFortyOthers() throws Exception {
    List<SessionKey> keys = keys(TokenAlgorithm.A256GCM);
    KeyRing ring = ring(keys);
    WorkingKeys workingKeys = new WorkingKeys(ring, TestKeys.CONTEXT);
    List<String> tokens = new ArrayList<>();
    List<PinnedHeader> headers = new ArrayList<>();
    for (SessionKey key : keys) {
      String token = mint(codec(KeyRing.of(key)));
      PinnedHeader header = find(workingKeys, ring, token);
      assertThat(find(workingKeys, ring, token)).isNotSameAs(header); // minted, not remembered
      workingKeys.remember(header);
      assertThat(find(workingKeys, ring, token)).isSameAs(header);
      tokens.add(token);
      headers.add(header);
    }
    for (int i = 0; i < tokens.size(); i++) {
      assertThat(find(workingKeys, ring, tokens.get(i))).isSameAs(headers.get(i));
    }
  }

  private static PinnedHeader find(WorkingKeys workingKeys, KeyRing ring, String token)
      throws RejectedTokenException {
    return workingKeys.forToken(
        token, NOW.toEpochMilli(), SessionPolicy.defaults(), KeySource.of(ring));
  }
}
