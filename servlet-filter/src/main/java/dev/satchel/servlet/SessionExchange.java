package dev.satchel.servlet;

import dev.satchel.Decoded;
import dev.satchel.Rejection;
import dev.satchel.SessionState;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, as far as the session goes; shared by all wrappers and dispatches
 * of the request. Reads the client's token when somebody first asks for the session, and never
 * before.
 */
final class SessionExchange {
  private final FilterSetup setup;
  private final PresentedTokens presented;
  private final CommitPoint commitPoint = new CommitPoint(this);
  private final BodyMeter meter = new BodyMeter();

  private volatile HttpServletResponse response;
  private volatile boolean lookedAt;
  private volatile boolean touched;
  private volatile boolean over;
  private volatile boolean left;
  private volatile boolean inErrorDispatch;

  /**
   * Open dispatches. Counted without a lock, since a container runs the dispatches of one request
   * one after the other.
   */
  private volatile int depth;

  private volatile boolean wrapsAsync;

  /** The thread that is in a dispatch of this request; null between dispatches. */
  private volatile @Nullable Thread dispatching;

  private boolean resolved;
  private volatile boolean refused;
  private volatile @Nullable SessionNotKnownYetException notKnownYet;
  private volatile @Nullable TokenHttpSession loaded;
  private volatile @Nullable TokenHttpSession session;
  private volatile @Nullable Participation participation;

  SessionExchange(FilterSetup setup, PresentedTokens presented, HttpServletResponse response) {
    this.setup = setup;
    this.presented = presented;
    this.response = response;
  }

  FilterSetup setup() {
    return setup;
  }

  PresentedTokens presented() {
    return presented;
  }

  /** What was written to the body; in one count, since its dispatches share the buffer. */
  BodyMeter meter() {
    return meter;
  }

  CommitPoint commitPoint() {
    return commitPoint;
  }

  /**
   * The response as it was when the filter was entered. Session headers go here and not through our
   * wrapper's {@code super}: during an include Tomcat puts a response under our wrapper that
   * ignores headers (BEHAVIOUR.md F3, 45).
   */
  HttpServletResponse response() {
    return response;
  }

  /**
   * Enters a dispatch. Containers start error pages and asynchronous dispatches with response
   * objects of their own.
   */
  void enter(boolean error) {
    wrapsAsync &= depth > 0;
    depth = depth + 1;
    dispatching = Thread.currentThread();
    if (left) {
      left = false;
      TokenHttpSession known = session;
      Participation kept = participation;
      if (known != null && kept != null) {
        known.rejoin(kept);
      }
    }
    over = false;
    inErrorDispatch |= error;
  }

  /** Whether a dispatch is being processed. */
  boolean isInDispatch() {
    return depth > 0;
  }

  /** Whether the dispatch being processed was started by the container, not by another one. */
  boolean isOutermost() {
    return depth == 1;
  }

  /** Takes another response to write headers to. */
  void writeTo(HttpServletResponse other) {
    response = other;
  }

  /**
   * Leaves a dispatch. With the last one, the response is the container's and may be recycled:
   * nothing here touches it any more.
   */
  void leave(boolean asyncStarted) {
    depth = depth - 1;
    if (depth > 0) {
      return;
    }
    dispatching = null;
    if (over) {
      commitPoint.finishAfterComplete(); // complete() was called within
    } else if (!asyncStarted) {
      try {
        commitPoint.finish();
      } finally {
        end();
      }
    } else if (!wrapsAsync) {
      leaveSessions(); // nobody will say when this ends
    }
  }

  /**
   * This request's part in its session, kept also while it has left it: what its client may be told
   * does not change by that.
   */
  Participation participation() {
    return Objects.requireNonNull(participation, "no session");
  }

  /** Whether the calling thread is in a dispatch of this request. */
  boolean isOnThisThread() {
    return dispatching == Thread.currentThread();
  }

  private void leaveSessions() {
    left = true;
    TokenHttpSession was = loaded;
    if (was != null) {
      was.leave(this);
    }
    TokenHttpSession now = session;
    if (now != null && !now.isSame(was)) { // as a rule it is
      now.leave(this);
    }
  }

  /** Asynchronous processing was started on our request, so that its end will be seen. */
  void asyncStarted() {
    wrapsAsync = true;
  }

  /**
   * Whether asynchronous processing of this dispatch will commit as it ends. Not where a filter
   * before us, or one that unwraps, started it on the container's own request.
   */
  boolean wrapsAsync() {
    return wrapsAsync;
  }

  /** The container says that the asynchronous part has ended. */
  void completed() {
    if (over) {
      commitPoint.finishAfterComplete(); // once more: changed since by threads of the application
    }
    end();
  }

  /** The asynchronous part has ended. */
  void end() {
    over = true;
    leaveSessions();
  }

  boolean isOver() {
    return over;
  }

  /**
   * Whether an error page is being made, which must not fail for the session that made it
   * necessary.
   */
  boolean isInErrorDispatch() {
    return inErrorDispatch;
  }

  /** Notes that the application uses the session. */
  void touch() {
    touched = true;
  }

  /** Notes that what it did is being written. */
  void untouch() {
    touched = false;
  }

