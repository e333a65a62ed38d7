package dev.satchel.servlet;

import dev.satchel.SessionState;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of a live session that the requests which share it have to do with (BEHAVIOUR.md 77):
 * who may join, what has to be said to whose client, and who may change it when. What the
 * application sees of it is a {@link TokenHttpSession}.
 */
final class SharedSession {
  /** What came of a request's wish to share a live session. */
  enum Joining {
    JOINED,
    /** The last request has left, or the session has another id by now. */
    GONE,
    /** The request's token was written by another node and holds what is not known here. */
    OTHER_LINE
  }

  /** What a new id came to. */
  record Renewal(SessionState before, SessionState state) {}

  private final SessionAttributes attributes;
  private final Participants participants;
  private final SessionState loaded;
  private volatile boolean isNew;

  /** Under the ids that clients may hold tokens of while no response has said the new one. */
  private volatile List<SessionState> left = List.of();

  /**
   * @param written what the first request's client holds; null if nothing yet
   * @param reissue whether that is due to be written afresh
   */
  SharedSession(
      SessionExchange first,
      SessionAttributes attributes,
      @Nullable SessionState written,
      boolean reissue) {
    this.attributes = attributes;
    this.loaded = attributes.state();
    this.participants = new Participants(loaded.id(), first, written, reissue);
    this.isNew = written == null;
  }

  /** The requests that share this session. */
  Participants participants() {
    return participants;
  }

  /** Whether no client has sent it back yet. */
  boolean isNew() {
    return isNew;
  }

  /**
   * Lets another request share this session, if its token holds nothing that is not known here: it
   * is one of this session's own, or older. And if it is of the same subject: where an application
   * signs in without giving the session a new id, who has planted the token of before is not let
   * into the session of after, nor is one by whose token a revoked subject's session is not known.
   */
  Joining join(SessionExchange exchange, SessionState state, boolean reissue, String token) {
    synchronized (participants) {
      if (participants.isEmpty() || !participants.id().equals(state.id())) {
        return Joining.GONE;
      }
      if (!Objects.equals(state.subject().orElse(null), attributes.subject())) {
        return Joining.OTHER_LINE;
      }
      // Of one age is not older: where its clock is behind, another node stamps what it writes with
      // the time of the token before.
      if (!participants.hasSeen(token)
          && !state.lastAccessedAt().isBefore(loaded.lastAccessedAt())) {
        return Joining.OTHER_LINE;
      }
      isNew = false;
      participants.add(exchange, state, reissue);
      return Joining.JOINED;
    }
  }

  /**
   * Undoes what was done to a session that came with the request; for one that requests do not
   * share. What its response says already is said again.
   *
   * @return what the session is again, but for its id
   */
  SessionState rollBack() {
    synchronized (participants) {
      attributes.rollBack(loaded);
      participants.rolledBack(loaded);
    }
    return loaded;
  }

  /**
   * Gives the session a new id. Requests that share it and came with the old one keep it, as in
   * containers, but their clients are not told of the new id.
   */
  Renewal renewId(Participation by, UnaryOperator<SessionState> renewal) {
    beforeChange("id (changeSessionId)", by);
    synchronized (participants) {
      if (by.isBarred()) { // whatever the filter is set to: nobody would be told the new id
        throw new IllegalStateException(
            "session: changeSessionId() after an overlapping request changed the session's id");
      }
      SessionState before = attributes.state();
      SessionState renewed = attributes.update(renewal);
      if (participants.renewed(renewed.id(), by)) {
        // Nearly always the only one: what has not been sent is held by nobody.
        left = Stream.concat(left.stream(), Stream.of(before)).toList();
      }
      return new Renewal(before, renewed);
    }
  }

  /**
   * What the session was under the ids that it left, as long as no response has said the new one:
   * until then their tokens are good, since they may be all that the client will have.
   */
  List<SessionState> left() {
    return left;
  }

  /** As {@link #left}, for who says the new id, or ends the session; once. */
  List<SessionState> takeLeft() {
    if (left.isEmpty()) { // nearly always
      return left;
    }
    synchronized (participants) {
      List<SessionState> taken = left;
      left = List.of();
      return taken;
    }
  }

  /** The state to write to this request's response, or null where the token may stay as it is. */
  @Nullable SessionState stateToWrite(
      SessionExchange exchange, SessionAttributes.PassivationObserver around) {
    SessionState next = attributes.flush(around);
    return participants.isDue(next, exchange) ? next : null;
  }

  /** Attributes changed in place so late that no response can say it any more. */
  List<String> lostChanges(SessionExchange exchange, SessionAttributes.PassivationObserver around) {
    SessionState last = attributes.flush(around);
    return participants.isLost(last, exchange)
        ? attributes.changedSince(participants.sent())
        : List.of();
  }

  /** Whether another request has given the session an id that this one's client is not told. */
  boolean isBarred(SessionExchange exchange) {
    Participation participation = participants.of(exchange);
    return participation != null && participation.isBarred();
  }

  /** Called before an attribute is set, or with null removed. */
  void beforeAttributeChange(String name, @Nullable Object value) {
    Participation here = participants.here();
    if (here != null && here.canCarry()) {
      here.owe();
    } else if (here == null || attributes.wouldChange(name, value)) {
      beforeChange("attribute " + Warnings.quoted(name), here);
    }
  }

  /**
   * Called before each other change.
   *
   * @throws IllegalStateException if no client can be told of it
   */
  void beforeChange(String change) {
    beforeChange(change, participants.here());
  }

  /** Whoever changes the session has to tell its client, or hears that it cannot. */
  private void beforeChange(String change, @Nullable Participation here) {
    if (here == null && participants.oweAll()) {
      return;
    }
    Participation teller = here == null ? participants.latest() : here;
    teller.exchange().commitPoint().beforeChange(change, teller.isBarred());
    teller.owe();
  }
}
