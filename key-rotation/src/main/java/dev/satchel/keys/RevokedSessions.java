package dev.satchel.keys;

import dev.satchel.SessionState;
import dev.satchel.keys.Revocation.Kind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * The revocations that a node knows, in memory. Asking takes no lock, allocates nothing for a
 * session of nobody, and costs at most two look-ups, and one keyed hash where subjects are revoked
 * that the session is not younger than. Telling takes a lock, for as long as an entry takes, or now
 * and then the copying of a table.
 *
 * <p>Revocations are only added, dates only rise, so the order in which they come does not matter,
 * nor that one comes twice. They are forgotten when they deny nothing any more.
 */
final class RevokedSessions {
  /**
   * So many sessions, and so many subjects, can be revoked at a time: at 24 hours to remember each,
   * 24 sign-outs a second. Takes 96 MiB each at most.
   */
  static final int MAX_ENTRIES = 1 << 21;

  /**
   * One in so many places is for sessions of nobody: who fills them needs no account, and must not
   * take the room of those who sign out.
   */
  private static final int NOBODYS_SHARE = 4;

  private final RevocationKeys keys;
  private final int max;

  /** With dates as {@link #date} makes them. */
  private volatile RevokedTable sessions = RevokedTable.of(0);

  private volatile RevokedTable subjects = RevokedTable.of(0);

  /** Milliseconds: everything created before is ended; what is younger than all subjects' dates. */
  private volatile long allBefore = Long.MIN_VALUE;

  private volatile long subjectsBefore = Long.MIN_VALUE;

  RevokedSessions(RevocationKeys keys) {
    this(keys, MAX_ENTRIES);
  }

  RevokedSessions(RevocationKeys keys, int max) {
    this.keys = keys;
    this.max = max;
  }

  boolean isRevoked(SessionState session) {
    long created = session.createdAt().toEpochMilli();
    if (created < allBefore) {
      return true;
    }
    String id = session.id();
    if (knows(Revocation.high(id), Revocation.low(id))) {
      return true;
    }
    // Not by creation: whoever signs in after a sign-out everywhere may do so in an older session.
    long since = session.subjectSince().toEpochMilli();
    if (since >= subjectsBefore) {
      return false;
    }
    String subject = session.subject().orElse(null);
    if (subject == null) {
      return false;
    }
    ByteBuffer hash = ByteBuffer.wrap(keys.hash(subject));
    return since < subjects.get(hash.getLong(), hash.getLong());
  }

  /** Whether this session was revoked by its id. No lock. */
  boolean knows(long high, long low) {
    return sessions.get(high, low) != 0;
  }

  /** Whether this session was ended, and not only has another id since. No lock. */
  boolean isEnded(long high, long low) {
    return (sessions.get(high, low) & 1) == 1;
  }

  /** What came of one more revocation. */
  enum Taken {
    /** It is heeded from now on. */
    NEW,
    /** It, or one that goes further, was known already. */
    KNOWN,
    /** There is no room; nothing else was forgotten for it. */
    FULL
  }

  Taken add(Revocation entry) {
    return add(entry, false);
  }

  /**
   * @param ofNobody whether it is a session that nobody has signed in to: there is room for these
   *     only while little is in use
   */
  synchronized Taken add(Revocation entry, boolean ofNobody) {
    if (entry.kind() == Kind.ALL) {
      if (entry.beforeMilli() <= allBefore) {
        return Taken.KNOWN;
      }
      allBefore = entry.beforeMilli();
      return Taken.NEW;
    }
    boolean isSession = entry.kind().isSession();
    if (!isSession && isEndedByAll(entry.beforeMilli())) {
      return Taken.KNOWN;
    }
    RevokedTable table = isSession ? sessions : subjects;
    long known = table.get(entry.high(), entry.low());
    long date = isSession ? date(entry, known) : Math.max(entry.beforeMilli(), known);
    if (date == known) {
      return Taken.KNOWN;
    }
    if (known == 0 && table.size() >= (ofNobody ? max / NOBODYS_SHARE : max)) {
      return Taken.FULL;
    }
    if (known == 0 && !table.hasRoom()) {
      RevokedTable larger = RevokedTable.of(Math.min(max, table.size() * 2));
      table.forEach(larger::put);
      table = larger;
    }
    table.put(entry.high(), entry.low(), date);
    if (isSession) {
      sessions = table;
    } else {
      subjects = table;
      subjectsBefore = Math.max(subjectsBefore, entry.beforeMilli());
    }
    return Taken.NEW;
  }

