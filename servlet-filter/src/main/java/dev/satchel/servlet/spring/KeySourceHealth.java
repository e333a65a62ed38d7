package dev.satchel.servlet.spring;

import dev.satchel.KeySource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * How the keys are doing, for Spring Boot. {@code DEGRADED} is no status of Spring's: it stands in
 * the details, and turns no application down, since sessions still work.
 */
final class KeySourceHealth implements HealthIndicator {
  private static final Status DEGRADED = new Status("DEGRADED", "sessions work, see the reason");

  private final KeySource keys;

  KeySourceHealth(KeySource keys) {
    this.keys = keys;
  }

  @Override
  public Health health() {
    KeySource.Health health = keys.health();
    Health.Builder answer =
        switch (health.status()) {
          case UP -> Health.up();
          case DEGRADED -> Health.status(DEGRADED);
          case DOWN -> Health.down();
        };
    if (!health.reason().isEmpty()) {
      answer.withDetail("reason", health.reason());
    }
    return answer.build();
  }
}
