package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Exact boundaries, with a clock that stands still. */
class LifetimesTest {
  private static final Instant NOW = TestKeys.NOW;
  private static final Duration SKEW = Duration.ofSeconds(60);
  private static final SessionKey KEY = TestKeys.key(TokenAlgorithm.A256GCM);

  private final MutableClock clock = new MutableClock(NOW);
  private final TokenCodec codec = codec(SessionPolicy.defaults(), KeyRing.of(KEY));

  private TokenCodec codec(SessionPolicy policy, KeyRing ring) {
    return TestKeys.codec(KeySource.of(ring), clock).policy(policy).build();
  }

  private void assertOutcome(Instant at, TokenCodec reader, String token, Rejection expected) {
    clock.set(at);
    if (expected == null) {
      TestKeys.accept(reader, token);
    } else {
      assertThat(TestKeys.reject(reader, token)).isEqualTo(expected);
    }
  }

  @Test
  void session_atItsAbsoluteExpiryPlusSkew_isExpired() {
    TokenCodec busy = codec(SessionPolicy.defaults().withoutIdleTimeout(), KeyRing.of(KEY));
    String token = busy.encode(busy.create());
    Instant end = NOW.plus(Duration.ofHours(8)).plus(SKEW);

    assertOutcome(end.minusNanos(1), busy, token, null);
    assertOutcome(end, busy, token, Rejection.EXPIRED);
  }

  @Test
  void session_idleForItsInterval_isIdleWithoutSkew() {
    String token = codec.encode(codec.create());
    Instant end = NOW.plus(Duration.ofMinutes(30));

    assertOutcome(end.minusNanos(1), codec, token, null);
    assertOutcome(end, codec, token, Rejection.IDLE);
  }

  @Test
  void session_idleAndExpired_isExpired() {
    String token = codec.encode(codec.create());
    assertOutcome(NOW.plus(Duration.ofHours(8)).plus(SKEW), codec, token, Rejection.EXPIRED);
  }

  @Test
  void session_fromTheFuture_isAcceptedWithinSkewOnly() {
    String token = codec.encode(codec.create());

    assertOutcome(NOW.minus(SKEW), codec, token, null);
    assertOutcome(NOW.minus(SKEW).minusNanos(1), codec, token, Rejection.NOT_YET_VALID);
  }

  @Test
  void session_accessedInTheFuture_isAcceptedWithinSkewOnly() {
    SessionState state = codec.create();
    clock.advance(Duration.ofMinutes(10));
    String token = codec.encode(state);
    Instant written = clock.instant();

    assertOutcome(written.minus(SKEW), codec, token, null);
    assertOutcome(written.minus(SKEW).minusNanos(1), codec, token, Rejection.NOT_YET_VALID);
  }

  @Test
  void session_ofALongerPolicy_endsWithTheReadersPolicy() {
    SessionPolicy lenient =
        SessionPolicy.defaults().withAbsoluteLifetime(Duration.ofDays(1)).withoutIdleTimeout();
    TokenCodec writer = codec(lenient, KeyRing.of(KEY));
    String token = writer.encode(writer.create());
    Instant end = NOW.plus(Duration.ofHours(8)).plus(SKEW);

    assertOutcome(end.minusNanos(1), codec, token, null);
    assertOutcome(end, codec, token, Rejection.EXPIRED);
    assertOutcome(end, writer, token, null);
  }

  @Test
  void session_ofAShorterPolicy_endsWhenItsTokenSays() {
    SessionPolicy strict =
        SessionPolicy.defaults()
            .withIdleTimeout(Duration.ZERO)
            .withAbsoluteLifetime(Duration.ofHours(1));
    TokenCodec writer = codec(strict, KeyRing.of(KEY));
    String token = writer.encode(writer.create());
    Instant end = NOW.plus(Duration.ofHours(1)).plus(SKEW);

    assertOutcome(end.minusNanos(1), codec, token, null);
    assertOutcome(end, codec, token, Rejection.EXPIRED);
  }

