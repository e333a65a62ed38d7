package dev.satchel.servlet;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The filter's rare log lines, each subject once an hour, with how often it came up in between: a
 * mistake in the application must not fill the disk, and one that lasts must not be told in a file
 * that was deleted weeks ago. Never holds values. Only for what ought not to happen: an ordinary
 * request does not come here.
 */
final class Warnings {
  /** The filter's only logger. */
  static final System.Logger LOGGER = System.getLogger("dev.satchel.servlet");

  /** Long enough that a page full of warnings is a week's, short enough for a night's trouble. */
  private static final long SILENCE_MILLIS = Duration.ofHours(1).toMillis();

  /**
   * Attribute names may be computed by the application, so what is remembered is bounded; beyond it
   * only events are sent, until a subject was silent for its hour.
   */
  private static final int MAX_SUBJECTS = 256;

  private final InstantSource clock;
  private final Map<String, Subject> subjects = new ConcurrentHashMap<>();

  Warnings(InstantSource clock) {
    this.clock = clock;
  }

  /** A name that the application, or a client through it, chose: on one line whatever it is. */
  static String quoted(String name) {
    StringBuilder text = new StringBuilder(name.length() + 2).append('\'');
    name.chars().forEach(c -> text.append(Character.isISOControl(c) ? '?' : (char) c));
    return text.append('\'').toString();
  }

  /** Logs the message unless its subject was logged within the hour, and counts it then. */
  void once(String subject, String message) {
    long now = clock.millis();
    Subject known = subjects.get(subject);
    if (known == null && isRoomFor(now)) {
      known = subjects.putIfAbsent(subject, new Subject(now));
      if (known == null) {
        LOGGER.log(System.Logger.Level.WARNING, message);
        return;
      }
    }
    long unsaid = known == null ? 0 : known.count(now);
    if (unsaid > 0) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          unsaid == 1 ? message : message + " (" + unsaid + " times since this was last logged)");
    }
  }

  private boolean isRoomFor(long now) {
    if (subjects.size() >= MAX_SUBJECTS) {
      subjects.values().removeIf(subject -> !subject.isSilent(now));
    }
    return subjects.size() < MAX_SUBJECTS;
  }

  /** What was logged, and how often it came up since. */
  private static final class Subject {
    private final AtomicLong loggedAt;
    private final LongAdder unsaid = new LongAdder();

    Subject(long now) {
      loggedAt = new AtomicLong(now);
    }

    /** Also ends where the clock was set back: silence of an unknown length helps nobody. */
    boolean isSilent(long now) {
      long since = now - loggedAt.get();
      return since >= 0 && since < SILENCE_MILLIS;
    }

    /** How often it is to be said to have come up; zero while it is silent. */
    long count(long now) {
      unsaid.increment();
      long before = loggedAt.get();
      return !isSilent(now) && loggedAt.compareAndSet(before, now) ? unsaid.sumThenReset() : 0;
    }
  }
}
