package dev.satchel.keys;

import dev.satchel.SessionRevocations;
import dev.satchel.SessionState;
import dev.satchel.keys.Revocation.Kind;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The revocations of a ring's sessions as one node has them: answers and takes in from memory, and
 * hands on and hears by {@link RevocationExchange}, on a thread of its own.
 */
final class RingRevocations implements SessionRevocations {
  /**
   * A clock may be ahead by so much; anything later is a mistake that nobody could sign in after.
   */
  private static final Duration MAX_AHEAD = Duration.ofMinutes(5);

  private final RevocationKeys keys;
  private final RevokedSessions revoked;
  private final RevocationExchange exchange;
  private final RevocationIntake intake;
  private final InstantSource clock;
  private final Supplier<RotationPolicy> policy;
  private volatile Runnable wake = () -> {};

  private RingRevocations(
      KeyRingStore store,
      RingDocument document,
      InstantSource clock,
      LongSupplier nanos,
      SecureRandom random,
      Supplier<RotationPolicy> policy,
      @Nullable Duration within,
      RingMonitor monitor) {
    RevocationLog log =
        store
            .revocationLog()
            .orElseThrow(
                () ->
                    new KeyRingException(
                        KeyRingException.Reason.POLICY,
                        store + " keeps no revocations of sessions"));
    this.keys = new RevocationKeys(document.lineageKey());
    this.revoked = new RevokedSessions(keys);
    this.exchange =
        new RevocationExchange(
            log,
            keys,
            revoked,
            clock,
            nanos,
            random,
            policy,
            store::time,
            within,
            monitor.forRevocations());
    this.intake = exchange.intake();
    this.clock = clock;
    this.policy = policy;
  }

  /**
   * Those of a node, read for the first time. Afterwards somebody has to tick the {@link
   * #exchange}.
   *
   * @param document of the ring; its lineage key never changes
   * @param policy of the ring as it is at the time
   * @param within for how long the node goes on without having read what others revoked; null for
   *     ever
   * @param monitor of the ring, whose listeners hear of revocations too
   * @throws KeyRingException if the store keeps none, or cannot be read, or the policy is too slow
   */
  static RingRevocations ofNode(
      KeyRingStore store,
      RingDocument document,
      InstantSource clock,
      LongSupplier nanos,
      SecureRandom random,
      Supplier<RotationPolicy> policy,
      @Nullable Duration within,
      RingMonitor monitor) {
    Duration probe = policy.get().probeInterval();
    Duration least = probe.multipliedBy(2);
    if (within != null && within.compareTo(least) < 0) {
      throw new KeyRingException(
          KeyRingException.Reason.POLICY,
          "revocations are to be read within "
              + within
              + ", and nodes read them every "
              + probe
              + ": allowed is "
              + least
              + " or more");
    }
    var revocations =
        new RingRevocations(store, document, clock, nanos, random, policy, within, monitor);
    revocations.exchange.start();
    return revocations;
  }

  /** Those of somebody who waits for the store, once: what is revoked is there, or it throws. */
  static RingRevocations atOnce(
      KeyRingStore store, RingDocument document, InstantSource clock, SecureRandom random) {
    RotationPolicy policy = document.policy();
    var monitor = new RingMonitor(store.toString());
    var revocations =
        new RingRevocations(store, document, clock, () -> 0, random, () -> policy, null, monitor);
    revocations.exchange.start();
    revocations.wakes(revocations.exchange::flush);
    return revocations;
  }

  /** Whom to wake when there is something to hand on. */
  void wakes(Runnable thread) {
    wake = Objects.requireNonNull(thread);
  }

  RevocationExchange exchange() {
    return exchange;
  }

  @Override
  public boolean isRevoked(SessionState session) {
    if (revoked.isRevoked(session)) {
      return true; // for certain, however old the rest is
    }
    if (exchange.isStale()) {
      throw new RevocationsUnknownException();
    }
    return false;
  }

  @Override
  public void revoke(String sessionId, Instant until) {
    end(Kind.SESSION, sessionId, until, false);
  }

  @Override
  public void revoke(SessionState session, Instant until) {
    end(Kind.SESSION, session.id(), until, session.subject().isEmpty());
  }

  @Override
  public void renewed(SessionState before, SessionState after, Instant until) {
    Instant end = bounded(until);
    if (!end.isAfter(clock.instant())) {
      return;
    }
    // Remembered also where the list takes no more: who ends the former id ends the new one.
    intake.renewed(
        ofSession(Kind.RENEWED, before.id(), end), ofSession(Kind.SESSION, after.id(), end));
    end(Kind.RENEWED, before.id(), end, before.subject().isEmpty());
    wake.run();
  }

