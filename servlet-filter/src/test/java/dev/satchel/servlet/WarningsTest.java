package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How often the filter says one thing. */
class WarningsTest {
  private final MutableClock clock = new MutableClock();
  private final Warnings warnings = new Warnings(clock);

  @Test
  @DisplayName("each subject is logged once an hour, with how often it came up")
  void hourly() {
    try (Logged logged = new Logged()) {
      warnings.once("a", "first");
      warnings.once("a", "first again");
      warnings.once("b", "second");
      clock.advance(Duration.ofMinutes(59));
      warnings.once("a", "first once more");
      assertThat(logged.takeWithLevels()).containsExactly("WARNING first", "WARNING second");
      clock.advance(Duration.ofMinutes(1));
      warnings.once("a", "first anew");
      warnings.once("a", "and again");
      warnings.once("b", "second anew");
      assertThat(logged.takeWithLevels())
          .containsExactly(
              "WARNING first anew (3 times since this was last logged)", "WARNING second anew");
      clock.advance(Duration.ofHours(1));
      warnings.once("a", "first at last");
      assertThat(logged.takeWithLevels())
          .containsExactly("WARNING first at last (2 times since this was last logged)");
    }
  }

  @Test
  @DisplayName("a clock that was set back silences nobody")
  void clockSetBack() {
    try (Logged logged = new Logged()) {
      warnings.once("a", "first");
      clock.advance(Duration.ofDays(-1));
      warnings.once("a", "yesterday");
      assertThat(logged.takeWithLevels()).containsExactly("WARNING first", "WARNING yesterday");
    }
  }

  @Test
  @DisplayName("what is remembered is bounded, and makes room after an hour")
  void bounded() {
    try (Logged logged = new Logged()) {
      for (int i = 0; i < 1_000; i++) {
        warnings.once("subject " + i, "message " + i);
      }
      assertThat(logged.takeWithLevels()).hasSize(256).last().isEqualTo("WARNING message 255");
      clock.advance(Duration.ofHours(1));
      warnings.once("subject 999", "message 999");
      assertThat(logged.takeWithLevels()).containsExactly("WARNING message 999");
    }
  }
}
