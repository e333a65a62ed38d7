package dev.satchel;

/**
 * No key may issue tokens now: the ring is empty, has only verifying keys, or could not be
 * refreshed for too long.
 */
public final class NoUsableKeyException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  NoUsableKeyException(String message) {
    super(message);
  }
}
