package dev.satchel.servlet;

import dev.satchel.Rejection;

/**
 * The client's token may be good, but this node cannot tell now. Ends in the same 503 as a missing
 * key to seal with: to go on would show a user who is signed in as a stranger, and keep a sign-in
 * or a sign-out to itself.
 */
final class SessionNotKnownYetException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final Rejection reason;

  SessionNotKnownYetException(Rejection reason) {
    super(
        "the client's session cannot be told now ("
            + reason
            + "); the client keeps its token, the answer is 503");
    this.reason = reason;
  }

  Rejection reason() {
    return reason;
  }
}
