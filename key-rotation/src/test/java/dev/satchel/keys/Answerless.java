package dev.satchel.keys;

/** A store whose answers to commits get lost, with the commit or without. */
final class Answerless extends PassingStore {
  private final boolean applies;

  Answerless(KeyRingStore store, boolean applies) {
    super(store);
    this.applies = applies;
  }

  @Override
  public Commit compareAndSet(long expectedRevision, byte[] document) {
    if (applies) {
      super.compareAndSet(expectedRevision, document);
    }
    return Commit.UNKNOWN;
  }
}
