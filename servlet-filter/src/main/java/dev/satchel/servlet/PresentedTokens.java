package dev.satchel.servlet;

import dev.satchel.Rejection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request bears under our name, unread: the candidate tokens, or why there can be none. */
final class PresentedTokens {
  static final PresentedTokens NONE = new PresentedTokens(List.of(), null, 0, false);

  private final List<String> candidates;
  private final @Nullable Rejection fault;
  private final int parts;
  private final boolean plainHttp;

  private PresentedTokens(
      List<String> candidates, @Nullable Rejection fault, int parts, boolean plainHttp) {
    this.candidates = candidates;
    this.fault = fault;
    this.parts = parts;
    this.plainHttp = plainHttp;
  }

  /** Tokens to try. Bit n of {@code parts} says that the client holds the cookie's part n. */
  static PresentedTokens of(List<String> candidates, int parts) {
    return new PresentedTokens(List.copyOf(candidates), null, parts, false);
  }

  /** Something under our name that is refused before any token is looked at. */
  static PresentedTokens refused(Rejection fault, int parts) {
    return new PresentedTokens(List.of(), fault, parts, false);
  }

  /** The same on a connection that is not secure, which the cookie goes by then (68). */
  PresentedTokens onPlainHttp() {
    return new PresentedTokens(candidates, fault, parts, true);
  }

  /** Whether an answer's cookie must do without {@code Secure}. */
  boolean isOnPlainHttp() {
    return plainHttp;
  }

  List<String> candidates() {
    return candidates;
  }

  @Nullable Rejection fault() {
    return fault;
  }

  /** Whether the client sent something that stands for a session, be it good or bad. */
  boolean isPresent() {
    return fault != null || !candidates.isEmpty();
  }

  /** Whether the client holds anything of ours, be it only a part that stands for nothing. */
  boolean isHeld() {
    return parts != 0;
  }

  /** Whether the client holds this part of the cookie. */
  boolean hasPart(int part) {
    return (parts & 1 << part) != 0;
  }

  /** Counts only: tokens are credentials. */
  @Override
  public String toString() {
    return "PresentedTokens[candidates=" + candidates.size() + ", fault=" + fault + "]";
  }
}
