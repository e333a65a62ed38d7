package dev.satchel;

import java.time.Instant;
import java.time.InstantSource;

/** Keys, context and time that tests share. The keys repeat themselves and protect nothing. */
final class TestKeys {
  static final Instant NOW = Instant.parse("2026-01-15T10:30:00Z");
  static final TokenContext CONTEXT = TokenContext.cookie("shop", "__Host-Http-shop");
  static final String ID = "test-1";

  private TestKeys() {}

  static SessionKey key(TokenAlgorithm algorithm) {
    return key(ID, algorithm);
  }

  /** The same key for the same id and algorithm, every time. */
  static SessionKey key(String id, TokenAlgorithm algorithm) {
    return SessionKey.generate(
        id, algorithm, new SeededRandom("test key, not secret: " + id + algorithm.label()));
  }

  static TokenCodec.Builder codec(SessionKey key) {
    return codec(KeyRing.of(key));
  }

  static TokenCodec.Builder codec(KeyRing ring) {
    return codec(KeySource.of(ring), () -> NOW);
  }

  static TokenCodec.Builder codec(KeySource source, InstantSource clock) {
    return TokenCodec.builder(CONTEXT, source).clock(clock);
  }

  static Decoded.Accepted accept(TokenCodec codec, String token) {
    Decoded decoded = codec.decode(token);
    if (decoded instanceof Decoded.Accepted accepted) {
      return accepted;
    }
    throw new AssertionError("expected an accepted token, got " + decoded);
  }

  static Rejection reject(TokenCodec codec, String token) {
    Decoded decoded = codec.decode(token);
    if (decoded instanceof Decoded.Rejected rejected) {
      return rejected.reason();
    }
    throw new AssertionError("expected a rejected token, got " + decoded);
  }
}
