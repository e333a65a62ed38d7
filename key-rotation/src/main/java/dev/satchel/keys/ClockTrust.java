package dev.satchel.keys;

/** What a comparison with the store's clock said about a node's own wall clock. */
enum ClockTrust {
  /** The two were close enough. */
  AGREES,
  /** They were not. */
  OFF,
  /** The store did not answer, or so slowly that nothing follows: asked again at the next read. */
  UNKNOWN,
  /** The store has no clock. */
  NO_CLOCK;

  /** Rule N3(b): a date of publication counts by a clock that is known to be good, and no other. */
  boolean provesDates() {
    return this == AGREES;
  }

  /**
   * I4: whether the date of the key to fall back on has come; better a guess than no key at all.
   */
  boolean allowsFallback() {
    return this != OFF;
  }
}