  @Test
  void session_keptBusyForEver_endsAtItsAbsoluteLifetime() {
    String token = codec.encode(codec.create());
    int renewals = 0;
    while (codec.decode(token) instanceof Decoded.Accepted accepted) {
      assertThat(accepted.state().createdAt()).isEqualTo(NOW);
      assertThat(accepted.state().expiresAt()).isEqualTo(NOW.plus(Duration.ofHours(8)));
      token = codec.encode(accepted.state());
      clock.advance(Duration.ofMinutes(5));
      renewals++;
    }
    assertThat(TestKeys.reject(codec, token)).isEqualTo(Rejection.EXPIRED);
    assertThat(renewals).isEqualTo(8 * 12 + 1); // five-minute steps up to 8 h, and one within skew
  }

  @Test
  void session_writtenAfterAPause_keepsItsOwnInterval() {
    TokenCodec reader = codec(SessionPolicy.defaults(), KeyRing.of(KEY));
    String token = codec.encode(codec.create().withMaxInactiveInterval(Duration.ofSeconds(90)));

    assertOutcome(NOW.plusSeconds(90).minusNanos(1), reader, token, null);
    assertOutcome(NOW.plusSeconds(90), reader, token, Rejection.IDLE);
  }

  @Test
  void session_ofIntervalZero_isNeverIdle() {
    String token = codec.encode(codec.create().withMaxInactiveInterval(Duration.ZERO));
    assertOutcome(NOW.plus(Duration.ofHours(7)), codec, token, null);
  }

  @Test
  void clockBehindTheSessionsCreation_writesNoAccessBeforeIt() {
    SessionState state = codec.create();
    clock.set(NOW.minusSeconds(30));

    SessionState read = TestKeys.accept(codec, codec.encode(state)).state();

    assertThat(read.lastAccessedAt()).isEqualTo(state.createdAt());
  }

  @Test
  void key_thatRetires_cutsTheExpiryOfNewTokens() {
    Instant bound = NOW.plus(Duration.ofHours(2)).plusMillis(700);
    KeyRing ring = KeyRing.builder().issuing(KEY).latestExpiry(bound).build();
    TokenCodec bounded = codec(SessionPolicy.defaults().withoutIdleTimeout(), ring);
    SessionState read = TestKeys.accept(bounded, bounded.encode(bounded.create())).state();

    assertThat(read.expiresAt()).isEqualTo(NOW.plus(Duration.ofHours(2)));

    // Under the next key the session gets its full life back, counted from its creation.
    String renewed = codec.encode(read);
    assertThat(TestKeys.accept(codec, renewed).state().expiresAt())
        .isEqualTo(NOW.plus(Duration.ofHours(8)));
  }

  @Test
  void key_thatMayIssueNothingThatLives_issuesNothing() {
    KeyRing ring = KeyRing.builder().issuing(KEY).latestExpiry(NOW).build();
    TokenCodec bounded = codec(SessionPolicy.defaults(), ring);
    SessionState state = bounded.create();

    assertThatThrownBy(() -> bounded.encode(state)).isInstanceOf(NoUsableKeyException.class);
    clock.set(NOW.minusNanos(1));
    assertThat(bounded.encode(state)).isNotEmpty();
  }

  @Test
  void reissue_atTheRefreshPoint_isAsked() {
    String token = codec.encode(codec.create());
    Instant due = NOW.plus(Duration.ofMinutes(3)); // 10 % of 30 minutes

    clock.set(due.minusNanos(1));
    assertThat(TestKeys.accept(codec, token).reissue()).isFalse();
    clock.set(due);
    assertThat(TestKeys.accept(codec, token).reissue()).isTrue();
  }

  @Test
  void reissue_atRefreshOfZeroPerCent_isAlwaysAsked() {
    TokenCodec eager = codec(SessionPolicy.defaults().withRefreshPercent(0), KeyRing.of(KEY));
    assertThat(TestKeys.accept(eager, eager.encode(eager.create())).reissue()).isTrue();
  }

