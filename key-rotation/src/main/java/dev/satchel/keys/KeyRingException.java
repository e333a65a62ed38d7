package dev.satchel.keys;

import java.util.Objects;

/**
 * A ring cannot be read or changed. Messages name the store, the reason and the way out, and hold
 * neither secrets nor bytes of a document.
 */
public final class KeyRingException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** An exception without a cause. */
  public KeyRingException(Reason reason, String message) {
    super(message);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /** An exception with its cause, which must not carry secrets either. */
  public KeyRingException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /** What is the matter. */
  public Reason reason() {
    return reason;
  }

  /** What can be the matter with a ring. None of them ever means "empty" (I7). */
  public enum Reason {
    /**
     * The store answered, and there is definitely no ring. Create one, or look for a wrong
     * location.
     */
    ABSENT,
    /** A ring is already there, and creating one would replace it. */
    EXISTS,
    /** Somebody else changed the ring first. Read it again and decide anew. */
    CONFLICT,
    /** The commit was sent and its outcome never came back. Read the ring before trying again. */
    UNKNOWN_OUTCOME,
    /** The store did not answer, or refused to be used as it is set up. Retry later. */
    UNAVAILABLE,
    /**
     * The ring is there but damaged, sealed under another key, or of another release or
     * application.
     */
    UNREADABLE,
    /** The ring or its policy forbids what was asked for. */
    POLICY
  }
}
