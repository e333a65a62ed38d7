package dev.satchel.servlet;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Settings as text, from one place, and what they say as values. A refusal says the setting, what
 * was got, what is allowed and the place.
 */
final class SettingsText {
  private final Map<String, String> values;
  private final String where;

  /**
   * @param where how to name the settings' place, such as {@code init parameter of filter
   *     'sessions'}
   */
  SettingsText(Map<String, String> values, String where) {
    this.values = new TreeMap<>(values);
    this.where = where;
  }

  /** How to name the settings' place. */
  String where() {
    return where;
  }

  /** Those that are set. */
  Set<String> names() {
    return Collections.unmodifiableSet(values.keySet());
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  boolean hasAny(Set<String> names) {
    return !Collections.disjoint(values.keySet(), names);
  }

  String required(String name) {
    String value = values.get(name);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(where + ": '" + name + "' is missing");
    }
    return value.strip();
  }

  /** As set; empty if it is not. */
  String given(String name) {
    return text(name, "");
  }

  String text(String name, String absent) {
    String value = values.get(name);
    return value == null ? absent : value.strip();
  }

  List<String> list(String name) {
    return Arrays.stream(given(name).split(",", -1))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }

  /** One of a few words, in whatever case. */
  String oneOf(String name, String absent, String... allowed) {
    String value = text(name, absent);
    for (String each : allowed) {
      if (each.equalsIgnoreCase(value)) {
        return each;
      }
    }
    throw wrong(name, value, "one of " + Arrays.toString(allowed), null);
  }

  boolean bool(String name) {
    return oneOf(name, "", "true", "false").equals("true");
  }

  int integer(String name) {
    return parsed(name, Integer::valueOf, "a whole number");
  }

  Duration duration(String name) {
    return parsed(name, Duration::parse, "an ISO 8601 duration such as PT30M");
  }

  private <T> T parsed(String name, Function<String, T> parser, String allowed) {
    String value = given(name);
    try {
      return parser.apply(value);
    } catch (NumberFormatException | DateTimeParseException e) {
      throw wrong(name, String.valueOf(values.get(name)), allowed, e);
    }
  }

  private IllegalArgumentException wrong(
      String name, String got, String allowed, @Nullable Exception cause) {
    return new IllegalArgumentException(
        where + ": '" + name + "' is '" + got + "', allowed is " + allowed, cause);
  }

  /** Adds the place to a refusal that comes from a type which does not know it. */
  <T> T within(String what, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + ", " + what + ": " + e.getMessage(), e);
    }
  }
}
