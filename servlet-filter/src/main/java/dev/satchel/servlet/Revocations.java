package dev.satchel.servlet;

import dev.satchel.RevocationCheck;
import dev.satchel.SessionRevocations;
import dev.satchel.SessionState;
import dev.satchel.TokenCodec;
import org.jspecify.annotations.Nullable;

/**
 * What this filter has to do with sessions that end before their time: asks whether one did, and
 * tells of those that it ends itself. The list is that of the key source, or of the application if
 * it set a check of its own, which may be a list or not.
 */
final class Revocations {
  private final RevocationCheck check;
  private final @Nullable SessionRevocations list;
  private final TokenCodec codec;
  private final Warnings warnings;

  private Revocations(
      RevocationCheck check,
      @Nullable SessionRevocations list,
      TokenCodec codec,
      Warnings warnings) {
    this.check = check;
    this.list = list;
    this.codec = codec;
    this.warnings = warnings;
  }

  static Revocations of(FilterSettings settings, TokenCodec codec, Warnings warnings) {
    RevocationCheck own = settings.revocationCheck;
    SessionRevocations list =
        own == null
            ? settings.keySource.revocations().orElse(null)
            : own instanceof SessionRevocations shared ? shared : null;
    RevocationCheck check = own != null ? own : list != null ? list : RevocationCheck.none();
    return new Revocations(check, list, codec, warnings);
  }

  /** As the codec has it. */
  RevocationCheck check() {
    return check;
  }

  /** The list; null where a session that ends is told to nobody. */
  @Nullable SessionRevocations list() {
    return list;
  }

  /**
   * Revokes the session under the id that it has in this state. Never throws: whoever signs out is
   * signed out, whatever can be remembered of it.
   */
  void revoke(SessionState state) {
    if (list == null) {
      return;
    }
    try {
      list.revoke(state.id(), codec.endOf(state));
    } catch (RuntimeException e) {
      warnings.once(
          "not revoked " + e.getClass(),
          "session: an ended session could not be revoked, so copies of its tokens work on: " + e);
    }
  }
}
