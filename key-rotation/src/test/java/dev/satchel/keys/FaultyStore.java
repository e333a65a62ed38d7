package dev.satchel.keys;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** A store with switches. Counts what it is asked. */
final class FaultyStore implements KeyRingStore {
  private final KeyRingStore store;
  int reads;
  boolean down;
  boolean broken;
  boolean outOfMemory;
  boolean wiped;
  boolean readOnly;
  Optional<Stored> instead = Optional.empty();

  FaultyStore(KeyRingStore store) {
    this.store = store;
  }

  @Override
  public Optional<Stored> read() {
    reads++;
    fail();
    if (wiped) {
      return Optional.empty();
    }
    return instead.isPresent() ? instead : store.read();
  }

  @Override
  public OptionalLong probe() {
    fail();
    return wiped
        ? OptionalLong.empty()
        : instead.map(stored -> OptionalLong.of(stored.revision())).orElseGet(store::probe);
  }

  @Override
  public Commit compareAndSet(long expectedRevision, byte[] document) {
    fail();
    if (readOnly) {
      throw new KeyRingException(KeyRingException.Reason.UNAVAILABLE, "read-only");
    }
    return store.compareAndSet(expectedRevision, document);
  }

  @Override
  public Optional<Instant> time() {
    fail();
    return store.time();
  }

  private void fail() {
    if (outOfMemory) {
      throw new OutOfMemoryError("thrown by a test");
    }
    if (broken) {
      throw new IllegalStateException("a bug of a driver");
    }
    if (down) {
      throw new KeyRingException(KeyRingException.Reason.UNAVAILABLE, "no answer");
    }
  }

  @Override
  public String toString() {
    return "faulty";
  }
}
