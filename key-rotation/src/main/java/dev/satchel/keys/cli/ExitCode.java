package dev.satchel.keys.cli;

import dev.satchel.keys.KeyRingException;

/** What the command's exit codes mean. Scripts rely on them: they never change meaning. */
final class ExitCode {
  /** Done, or nothing to do. */
  static final int OK = 0;

  /** It did not work. */
  static final int ERROR = 1;

  /** It was asked in the wrong way. */
  static final int USAGE = 2;

  /** Something is there already, or somebody else was first. Nothing was changed. */
  static final int CONFLICT = 3;

  /** The store did not answer, or its answer got lost. Try again. */
  static final int UNAVAILABLE = 4;

  /** The ring or its policy forbids it, or is violated. */
  static final int POLICY = 5;

  private ExitCode() {}

  static int of(Throwable failure) {
    if (failure instanceof KeyRingException ring) {
      return switch (ring.reason()) {
        case EXISTS, CONFLICT -> CONFLICT;
        case UNAVAILABLE, UNKNOWN_OUTCOME -> UNAVAILABLE;
        case POLICY -> POLICY;
        case ABSENT, UNREADABLE -> ERROR;
      };
    }
    boolean usage =
        failure instanceof UsageException || failure instanceof IllegalArgumentException;
    return usage ? USAGE : ERROR;
  }
}
