package dev.satchel.keys;

import dev.satchel.keys.RevokedSessions.Taken;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Takes revocations into a node's memory, its own and those of others, with what follows from them:
 * a session ends also under the ids that this node gave it since. Knows whether something found no
 * room. Thread-safe; takes no lock but that of the memory, and does no I/O.
 */
final class RevocationIntake {
  private final RevokedSessions revoked;
  private final Renewals renewals;
  private final RevocationOutbox outbox;
  private volatile boolean full;

  /** Something of others found no room, which may be had from the log when there is some. */
  private volatile boolean passedOver;

  RevocationIntake(RevokedSessions revoked, Renewals renewals, RevocationOutbox outbox) {
    this.revoked = revoked;
    this.renewals = renewals;
    this.outbox = outbox;
  }

  /**
   * Takes in what was revoked here, and hands it on.
   *
   * @param ofNobody as {@link RevokedSessions#add(Revocation, boolean)}; finding no room for it is
   *     nothing that a user would miss, and no alarm
   */
  Taken own(Revocation entry, boolean ofNobody) {
    Taken taken = revoked.add(entry, ofNobody);
    if (taken == Taken.NEW) {
      outbox.add(entry);
      follow(entry);
    }
    if (taken == Taken.FULL && !ofNobody) {
      full = true;
    }
    return taken;
  }

  /** Takes in what was read. */
  void others(Revocation entry) {
    Taken taken = revoked.add(entry);
    if (taken != Taken.KNOWN) {
      follow(entry);
    }
    if (taken == Taken.FULL) {
      full = true;
      passedOver = true;
    }
  }

  /**
   * Remembers that this node gave a session another id, so that an end of the former one that is
   * still on its way ends it too.
   *
   * @param former the end of the former id
   * @param next the end of the new one, should that turn out to be due
   */
  void renewed(Revocation former, Revocation next) {
    renewals.add(former, next);
    if (revoked.isEnded(former.high(), former.low())) { // it came a moment ago
      follow(Revocation.ofSession(former.high(), former.low(), former.untilSecond()));
    }
  }

  /**
   * Ends a session also under the ids that this node gave it since, and hands that on: where it was
   * renewed once more, that node does the same.
   */
  private void follow(Revocation ended) {
    ArrayDeque<Revocation> due = new ArrayDeque<>(renewals.of(ended));
    Revocation next;
    while ((next = due.poll()) != null) {
      switch (revoked.add(next)) {
        case NEW -> {
          outbox.add(next);
          due.addAll(renewals.of(next));
        }
        case KNOWN -> {}
        case FULL -> full = true;
      }
    }
  }

  /**
   * Forgets what denies nothing any more, as {@link RevokedSessions#forget}.
   *
   * @return whether what found no room before has to be read again, as it may find some now
   */
  boolean forget(long nowSeconds, Duration longestLifetime) {
    revoked.forget(nowSeconds, longestLifetime);
    if (!passedOver) {
      full = false;
    }
    return passedOver;
  }

  /** All there is is about to be read again. */
  void startsAnew() {
    full = false;
    passedOver = false;
  }

  /** Whether something found no room that should have. */
  boolean isFull() {
    return full;
  }

  /** Counts only. */
  @Override
  public String toString() {
    return "RevocationIntake[" + revoked + "]";
  }
}
