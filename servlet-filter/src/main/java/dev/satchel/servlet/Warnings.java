package dev.satchel.servlet;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The filter's rare log lines, each subject once per filter: a mistake in the application must not
 * fill the disk. Never holds values.
 */
final class Warnings {
  private static final System.Logger LOGGER = System.getLogger("dev.satchel.servlet");

  /**
   * Attribute names may be computed by the application, so what is remembered is bounded; beyond it
   * only events are sent.
   */
  private static final int MAX_SUBJECTS = 256;

  private final Set<String> subjects = ConcurrentHashMap.newKeySet();

  /** A name that the application, or a client through it, chose: on one line whatever it is. */
  static String quoted(String name) {
    StringBuilder text = new StringBuilder(name.length() + 2).append('\'');
    name.chars().forEach(c -> text.append(Character.isISOControl(c) ? '?' : (char) c));
    return text.append('\'').toString();
  }

  void once(String subject, String message) {
    if (subjects.size() < MAX_SUBJECTS && subjects.add(subject)) {
      LOGGER.log(System.Logger.Level.WARNING, message);
    }
  }
}
