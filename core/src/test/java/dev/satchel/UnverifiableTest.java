package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What {@code decode} relies on may fail; its promise not to throw holds all the same. */
class UnverifiableTest {
  private final SessionKey key = SessionKey.generate("k1", TokenAlgorithm.A256GCM);
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.ofEpochSecond(1_800_000_000));

  private TokenCodec codec(RevocationCheck check) {
    return TokenCodec.builder(TestKeys.CONTEXT, KeySource.of(KeyRing.of(key)))
        .clock(now::get)
        .revocationCheck(check)
        .build();
  }

  private static Rejection reason(Decoded decoded) {
    assertThat(decoded).isInstanceOf(Decoded.Rejected.class);
    return ((Decoded.Rejected) decoded).reason();
  }

  @Test
  void revocationCheck_thatThrows_isNotAccepted() {
    TokenCodec codec =
        codec(
            session -> {
              throw new IllegalStateException("store down");
            });
    assertThat(reason(codec.decode(codec.encode(codec.create()))))
        .isEqualTo(Rejection.UNVERIFIABLE);
    assertThat(Rejection.UNVERIFIABLE.isTemporary()).isTrue();
  }

  @Test
  void clock_atTheEndOfTime_isNotAccepted() {
    TokenCodec codec = codec(RevocationCheck.none());
    String token = codec.encode(codec.create());
    SessionState state = codec.create();
    now.set(Instant.MAX);
    assertThat(reason(codec.decode(token))).isIn(Rejection.UNVERIFIABLE, Rejection.EXPIRED);
    assertThat(codec.awaitsKey(token)).isFalse();
    assertThatThrownBy(() -> codec.encode(state)).isInstanceOf(IllegalStateException.class);
    now.set(Instant.EPOCH.minusSeconds(1));
    assertThatThrownBy(() -> codec.encode(state)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void key_thatWasDestroyed_isOfNoUseToAnybody() {
    SessionKey doomed = SessionKey.generate("k1", TokenAlgorithm.A256GCM);
    TokenCodec codec =
        TokenCodec.builder(TestKeys.CONTEXT, KeySource.of(KeyRing.of(doomed))).build();
    TokenCodec other =
        TokenCodec.builder(TestKeys.CONTEXT, KeySource.of(KeyRing.of(doomed))).build();
    String token = codec.encode(codec.create());
    doomed.destroy();
    assertThat(reason(other.decode(token))).isEqualTo(Rejection.UNVERIFIABLE);
    assertThatThrownBy(doomed::toSecretJwk).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> KeyRing.of(doomed)).isInstanceOf(IllegalStateException.class);
  }
}