  /** Whether the session was used since it was last written. */
  boolean isTouched() {
    return touched;
  }

  /** Notes that the application asked something whose answer depends on the client's token. */
  void look() {
    lookedAt = true;
  }

  /** Whether what the response says may depend on the session. */
  boolean isLookedAt() {
    return lookedAt;
  }

  /** The request's session; a new one where there is none and {@code create} says so. */
  @Nullable TokenHttpSession session(boolean create) {
    touched = true;
    TokenHttpSession known = session;
    if (known != null && !known.isEnded()) {
      return known;
    }
    return resolve(create);
  }

  private synchronized @Nullable TokenHttpSession resolve(boolean create) {
    lookedAt = true;
    readToken();
    TokenHttpSession known = session;
    if (known != null && !known.isEnded()) {
      return known;
    }
    if (!create) {
      return null;
    }
    SessionNotKnownYetException unknown = notKnownYet;
    if (unknown != null) {
      throw unknown;
    }
    commitPoint.requireOpen();
    TokenHttpSession created = TokenHttpSession.created(this, setup.codec().create());
    setup.live().put(created);
    if (known != null && !known.isSame(loaded)) {
      known.leave(this);
    }
    session = created;
    participation = created.participants().of(this);
    if (over || left) {
      leaveSessions(); // the request has ended meanwhile
    }
    setup.events().created(created.getId());
    setup.listeners().created(created);
    return created;
  }

  /**
   * The container has signed somebody in, and would give a session of its own a new id: who has
   * planted the old one must not share what comes now. Not where the client can no longer be told.
   */
  void signedIn() {
    TokenHttpSession known = session(false);
    if (known != null && participation().canCarry()) {
      known.renewId(participation());
    }
  }

  /**
   * Undoes what was done to the session, after an exception that nobody caught. Its end and its new
   * id stay, of which a revocation list may have been told already (BEHAVIOUR.md 47).
   */
  synchronized void rollBackIfChosen() {
    TokenHttpSession known = session;
    if (!setup.has(Choice.ROLL_BACK_ON_EXCEPTION) || over || known == null || known.isEnded()) {
      return;
    }
    if (known.isSame(loaded)) {
      known.rollBack();
    } else {
      known.leave(this);
      session = loaded;
    }
  }

  /** The live session without creating one or reading a token. */
  @Nullable TokenHttpSession liveSession() {
    TokenHttpSession known = session;
    return known == null || known.isEnded() ? null : known;
  }

  /** Whether the client's token stands for a session that is still alive (BEHAVIOUR.md 28). */
  synchronized boolean isRequestedSessionValid() {
    lookedAt = true;
    readToken();
    return loaded != null && !loaded.isEnded();
  }

  /** The id of the session that the client's token stands for, alive or invalidated meanwhile. */
  synchronized @Nullable String requestedSessionId() {
    lookedAt = true;
    readToken();
    return loaded == null ? null : loaded.getId();
  }

  /**
   * Whether the client holds a token that it should drop: refused, or of a session that was
   * invalidated.
   */
  boolean dropsClientToken() {
    TokenHttpSession known = loaded;
    return refused || known != null && known.isDroppedBy(this);
  }

  /**
   * Not null where the client's token may be good but could not be told so when somebody looked:
   * nothing is written over it, and the request ends in 503.
   */
  @Nullable SessionNotKnownYetException notKnownYet() {
    return notKnownYet;
  }

  private void readToken() {
    if (resolved) {
      return;
    }
    resolved = true;
    if (!presented.isPresent()) {
      return;
    }
    try {
      judgeTokens();
    } catch (Error e) {
      // Of no memory, or a stack that was full already: not the token's fault. Who asks next, such
      // as the error page, must not find no session, or a new one is written over the client's.
      resolved = false;
      throw e;
    }
  }

  private void judgeTokens() {
    JudgedTokens tokens = new JudgedTokens(presented, setup.codec());
    Rejection fault = tokens.fault();
    Decoded.Accepted best = tokens.best();
    Decoded.Rejected temporary = tokens.temporary();
    Decoded.Rejected worst = tokens.worst();
    if (fault != null) {
      refused = true;
      setup.rejections().tellOfFault(fault);
    } else if (best != null) {
      setup.events().accepted(best.keyId());
      join(best, tokens.bestToken());
    } else if (temporary != null) {
      notKnownYet = new SessionNotKnownYetException(temporary.reason());
      setup.rejections().tell(temporary);
    } else if (worst != null) {
      // Whoever was given a new id meanwhile has the new token under the old one's name: to expire
      // it would sign out the wrong one (BEHAVIOUR.md 26).
      refused = worst.reason() != Rejection.REVOKED;
      setup.rejections().tell(worst);
      SessionState expired = tokens.expired();
      if (expired != null) {
        setup.expired().tell(this, expired);
      }
    }
  }

  private void join(Decoded.Accepted accepted, String token) {
    TokenHttpSession joined = setup.live().join(this, accepted.state(), accepted.reissue(), token);
    loaded = joined;
    session = joined;
    participation = joined.participants().of(this);
    joined.requireReadable();
    if (over || left) {
      leaveSessions(); // asked for when the request had ended, and nobody will say so again
    }
  }
}
