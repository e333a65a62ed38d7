package dev.satchel.keys;

import dev.satchel.KeySource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a node with a {@link RotatingKeySource} is doing.
 *
 * @param status {@link Status#DOWN} where it should sign and cannot, or with {@link
 *     KeyRingAlarm#REVOCATIONS_STALE}; {@link Status#DEGRADED} where it is stale or has another
 *     alarm
 * @param epoch of the ring it holds
 * @param issuing id of the key it signs with; empty if it cannot
 * @param lastRead when the last successful read began
 * @param stale whether that is longer ago than the ring's staleness budget
 * @param clockOffset how far its clock was ahead of the store's when they were compared
 * @param alarms what else is wrong
 */
public record KeyRingHealth(
    Status status,
    long epoch,
    Optional<String> issuing,
    Optional<Instant> lastRead,
    boolean stale,
    Optional<Duration> clockOffset,
    Set<KeyRingAlarm> alarms)
    implements KeySource.Health {

  /** Copies the set. */
  public KeyRingHealth {
    alarms = Set.copyOf(alarms);
  }

  static Status status(boolean serves, boolean stale, Set<KeyRingAlarm> alarms) {
    if (!serves || alarms.contains(KeyRingAlarm.REVOCATIONS_STALE)) {
      return Status.DOWN;
    }
    return stale || !alarms.isEmpty() ? Status.DEGRADED : Status.UP;
  }

  @Override
  public String reason() {
    List<String> reasons = new ArrayList<>();
    if (issuing.isEmpty()) {
      reasons.add(
          stale
              ? "no key may sign here, since the ring could not be read for too long"
              : "no key of the ring may sign: run `satchel-keys rotate --emergency`");
    } else if (stale) {
      reasons.add("the ring could not be read for too long; sessions are cut short");
    }
    alarms.stream().sorted().map(KeyRingAlarm::advice).forEach(reasons::add);
    return String.join("; ", reasons);
  }
}
