package dev.satchel.servlet;

import dev.satchel.KeyRing;
import dev.satchel.KeySource;
import dev.satchel.SessionRevocations;
import dev.satchel.SessionState;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A key source with a list of revocations that a test can look into, fill and break. */
final class TestRevocations implements KeySource, SessionRevocations {
  final Map<String, Instant> revoked = new ConcurrentHashMap<>();
  final Map<String, Instant> subjects = new ConcurrentHashMap<>();
  volatile boolean broken;
  volatile boolean full;
  private final KeyRing ring = KeyRing.of(TestKeys.key("k1"));

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
    if (broken) {
      throw new IllegalStateException("revocations were not read for too long");
    }
    Instant before = subjects.get(session.subject().orElse(""));
    return revoked.containsKey(session.id())
        || before != null && session.subjectSince().isBefore(before);
  }

  @Override
  public void revoke(String sessionId, Instant until) {
    if (full) {
      throw new IllegalStateException("full");
    }
    revoked.put(sessionId, until);
  }

  @Override
  public void revokeSubject(String subject, Instant issuedBefore) {
    subjects.put(subject, issuedBefore);
  }

  @Override
  public void revokeAll(Instant issuedBefore) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Duration longestLifetime() {
    return Duration.ofHours(8);
  }
}
