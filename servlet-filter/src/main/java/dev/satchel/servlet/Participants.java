package dev.satchel.servlet;

import dev.satchel.SessionState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The requests that share one live session, nearly always one, and which of them has to tell its
 * client what (BEHAVIOUR.md 77). The monitor is taken when a request comes, goes or writes; who
 * only looks reads the volatile array.
 */
final class Participants {
  private static final Participation[] NOBODY = {};

  private volatile String id;
  private volatile Participation[] all;

  /** The one that speaks for the session when all have gone (BEHAVIOUR.md 21). */
  private volatile Participation latest;

  private final Lineage lineage = new Lineage();

  /** The state that a client holds or was last sent; null where it was never written. */
  private @Nullable SessionState sent;

  /** The state that could not be written, of which the request that made it has heard. */
  private @Nullable SessionState unwritable;

  Participants(String id, SessionExchange first, @Nullable SessionState written, boolean reissue) {
    this.id = id;
    latest = new Participation(this, first, written, reissue);
    all = new Participation[] {latest};
    sent = written;
  }

  /** Notes a token that stands for what is known here. */
  synchronized void follow(String token) {
    lineage.add(token);
  }

  /** Whether the token was read or written here since the session has its id. */
  synchronized boolean hasSeen(String token) {
    return lineage.has(token);
  }

  /** Whether the last request has gone, so that nobody may join any more. */
  boolean isEmpty() {
    return all.length == 0;
  }

  /** The session's id. */
  String id() {
    return id;
  }

  synchronized void add(SessionExchange exchange, @Nullable SessionState written, boolean reissue) {
    add(new Participation(this, exchange, written, reissue));
  }

  /** Takes in a request; also one that had left, with what it knew when it did. */
  synchronized void add(Participation newcomer) {
    if (of(newcomer.exchange()) != null) {
      return;
    }
    Participation[] more = Arrays.copyOf(all, all.length + 1);
    more[more.length - 1] = newcomer;
    all = more;
    latest = newcomer;
  }

  /**
   * Takes the request out, if it is in.
   *
   * @return whether it was the last
   */
  synchronized boolean remove(SessionExchange exchange) {
    if (of(exchange) == null) {
      return false;
    }
    if (all.length == 1) { // nearly always
      all = NOBODY;
      return true;
    }
    all = Arrays.stream(all).filter(p -> p.exchange() != exchange).toArray(Participation[]::new);
    return false;
  }

  /** The request's part; null if it has none, or none any more. */
  @Nullable Participation of(SessionExchange exchange) {
    for (Participation participation : all) {
      if (participation.exchange() == exchange) {
        return participation;
      }
    }
    return null;
  }

  /**
   * The request on whose behalf the calling thread acts: the only one there is; the one that this
   * thread dispatches; null where several requests share the session and the thread is none of
   * theirs, as the application's own threads in asynchronous processing.
   */
  @Nullable Participation here() {
    Participation[] now = all;
    if (now.length == 0) {
      return latest;
    }
    if (now.length == 1) {
      return now[0];
    }
    for (Participation participation : now) {
      if (participation.exchange().isOnThisThread()) {
        return participation;
      }
    }
    return null;
  }

  /** The one that joined last. */
  Participation latest() {
    return latest;
  }

  /** Notes that the session is used. */
  void touch() {
    Participation here = here();
    if (here != null) {
      here.exchange().touch();
      return;
    }
    for (Participation participation : all) {
      participation.exchange().touch();
    }
  }

  /**
   * Notes a change by a thread that belongs to none of the requests: all that are open will try to
   * bring it to their clients.
   *
   * @return whether one is
   */
  boolean oweAll() {
    boolean open = false;
    for (Participation participation : all) {
      if (participation.isOpen()) {
        participation.owe();
        open = true;
      }
    }
    return open;
  }

  /**
   * The session has another id: only this request may tell its client, of all there were.
   *
   * @return whether a client may hold a token of the old id
   */
  synchronized boolean renewed(String newId, Participation by) {
    boolean held = isHeld();
    id = newId;
    lineage.clear();
    by.renewed();
    return held;
  }

  /** Whether a token of the session's id was read from a client or written to a response. */
  synchronized boolean isHeld() {
    return !lineage.isEmpty();
  }

  /** Whether this request's response is to bring this state to its client. */
  synchronized boolean isDue(SessionState state, SessionExchange exchange) {
    Participation participation = of(exchange);
    return participation != null && participation.isDue(state, state != sent);
  }

  /**
   * Whether this state was sent to nobody, and no other request is left to do it; the last one to
   * go answers for all.
   */
  synchronized boolean isLost(SessionState state, SessionExchange exchange) {
    for (Participation participation : all) {
      if (participation.exchange() != exchange && participation.isOpen()) {
        return false;
      }
    }
    return state != sent;
  }

  /** The state that a client holds or was last sent; null where it was never written. */
  synchronized @Nullable SessionState sent() {
    return sent;
  }

  /** The session has gone back to the state that it was loaded with, or to its content. */
  synchronized void rolledBack(SessionState loaded) {
    for (Participation participation : all) {
      participation.rollBack(loaded);
    }
    sent = loaded;
  }

  /** Notes that this request's client is sent this state. */
  synchronized void markWritten(SessionState state, String token, SessionExchange exchange) {
    Participation participation = of(exchange);
    if (participation != null) {
      participation.markWritten(state);
      sent = state;
      lineage.add(token);
    }
  }

  /**
   * Notes that the state could not be written to this request's response.
   *
   * @return whether that is no loss to this request: its client holds the state already and would
   *     only be sent a fresher token, or the request that changed the session has heard of it
   */
  synchronized boolean isNoLoss(SessionState state, SessionExchange exchange) {
    Participation participation = of(exchange);
    if (participation == null) {
      return true;
    }
    if (participation.isOnlyReissue(state, state != sent && state != unwritable)) {
      participation.markWritten(state);
      return true;
    }
    participation.owe(); // so that the next attempt is this request's affair again
    unwritable = state;
    return false;
  }
}
