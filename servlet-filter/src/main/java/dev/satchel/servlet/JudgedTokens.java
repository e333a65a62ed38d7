package dev.satchel.servlet;

import dev.satchel.Decoded;
import dev.satchel.Rejection;
import dev.satchel.SessionState;
import dev.satchel.TokenCodec;
import org.jspecify.annotations.Nullable;

/**
 * What the tokens that came with one request stand for. Several cookies of our name: one good one
 * among bad ones is it, two good ones of one session give the later, two sessions none
 * (BEHAVIOUR.md 33). A sibling host can set a second cookie, but cannot make one that is accepted.
 */
final class JudgedTokens {
  private @Nullable Rejection fault;
  private Decoded.@Nullable Accepted best;
  private String bestToken = "";
  private Decoded.@Nullable Rejected worst;
  private Decoded.@Nullable Rejected temporary;
  private @Nullable SessionState expired;

  JudgedTokens(PresentedTokens presented, TokenCodec codec) {
    fault = presented.fault();
    if (fault != null) {
      return;
    }
    for (String token : presented.candidates()) {
      Decoded decoded = codec.decode(token);
      if (decoded instanceof Decoded.Accepted accepted) {
        if (best != null && !best.state().id().equals(accepted.state().id())) {
          fault = Rejection.AMBIGUOUS;
          return;
        }
        if (best == null || isLater(accepted.state(), best.state())) {
          best = accepted;
          bestToken = token;
        }
      } else if (decoded instanceof Decoded.Rejected rejected) {
        temporary = rejected.reason().isTemporary() ? rejected : temporary;
        worst = worst == null || rejected.reason() == Rejection.REVOKED ? rejected : worst;
        expired = expired == null ? rejected.expired().orElse(null) : expired;
      }
    }
  }

  private static boolean isLater(SessionState one, SessionState other) {
    return one.lastAccessedAt().isAfter(other.lastAccessedAt());
  }

  /** Why none of them counts, whatever each of them is; null if nothing is wrong with them all. */
  @Nullable Rejection fault() {
    return fault;
  }

  /** The one that counts; null if none does. Not to be asked where there is a fault. */
  Decoded.@Nullable Accepted best() {
    return best;
  }

  /** The text of the one that counts. */
  String bestToken() {
    return bestToken;
  }

  /** Why one that may be good could not be told so; null if there is none such. */
  Decoded.@Nullable Rejected temporary() {
    return temporary;
  }

  /** Why the last one that is revoked was rejected, or else the first; null if none was. */
  Decoded.@Nullable Rejected worst() {
    return worst;
  }

  /** The session of one whose time is over; null if there is none such. */
  @Nullable SessionState expired() {
    return expired;
  }
}
