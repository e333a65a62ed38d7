package dev.satchel.servlet;

import dev.satchel.RevocationCheck;
import dev.satchel.SessionPolicy;
import dev.satchel.SessionRevocations;
import dev.satchel.SessionState;
import dev.satchel.TokenCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this filter has to do with sessions that end before their time: asks whether one did, and
 * tells of those that it ends itself. Asked are the application's own check, if it set one, and the
 * list of the key source, if it brings one; told is the list, which is the application's check
 * where that is one.
 */
final class Revocations {
  private final RevocationCheck check;
  private final @Nullable SessionRevocations list;
  private final SessionPolicy policy;
  private final TokenCodec codec;
  private final Warnings warnings;

  private Revocations(
      RevocationCheck check,
      @Nullable SessionRevocations list,
      SessionPolicy policy,
      TokenCodec codec,
      Warnings warnings) {
    this.check = check;
    this.list = list;
    this.policy = policy;
    this.codec = codec;
    this.warnings = warnings;
  }

  static Revocations of(
      FilterSettings settings, SessionPolicy policy, TokenCodec codec, Warnings warnings) {
    SessionRevocations list =
        settings.revocationCheck instanceof SessionRevocations own
            ? own
            : settings.keySource.revocations().orElse(null);
    return new Revocations(check(settings, policy), list, policy, codec, warnings);
  }

  /**
   * All that there is to ask, the application's own first.
   *
   * @throws IllegalArgumentException if sessions may live longer than the key source's revocations
   */
  static RevocationCheck check(FilterSettings settings, SessionPolicy policy) {
    RevocationCheck own = settings.revocationCheck;
    SessionRevocations shared = settings.keySource.revocations().orElse(null);
    if (shared == null || shared == own) {
      return own == null ? RevocationCheck.none() : own;
    }
    Duration longest = shared.longestLifetime();
    if (policy.absoluteLifetime().compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "absoluteLifetime of sessions is "
              + policy.absoluteLifetime()
              + ", allowed with the revocations of "
              + settings.keySource
              + " is at most "
              + longest
              + ": longer ones would outlive a sign-out");
    }
    return own == null ? shared : state -> own.isRevoked(state) || shared.isRevoked(state);
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
   * Whether the list has one of them. Not asked is an application's own check, which may have been
   * told of the ids by {@link SessionEvents#renewed}.
   */
  boolean lists(List<SessionState> states) {
    return list != null && !states.isEmpty() && states.stream().anyMatch(list::isRevoked);
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
      list.revoke(state, endOf(state, list));
    } catch (RuntimeException e) {
      notRevoked(state, e);
    }
  }

  /**
   * Revokes the id that the session had in the first state, as it has that of the second from now
   * on. Never throws.
   */
  void renewed(SessionState before, SessionState after) {
    if (list == null) {
      return;
    }
    try {
      list.renewed(before, after, endOf(before, list));
    } catch (RuntimeException e) {
      notRevoked(before, e);
    }
  }

  /**
   * By the longest lifetime there may be: during a rolling change another node may have written
   * tokens of this session that live longer than this node's policy says.
   */
  private Instant endOf(SessionState state, SessionRevocations told) {
    Instant ours = codec.endOf(state);
    Instant longest = state.createdAt().plus(told.longestLifetime()).plus(policy.clockSkew());
    return ours.isAfter(longest) ? ours : longest;
  }

  private void notRevoked(SessionState state, RuntimeException e) {
    boolean signedIn = state.subject().isPresent();
    warnings.once(
        "not revoked " + signedIn + " " + e.getClass(),
        "session: an ended session "
            + (signedIn ? "" : "of nobody ")
            + "could not be revoked, so copies of its tokens work on: "
            + e);
  }
}
