package dev.satchel.keys.redis;

/** A server did not do what it was asked, or nobody knows. Has no cause: it could name users. */
final class NoAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean nothingDone;

  NoAnswerException(String message, boolean nothingDone) {
    super(message);
    this.nothingDone = nothingDone;
  }

  /** Whether the server certainly did nothing, now and later. */
  boolean isNothingDone() {
    return nothingDone;
  }
}
