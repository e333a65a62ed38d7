package dev.satchel.examples.outage;

import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The line between a node and the store, which a test can cut. Notes each look at the store that
 * was answered: when it began, and what revision it found.
 */
final class NodeLink implements KeyRingStore {
  private final KeyRingStore store;
  private final List<Look> looks = new ArrayList<>();
  private boolean cut;

  NodeLink(KeyRingStore store) {
    this.store = store;
  }

  /**
   * An answered look.
   *
   * @param began by {@link System#nanoTime}
   * @param whole whether it brought the ring, and not its revision alone
   */
  record Look(long began, long revision, boolean whole) {}

  /** From its return on nothing passes; what was under way has ended. */
  synchronized void cut() {
    cut = true;
  }

  synchronized void mend() {
    cut = false;
  }

  /**
   * How many looks the node took, of those that began at the instant or later, until it read this
   * revision or a later one.
   */
  synchronized int looksUntil(long revision, long from) {
    int count = 0;
    for (Look look : looks) {
      boolean has = look.whole && look.revision >= revision;
      if (look.began - from < 0) {
        if (has) {
          return 0;
        }
        continue;
      }
      count++;
      if (has) {
        return count;
      }
    }
    throw new IllegalStateException("never read");
  }

  private synchronized <T> T ask(Supplier<T> question) {
    if (cut) {
      throw new KeyRingException(KeyRingException.Reason.UNAVAILABLE, store + ": the line is cut");
    }
    return question.get();
  }

  private synchronized void note(Look look) {
    looks.add(look);
  }

  @Override
  public Optional<Stored> read() {
    long began = System.nanoTime();
    Optional<Stored> found = ask(store::read);
    note(new Look(began, found.map(Stored::revision).orElse(ABSENT), true));
    return found;
  }

  @Override
  public OptionalLong probe() {
    long began = System.nanoTime();
    OptionalLong found = ask(store::probe);
    note(new Look(began, found.orElse(ABSENT), false));
    return found;
  }

  @Override
  public Commit compareAndSet(long expectedRevision, byte[] document) {
    return ask(() -> store.compareAndSet(expectedRevision, document));
  }

  @Override
  public Optional<Instant> time() {
    return ask(store::time);
  }

  @Override
  public void close() {
    store.close();
  }

  @Override
  public String toString() {
    return store.toString();
  }
}
