package dev.satchel.keys;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A store that lives and dies with its process: for tests, and for an application of one node. */
public final class MemoryKeyRingStore implements KeyRingStore {
  private final AtomicReference<@Nullable Stored> stored = new AtomicReference<>();
  private final InstantSource clock;
  private final NodeReports reports;
  private final RevocationLog revocations;

  /** An empty store with this clock. */
  public MemoryKeyRingStore(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    this.reports = new MemoryNodeReports(clock);
    this.revocations = new MemoryRevocationLog(clock);
  }

  @Override
  public Optional<Stored> read() {
    return Optional.ofNullable(stored.get());
  }

  @Override
  public Commit compareAndSet(long expectedRevision, byte[] document) {
    if (document.length > MAX_DOCUMENT_BYTES) {
      throw new KeyRingException(
          KeyRingException.Reason.POLICY,
          this
              + ": the document has "
              + document.length
              + " bytes, allowed are "
              + MAX_DOCUMENT_BYTES);
    }
    Stored current = stored.get();
    long revision = current == null ? ABSENT : current.revision();
    if (revision != expectedRevision) {
      return Commit.CONFLICT;
    }
    Stored next = new Stored(revision + 1, document, Optional.of(clock.instant()));
    return stored.compareAndSet(current, next) ? Commit.COMMITTED : Commit.CONFLICT;
  }

  @Override
  public Optional<Instant> time() {
    return Optional.of(clock.instant());
  }

  @Override
  public Optional<NodeReports> nodeReports() {
    return Optional.of(reports);
  }

  @Override
  public Optional<RevocationLog> revocationLog() {
    return Optional.of(revocations);
  }

  @Override
  public String toString() {
    return "memory";
  }
}
