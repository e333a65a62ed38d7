package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A key source that brings revocations brings the check of its codecs. */
class RevocationsOfKeySourceTest {
  private final MutableClock clock = new MutableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final Set<String> revoked = new HashSet<>();
  private final KeySource keys = new Source();

  private TokenCodec.Builder codec() {
    return TokenCodec.builder(TokenContext.cookie("shop", "s"), keys).clock(clock);
  }

  @Test
  void codec_asksThem_unlessGivenAnother() {
    TokenCodec codec = codec().build();
    TokenCodec other = codec().revocationCheck(RevocationCheck.none()).build();
    SessionState state = codec.create();
    String token = codec.encode(state);
    assertThat(codec.decode(token)).isInstanceOf(Decoded.Accepted.class);
    revoked.add(state.id());
    assertThat(codec.decode(token))
        .isInstanceOfSatisfying(
            Decoded.Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(Rejection.REVOKED);
              assertThat(rejected.reason().isTemporary()).isFalse();
            });
    assertThat(other.decode(token)).isInstanceOf(Decoded.Accepted.class);
  }

  @Test
  void codec_sessionsThatOutliveThem_refused() {
    SessionPolicy longer =
        SessionPolicy.defaults().withLifetimes(Duration.ofDays(2), Duration.ofHours(1));
    assertThatThrownBy(() -> codec().policy(longer).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT48H")
        .hasMessageContaining("at most PT24H");
    assertThat(codec().policy(longer).revocationCheck(RevocationCheck.none()).build()).isNotNull();
  }

  /** A token's expiry may be cut to its key's; the next one's is not. */
  @Test
  void endOf_isAfterTheLastMomentOfAnyToken() {
    Duration life = Duration.ofHours(8);
    TokenCodec codec = codec().policy(SessionPolicy.defaults().withLifetimes(life, life)).build();
    SessionState state = codec.create();
    Instant end = codec.endOf(state);
    assertThat(end).isEqualTo(clock.instant().plus(life).plusSeconds(60));
    SessionState cut =
        state.written(clock.instant().toEpochMilli(), clock.instant().getEpochSecond() + 60);
    assertThat(codec.endOf(cut)).isEqualTo(end);
    clock.advance(life.minusSeconds(1));
    String token = codec.encode(state);
    clock.advance(Duration.ofSeconds(60));
    assertThat(codec.decode(token)).isInstanceOf(Decoded.Accepted.class);
    clock.advance(Duration.ofSeconds(1));
    assertThat(clock.instant()).isEqualTo(end);
    assertThat(codec.decode(token)).isInstanceOf(Decoded.Rejected.class);
  }

  private final class Source implements KeySource, SessionRevocations {
    private final KeyRing ring = KeyRing.of(SessionKey.generate("k1", TokenAlgorithm.A256GCM));

    @Override
    public KeyRing current() {
      return ring;
    }

    @Override
    public Optional<SessionRevocations> revocations() {
      return Optional.of(this);
    }

    @Override
    public boolean isRevoked(SessionState session) {
      return revoked.contains(session.id());
    }

    @Override
    public void revoke(String sessionId, Instant until) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void revokeSubject(String subject, Instant issuedBefore) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void revokeAll(Instant issuedBefore) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Duration longestLifetime() {
      return Duration.ofDays(1);
    }
  }
}
