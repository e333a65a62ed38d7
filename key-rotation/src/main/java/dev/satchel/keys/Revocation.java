package dev.satchel.keys;

import dev.satchel.SessionState;
import java.time.Duration;
import java.time.Instant;

/**
 * One revocation, as nodes tell each other of it: 128 bits of whom, and when.
 *
 * @param high the first half of the session's id, or of the subject's keyed hash; 0 for everybody
 * @param low the second half
 * @param when 1 or more, as it is stored: {@link #untilSecond} or {@link #beforeMilli}
 */
record Revocation(Kind kind, long high, long low, long when) {
  /** A {@link SessionState#id()}: 128 bits in base64url. */
  private static final int ID_LENGTH = 22;

  /** No date of a revocation is beyond: 11 digits of seconds, as of all dates (FORMAT.md §4). */
  private static final long MAX_SECONDS = 99_999_999_999L;

  /** What each character of base64url stands for. */
  private static final byte[] DIGITS = digits();

  Revocation {
    if (when < 1 || when > (kind.isSession() ? MAX_SECONDS : MAX_SECONDS * 1000)) {
      throw new IllegalArgumentException("the date of a revocation is out of range");
    }
    if (kind == Kind.ALL && (high != 0 || low != 0)) {
      throw new IllegalArgumentException("a revocation of everybody names somebody");
    }
  }

  /**
   * @param untilSecond as {@link #untilSecond()}
   */
  static Revocation ofSession(long high, long low, long untilSecond) {
    return new Revocation(Kind.SESSION, high, low, untilSecond);
  }

  /**
   * @param beforeMilli as {@link #beforeMilli()}
   */
  static Revocation ofSubject(long high, long low, long beforeMilli) {
    return new Revocation(Kind.SUBJECT, high, low, beforeMilli);
  }

  /**
   * @param beforeMilli as {@link #beforeMilli()}
   */
  static Revocation ofAll(long beforeMilli) {
    return new Revocation(Kind.ALL, 0, 0, beforeMilli);
  }

  /** Of a session: the second from which on no token of it is accepted anyway. */
  long untilSecond() {
    if (!kind.isSession()) {
      throw new IllegalStateException("a revocation of " + kind + " has no second of an end");
    }
    return when;
  }

  /** Of a subject or of everybody: the millisecond before which what was created is ended. */
  long beforeMilli() {
    if (kind.isSession()) {
      throw new IllegalStateException("a revocation of a " + kind + " ends nothing by its date");
    }
    return when;
  }

  /**
   * The second from which on this denies nothing that is not over anyway.
   *
   * @param longestLifetime of a session
   */
  long overSecond(Duration longestLifetime) {
    return kind.isSession() ? when : overSecond(when, longestLifetime);
  }

  /** Likewise, of what ends everything that was created before this millisecond. */
  static long overSecond(long beforeMilli, Duration longestLifetime) {
    return beforeMilli / 1000 + 1 + longestLifetime.plus(RevocationKeys.MAX_SKEW).toSeconds();
  }

  /** What ends. The order is that of the stored form. */
  enum Kind {
    SESSION,
    SUBJECT,
    ALL,
    /**
     * A session under an id that it left: denied as with SESSION, but it lives on under another.
     */
    RENEWED;

    boolean isSession() {
      return this == SESSION || this == RENEWED;
    }
  }

  /** The milliseconds that a date stands for: a part of one is on the side of what is ended. */
  static long millis(Instant before) {
    return before.plusNanos(999_999).toEpochMilli();
  }

  /**
   * The first 64 bits of an id.
   *
   * @return 0 for what is no id, as for one in 2^64 that is
   */
  static long high(String sessionId) {
    if (sessionId.length() != ID_LENGTH) {
      return 0;
    }
    long bits = 0;
    for (int i = 0; i < 10; i++) {
      bits = bits << 6 | digit(sessionId, i);
    }
    return bits << 4 | digit(sessionId, 10) >> 2;
  }

  /** The rest of it. */
  static long low(String sessionId) {
    if (sessionId.length() != ID_LENGTH) {
      return 0;
    }
    long bits = digit(sessionId, 10) & 3;
    for (int i = 11; i < 21; i++) {
      bits = bits << 6 | digit(sessionId, i);
    }
    return bits << 2 | digit(sessionId, 21) >> 4;
  }

  /** Whether it is 128 bits in base64url, in the one spelling there is. */
  static boolean isSessionId(String text) {
    return text.matches("[A-Za-z0-9_-]{21}[AQgw]");
  }

  /** For what is none: 0, which the caller has excluded where it matters. */
  private static int digit(String text, int index) {
    char c = text.charAt(index);
    return c < DIGITS.length ? DIGITS[c] : 0;
  }

  /** Looked up, since a processor cannot foresee which range a random character is in. */
  private static byte[] digits() {
    byte[] digits = new byte[128];
    String alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"; // RFC 4648 §5
    for (int i = 0; i < alphabet.length(); i++) {
      digits[alphabet.charAt(i)] = (byte) i;
    }
    return digits;
  }

  /** The kind alone: ids name sessions. */
  @Override
  public String toString() {
    return "Revocation[" + kind + "]";
  }
}
