package dev.satchel.servlet.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** A number alone is seconds, as in {@code server.servlet.session.timeout}. */
class IssueDurationUnitTest {
  @Test
  @DisplayName("durations without a unit are seconds, all of them; others are what they say")
  void seconds() {
    Map<String, String> properties =
        Map.of(
            "satchel.absolute-lifetime", "7200",
            "satchel.idle-timeout", "1800",
            "satchel.clock-skew", "10",
            "satchel.cookie-max-age", "86400");
    assertThat(parameters(properties))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "absoluteLifetime", Duration.ofHours(2).toString(),
                "idleTimeout", Duration.ofMinutes(30).toString(),
                "clockSkew", Duration.ofSeconds(10).toString(),
                "cookieMaxAge", Duration.ofDays(1).toString()));
    assertThat(parameters(Map.of("satchel.idle-timeout", "20m"))).containsValue("PT20M");
    assertThat(parameters(Map.of("satchel.idle-timeout", "PT1H"))).containsValue("PT1H");
  }

  private static Map<String, String> parameters(Map<String, String> properties) {
    return new TreeMap<>(
        new Binder(new MapConfigurationPropertySource(properties))
            .bind("satchel", SatchelProperties.class)
            .get()
            .asParameters());
  }
}
