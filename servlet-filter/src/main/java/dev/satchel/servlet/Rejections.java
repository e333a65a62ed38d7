package dev.satchel.servlet;

import dev.satchel.Decoded;
import dev.satchel.Rejection;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells of tokens that were not accepted: events of each, the log at DEBUG of each, and at WARNING
 * of those that a deployment in order does not see. For whoever looks for lost sessions, and whose
 * filter is configured where no events can be.
 */
final class Rejections {
  /**
   * Apart from attacks: keys, contexts, clocks, cookies of other hosts or releases do not match, or
   * something failed.
   */
  private static final Set<Rejection> UNORDINARY =
      EnumSet.of(
          Rejection.AMBIGUOUS,
          Rejection.KEY_NOT_YET_KNOWN,
          Rejection.UNAUTHENTIC,
          Rejection.UNKNOWN_KEY,
          Rejection.WRONG_CONTEXT,
          Rejection.UNREADABLE,
          Rejection.NOT_YET_VALID,
          Rejection.UNVERIFIABLE);

  private final SessionEvents events;
  private final Warnings warnings;

  Rejections(SessionEvents events, Warnings warnings) {
    this.events = events;
    this.warnings = warnings;
  }

  void tell(Decoded.Rejected rejected) {
    tell(rejected.reason(), rejected.keyId().orElse(null), rejected.cause().orElse(null));
  }

  /**
   * @param keyId the key that the token named, if this node holds it
   * @param cause what failed, if the token is not to blame
   */
  void tell(Rejection reason, @Nullable String keyId, @Nullable RuntimeException cause) {
    events.rejected(reason, keyId);
    if (Warnings.LOGGER.isLoggable(System.Logger.Level.DEBUG)) {
      Warnings.LOGGER.log(
          System.Logger.Level.DEBUG,
          "a session token was rejected as "
              + reason
              + (keyId == null ? "" : ", key '" + keyId + "'"));
    }
    if (UNORDINARY.contains(reason)) {
      warnings.once(
          "rejected " + reason,
          "a session token was rejected as "
              + reason
              + (reason.isTemporary() ? "; such requests are answered 503" : "")
              + (cause == null ? "" : ": " + cause));
    }
  }

  /** Of a request none of whose tokens counts: parts that make none, or too many. */
  void tellOfFault(Rejection fault) {
    tell(fault, null, null);
    if (!UNORDINARY.contains(fault)) {
      warnings.once(
          "parts " + fault,
          "parts of a session cookie that make no token were rejected as " + fault);
    }
  }
}