  @Test
  void reissue_ofASessionWithoutIdleTimeout_isNotAsked() {
    TokenCodec busy = codec(SessionPolicy.defaults().withoutIdleTimeout(), KeyRing.of(KEY));
    String token = busy.encode(busy.create());
    clock.advance(Duration.ofHours(7));
    assertThat(TestKeys.accept(busy, token).reissue()).isFalse();
  }

  @Test
  void hourOfKid_justWithinTheLongestLife_isAccepted() {
    TokenCodec busy = codec(SessionPolicy.defaults().withoutIdleTimeout(), KeyRing.of(KEY));
    clock.set(Instant.parse("2026-01-15T10:00:00Z"));
    String token = busy.encode(busy.create());
    Instant end = Instant.parse("2026-01-15T18:01:00Z");
    TokenCodec fresh = codec(SessionPolicy.defaults(), KeyRing.of(KEY)); // remembers no header

    assertOutcome(end.minusNanos(1), fresh, token, null);
  }

  @Test
  void hourOfKid_fromTheFuture_isAcceptedWithinSkewOnly() {
    clock.set(Instant.parse("2026-01-15T11:00:00Z"));
    String token = codec.encode(codec.create());
    TokenCodec fresh = codec(SessionPolicy.defaults(), KeyRing.of(KEY));

    assertOutcome(Instant.parse("2026-01-15T10:59:00Z"), fresh, token, null);
    TokenCodec another = codec(SessionPolicy.defaults(), KeyRing.of(KEY));
    assertOutcome(
        Instant.parse("2026-01-15T10:58:59.999999999Z"), another, token, Rejection.NOT_YET_VALID);
  }

  @Test
  void expired_idleOrPastItsEnd_carriesTheStateForClearingUp() {
    SessionState state = codec.create().withAttribute("room", "12").withSubject("ann");
    String token = codec.encode(state);

    clock.set(NOW.plus(Duration.ofMinutes(30)));
    Decoded.Rejected idle = (Decoded.Rejected) codec.decode(token);
    assertThat(idle.reason()).isEqualTo(Rejection.IDLE);
    SessionState ended = idle.expired().orElseThrow();
    assertThat(ended.id()).isEqualTo(state.id());
    assertThat(ended.attribute("room")).isEqualTo("12");
    assertThat(ended.subject()).contains("ann");

    clock.set(NOW.plus(Duration.ofHours(8)).plus(SKEW));
    Decoded.Rejected old = (Decoded.Rejected) codec.decode(token);
    assertThat(old.reason()).isEqualTo(Rejection.EXPIRED);
    assertThat(old.expired().map(SessionState::id)).contains(state.id());
  }

  @Test
  void expired_forEveryOtherReason_isEmpty() {
    String token = codec.encode(codec.create());
    TokenCodec revoking =
        TestKeys.codec(KeySource.of(KeyRing.of(KEY)), clock).revocationCheck(s -> true).build();

    assertNotOpened(revoking, token, Rejection.REVOKED);
    assertNotOpened(codec, token.substring(0, token.length() - 1), Rejection.MALFORMED);
    clock.set(NOW.minus(Duration.ofMinutes(5)));
    assertNotOpened(codec, token, Rejection.NOT_YET_VALID);
    clock.set(NOW.plus(Duration.ofDays(2))); // its hour is too old, so it is not opened any more
    TokenCodec fresh = codec(SessionPolicy.defaults(), KeyRing.of(KEY)); // remembers no header
    assertNotOpened(fresh, token, Rejection.EXPIRED);
  }

  private static void assertNotOpened(TokenCodec reader, String token, Rejection reason) {
    Decoded.Rejected rejected = (Decoded.Rejected) reader.decode(token);
    assertThat(rejected.reason()).isEqualTo(reason);
    assertThat(rejected.expired()).isEmpty();
  }
}
