package dev.satchel.keys.cli;

/** The command was called in a way it cannot be; exit code 2. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
