package dev.satchel.keys;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Stands before another store, which can be exchanged, and passes on reads, changes and the time,
 * where subclasses leave them. The rest, such as reports and revocations, is the interface's own.
 */
public class PassingStore implements KeyRingStore {
  KeyRingStore to;

  public PassingStore(KeyRingStore to) {
    this.to = to;
  }

  @Override
  public Optional<Stored> read() {
    return to.read();
  }

  @Override
  public OptionalLong probe() {
    return to.probe();
  }

  @Override
  public Commit compareAndSet(long expectedRevision, byte[] document) {
    return to.compareAndSet(expectedRevision, document);
  }

  @Override
  public Optional<Instant> time() {
    return to.time();
  }

  @Override
  public String toString() {
    return to + ", by way of another";
  }
}
