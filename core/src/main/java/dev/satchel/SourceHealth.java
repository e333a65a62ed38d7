package dev.satchel;

import java.util.Objects;

/** The plain form of {@link KeySource.Health}. */
record SourceHealth(KeySource.Health.Status status, String reason) implements KeySource.Health {
  SourceHealth {
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(reason, "reason");
  }
}
