package dev.satchel.keys;

import dev.satchel.TokenAlgorithm;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A ring in memory, a clock in the hand, and whoever works with them. */
final class RingFixture {
  /** Alarms are what many tests are for; the reference keeps the logger from being collected. */
  private static final Logger LOGGER = Logger.getLogger("dev.satchel.keys");

  static {
    LOGGER.setLevel(Level.OFF);
  }

  final ManualTime time = new ManualTime();
  final KeyRingStore store = new MemoryKeyRingStore(time);
  final KeyEncryptionKey kek = secretKek(99);
  final KeyCustodian custodian = custodian(1);

  static KeyEncryptionKey secretKek(int seed) {
    byte[] secret = new byte[32];
    new SeededRandom(seed).nextBytes(secret);
    return KeyEncryptionKey.ofSecret(secret);
  }

  KeyCustodian custodian(int seed) {
    return new KeyCustodian(store, kek, null, time, new SeededRandom(seed));
  }

  KeyRingStatus init() {
    return init(TokenAlgorithm.A256GCM);
  }

  KeyRingStatus init(TokenAlgorithm algorithm) {
    return custodian.creation("shop", RotationPolicy.defaults().withAlgorithm(algorithm)).commit();
  }

  RotatingKeySource.Builder source() {
    return source(store);
  }

  RotatingKeySource.Builder source(KeyRingStore other) {
    return RotatingKeySource.builder(other, kek)
        .clock(time)
        .monotonicClock(time.monotonic())
        .random(new SeededRandom(5))
        .withoutThread();
  }

  /** Lets time pass in steps of the refresh interval, so that nothing goes stale. */
  void pass(Duration duration, RotatingKeySource... nodes) {
    Duration step = Duration.ofMinutes(10);
    for (Duration done = Duration.ZERO; done.compareTo(duration) < 0; done = done.plus(step)) {
      time.advance(step);
      for (RotatingKeySource node : nodes) {
        node.tick();
      }
    }
  }
}
