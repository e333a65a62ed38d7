package dev.satchel.servlet;

import dev.satchel.SessionState;
import org.jspecify.annotations.Nullable;

/**
 * One request's part in a session that it may share with requests it overlaps (BEHAVIOUR.md 77):
 * what its client holds, and what its response has yet to say. Guarded by the session's {@link
 * Participants}, except where volatile.
 */
final class Participation {
  private final SessionExchange exchange;

  /** What this request's client holds or was sent with its response; null if nothing yet. */
  private @Nullable SessionState written;

  private boolean reissue;

  /** Whether this request changed the session since its response last said so. */
  private volatile boolean owes;

  private final Participants participants;

  /** The id of the session that this request came with, or gave it. */
  private volatile String id;

  Participation(
      Participants participants,
      SessionExchange exchange,
      @Nullable SessionState written,
      boolean reissue) {
    this.participants = participants;
    this.exchange = exchange;
    this.id = participants.id();
    this.written = written;
    this.reissue = reissue;
  }

  SessionExchange exchange() {
    return exchange;
  }

  /**
   * Whether another request gave the session a new id. This request's client is then told nothing
   * of it any more, error pages and asynchronous dispatches included: its token is of the old id,
   * and who sent it may be the one that the new id was meant to shut out. A request that a thief
   * holds open with a token of before the sign-in must not be handed one of after it.
   */
  boolean isBarred() {
    return !id.equals(participants.id());
  }

  /** This request gave the session the id that it has. */
  void renewed() {
    id = participants.id();
  }

  /** Whether this request's response can still bring a change to its client. For its own thread. */
  boolean canCarry() {
    return !isBarred() && !exchange.commitPoint().isPast();
  }

  /**
   * Whether the request goes on. For threads of other requests, which must not ask the container's
   * response: it may be recycled under their hands.
   */
  boolean isOpen() {
    return !isBarred() && !exchange.isOver();
  }

  /** Notes that this request has changed the session. */
  void owe() {
    owes = true;
  }

  /** Whether the response is to bring this state to the client. */
  boolean isDue(SessionState state, boolean sentByNobody) {
    return !isBarred() && ((owes || sentByNobody) && state != written || reissue);
  }

  /** Whether the client holds this state, or another request's response brings it. */
  boolean isOnlyReissue(SessionState state, boolean sentByNobody) {
    return state == written || !owes && !sentByNobody;
  }

  /** What the response says by now has to be said again, if it is not this. */
  void rollBack(SessionState loaded) {
    reissue |= written != loaded;
    written = loaded;
    owes = false;
  }

  void markWritten(SessionState state) {
    written = state;
    reissue = false;
    owes = false;
  }
}