  private void end(Kind kind, String sessionId, Instant until, boolean ofNobody) {
    if (!Revocation.isSessionId(sessionId)) {
      throw new IllegalArgumentException(
          "a session id of "
              + sessionId.length()
              + " characters, allowed are the 22 of base64url that SessionState.id() has");
    }
    Instant end = bounded(until);
    if (end.isAfter(clock.instant())) {
      take(ofSession(kind, sessionId, end), ofNobody);
    }
  }

  /** One with a date beyond all sessions is a session of the longest life there is. */
  private Instant bounded(Instant until) {
    Instant latest = clock.instant().plus(longestLifetime()).plus(RevocationKeys.MAX_SKEW);
    return until.isAfter(latest) ? latest : until;
  }

  /** Seconds count; a part of one is another second to remember. */
  static Revocation ofSession(Kind kind, String sessionId, Instant until) {
    return new Revocation(
        kind, Revocation.high(sessionId), Revocation.low(sessionId), until.getEpochSecond() + 1);
  }

  @Override
  public void revokeSubject(String subject, Instant issuedBefore) {
    if (subject.isEmpty()) {
      throw new IllegalArgumentException("subject is empty; sessions of nobody have none");
    }
    if (isLiving(issuedBefore)) {
      take(keys.ofSubject(subject, Revocation.millis(issuedBefore)), false);
    }
  }

  @Override
  public void revokeAll(Instant issuedBefore) {
    if (isLiving(issuedBefore)) {
      take(Revocation.ofAll(Revocation.millis(issuedBefore)), false);
    }
  }

  /** Whether there can be a session that is as old. */
  private boolean isLiving(Instant issuedBefore) {
    Instant now = clock.instant();
    requireNotAhead(issuedBefore, now);
    return issuedBefore.isAfter(
        now.minus(longestLifetime()).minus(RevocationKeys.MAX_SKEW).minusSeconds(1));
  }

  /**
   * @throws IllegalArgumentException if it is so far ahead that it must be a mistake
   */
  static void requireNotAhead(Instant issuedBefore, Instant now) {
    if (issuedBefore.isAfter(now.plus(MAX_AHEAD))) {
      throw new IllegalArgumentException(
          "sessions created before "
              + issuedBefore
              + ", allowed is at most 5 minutes from now, "
              + now
              + ": until then nobody could sign in");
    }
  }

  private void take(Revocation entry, boolean ofNobody) {
    switch (intake.own(entry, ofNobody)) {
      case NEW -> wake.run();
      case KNOWN -> {}
      case FULL -> {
        if (ofNobody) {
          throw new IllegalStateException(
              "a quarter of the room for revoked sessions is in use, "
                  + RevokedSessions.MAX_ENTRIES / 4
                  + "; what is left is for sessions with a subject");
        }
        throw new IllegalStateException(
            "as many sessions are revoked as can be remembered, "
                + RevokedSessions.MAX_ENTRIES
                + "; the oldest are forgotten as their time runs out");
      }
    }
  }

  @Override
  public Duration longestLifetime() {
    return policy.get().maxTokenLifetime();
  }

  /** What is wrong; no I/O. */
  Set<KeyRingAlarm> alarms() {
    return exchange.alarms();
  }

  /** What somebody should mend; each says what to do. Appends a record that denies nothing. */
  List<String> findings() {
    var findings = new ArrayList<String>();
    if (revoked.isNearlyFull()) {
      findings.add(
          "nearly as many sessions are revoked as can be remembered; limit sign-ins before further"
              + " sign-outs are refused");
    }
    if (exchange.forged() > 0) {
      findings.add(
          "the store holds "
              + exchange.forged()
              + " records of revocations that no node of this ring and release made; find out who"
              + " else writes there");
    }
    try {
      exchange.tryAppend();
    } catch (KeyRingException e) {
      findings.add(
          "revocations can be read and not added, so sign-outs here would reach no other node; all"
              + " nodes need that right, readers too: "
              + e.getMessage());
    }
    return findings;
  }

  /** How many there are; no I/O. */
  RotatingKeySource.RevocationCounts counts() {
    return new RotatingKeySource.RevocationCounts(
        revoked.size(Kind.SESSION),
        revoked.size(Kind.SUBJECT),
        exchange.waiting(),
        exchange.forged());
  }

  /** Counts only. */
  @Override
  public String toString() {
    return "RingRevocations[" + revoked.size() + "]";
  }

  /** Told for each request while it lasts: without a stack trace, which would say nothing. */
  private static final class RevocationsUnknownException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    RevocationsUnknownException() {
      super("what other nodes revoked was not read for longer than this node is set to bear");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}
