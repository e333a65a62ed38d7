package dev.satchel;

/**
 * Carries a reason out of the decode pipeline; never leaves {@link TokenCodec}. Without a stack
 * trace: a flood of bad tokens must be cheap.
 */
final class RejectedTokenException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Rejection reason;

  RejectedTokenException(Rejection reason) {
    super(reason.name(), null, false, false);
    this.reason = reason;
  }

  Rejection reason() {
    return reason;
  }
}
