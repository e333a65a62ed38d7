package dev.satchel.keys;

/**
 * Where a key is in its life (NIST SP 800-57 part 1 §7). A pure function of the ring document and
 * the time, never a stored flag. Constants are in the order of life: a key only ever moves down.
 */
public enum KeyPhase {
  /** Published ahead of its activation so that every node can learn it. Verifies, does not sign. */
  PRE_ACTIVATION(true),

  /** Signs and verifies. */
  ACTIVE(true),

  /** Its successor has taken over, or its {@code notAfter} has passed. Verifies, does not sign. */
  DEACTIVATED(true),

  /** No token of it can be alive. Neither signs nor verifies; erased by the next commit. */
  EXPIRED(false),

  /** Withdrawn by an operator before its time. Its material is gone, its tombstone stays. */
  REVOKED(false),

  /** Expired and erased. */
  DESTROYED(false);

  private final boolean verifies;

  KeyPhase(boolean verifies) {
    this.verifies = verifies;
  }

  /** Whether tokens of a key in this phase are accepted. */
  public boolean verifies() {
    return verifies;
  }
}
