package dev.satchel.keys.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 7d}, {@code 24h}, {@code 90m}, {@code 10s}, {@code 500ms};
 * or ISO 8601.
 */
final class DurationText {
  private static final Pattern SHORT = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "ms", ChronoUnit.MILLIS,
          "s", ChronoUnit.SECONDS,
          "m", ChronoUnit.MINUTES,
          "h", ChronoUnit.HOURS,
          "d", ChronoUnit.DAYS);

  private DurationText() {}

  static Duration parse(String text) {
    Matcher matcher = SHORT.matcher(text);
    if (matcher.matches()) {
      ChronoUnit unit = UNITS.getOrDefault(matcher.group(2), ChronoUnit.SECONDS);
      return Duration.of(Long.parseLong(matcher.group(1)), unit);
    }
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "not a duration; allowed are 7d, 24h, 90m, 10s, 500ms, PT24H");
    }
  }

  /** The two largest units, which is as exact as anybody reads it. */
  static String of(Duration duration) {
    if (duration.isNegative()) {
      return of(duration.negated()) + " ago";
    }
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return duration.toMillis() + " ms";
    }
    String days = unit(duration.toDays(), "d");
    String hours = unit(duration.toHoursPart(), "h");
    String minutes = unit(duration.toMinutesPart(), "min");
    String seconds = unit(duration.toSecondsPart(), "s");
    if (!days.isEmpty()) {
      return (days + hours).strip();
    }
    return (hours.isEmpty() ? minutes + seconds : hours + minutes).strip();
  }

  private static String unit(long count, String unit) {
    return count == 0 ? "" : count + " " + unit + " ";
  }
}