  /**
   * The second of a session's end, and behind it one bit: 1 if it ended, 0 if it lives on under
   * another id. Of two entries the later second and an end win, so that order does not matter.
   */
  private static long date(Revocation entry, long known) {
    long ended = entry.kind() == Kind.SESSION ? 1 : 0;
    return Math.max(entry.untilSecond(), known >> 1) << 1 | ended | known & 1;
  }

  private static Revocation session(long high, long low, long date) {
    return new Revocation((date & 1) == 1 ? Kind.SESSION : Kind.RENEWED, high, low, date >> 1);
  }

  /** Whether this, or one that goes further, is known. */
  synchronized boolean has(Revocation entry) {
    return switch (entry.kind()) {
      case ALL -> allBefore >= entry.beforeMilli();
      case SESSION, RENEWED -> {
        long known = sessions.get(entry.high(), entry.low());
        yield known == date(entry, known);
      }
      case SUBJECT ->
          isEndedByAll(entry.beforeMilli())
              || subjects.get(entry.high(), entry.low()) >= entry.beforeMilli();
    };
  }

  /**
   * Whether all that ends with a subject's sessions is ended for everybody: no session has its
   * subject for longer than it exists. Of a session only its end is known, not its creation, so
   * nothing can be said.
   */
  private boolean isEndedByAll(long beforeMilli) {
    return beforeMilli <= allBefore;
  }

  /**
   * Forgets what denies nothing any more, or nothing that is not ended for everybody.
   *
   * @param nowSeconds a clock's second from which the skew has been taken
   * @param longestLifetime of a session
   */
  synchronized void forget(long nowSeconds, Duration longestLifetime) {
    sessions = with(sessions, date -> date >> 1 > nowSeconds);
    subjects =
        with(
            subjects,
            date ->
                Revocation.overSecond(date, longestLifetime) > nowSeconds && !isEndedByAll(date));
  }

  private static RevokedTable with(RevokedTable table, LongPredicate isLiving) {
    int[] count = new int[1];
    table.forEach(
        (high, low, date) -> {
          if (isLiving.test(date)) {
            count[0]++;
          }
        });
    if (count[0] == table.size()) {
      return table;
    }
    RevokedTable left = RevokedTable.of(count[0]);
    table.forEach(
        (high, low, date) -> {
          if (isLiving.test(date)) {
            left.put(high, low, date);
          }
        });
    return left;
  }

  /**
   * Shows all that is known, in no order; what is added or forgotten meanwhile perhaps. Without the
   * lock, since there may be millions, and whoever signs out waits for it.
   */
  void forEach(Consumer<Revocation> visitor) {
    if (allBefore != Long.MIN_VALUE) {
      visitor.accept(Revocation.ofAll(allBefore));
    }
    sessions.forEach((high, low, date) -> visitor.accept(session(high, low, date)));
    subjects.forEach((high, low, date) -> visitor.accept(Revocation.ofSubject(high, low, date)));
  }

  synchronized int size() {
    return sessions.size() + subjects.size();
  }

  synchronized int size(Kind kind) {
    return switch (kind) {
      case ALL -> allBefore == Long.MIN_VALUE ? 0 : 1;
      case SESSION, RENEWED -> sessions.size();
      case SUBJECT -> subjects.size();
    };
  }

  /** Whether four fifths of the room for sessions or for subjects are taken. */
  boolean isNearlyFull() {
    return Math.max(size(Kind.SESSION), size(Kind.SUBJECT)) > max / 5 * 4;
  }

  /** What the tables take. */
  synchronized long bytes() {
    return sessions.bytes() + subjects.bytes();
  }

  /** Counts only. */
  @Override
  public String toString() {
    return "RevokedSessions[" + size() + "]";
  }
}
