package dev.satchel.keys;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** A wall clock and a monotonic clock that only move when told to. */
public final class ManualTime implements InstantSource {
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private volatile Instant now = START;
  private volatile long nanos = 1_000;

  @Override
  public Instant instant() {
    return now;
  }

  public LongSupplier monotonic() {
    return () -> nanos;
  }

  public void advance(Duration duration) {
    now = now.plus(duration);
    nanos += duration.toNanos();
  }

  /** Sets the wall clock only, as an operator or NTP does. */
  public void setWall(Instant instant) {
    now = instant;
  }
}
