package dev.satchel.servlet;

import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import java.util.concurrent.atomic.AtomicReference;

/** Keys for tests. */
final class TestKeys {
  private TestKeys() {}

  static SessionKey key(String id) {
    return SessionKey.generate(id, TokenAlgorithm.A256GCM);
  }

  static KeySource source() {
    return KeySource.of(KeyRing.of(key("k1")));
  }

  /** A source whose ring and verdict on absent keys a test can change. */
  static final class Changing implements KeySource {
    final AtomicReference<KeyRing> ring;
    volatile Absence absence = Absence.UNKNOWN;
    volatile boolean closed;

    Changing(KeyRing ring) {
      this.ring = new AtomicReference<>(ring);
    }

    @Override
    public KeyRing current() {
      return ring.get();
    }

    @Override
    public Absence absent(String keyId) {
      return absence;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
