package dev.satchel;

import org.jspecify.annotations.Nullable;

/**
 * Carries a reason out of the decode pipeline; never leaves {@link TokenCodec}. Without a stack
 * trace: a flood of bad tokens must be cheap.
 */
final class RejectedTokenException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Rejection reason;
  private final transient @Nullable RuntimeException failure;

  RejectedTokenException(Rejection reason) {
    this(reason, null);
  }

  /**
   * @param failure says what is wrong, in words that hold nothing of the token
   */
  RejectedTokenException(Rejection reason, @Nullable RuntimeException failure) {
    super(reason.name(), null, false, false);
    this.reason = reason;
    this.failure = failure;
  }

  Rejection reason() {
    return reason;
  }

  @Nullable RuntimeException failure() {
    return failure;
  }
}
