package dev.satchel.servlet;

import dev.satchel.NoUsableKeyException;
import dev.satchel.Rejection;
import dev.satchel.SessionState;
import dev.satchel.SessionTooLargeException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one place that writes a session to a response. Every path that can send headers calls {@link
 * #commit} <em>before</em> it goes on to the container (BEHAVIOUR.md 38), because afterwards no
 * container takes headers (F2).
 *
 * <p>Three states, of which the last is asked of the container and not kept, since an error page
 * opens a sealed response again. <em>Open</em>: {@link #lines} is empty. <em>Written</em>: our
 * lines are in a response that still takes headers; a further commit finds out whether the session
 * changed again and replaces the very same lines (42, RFC 6265 §4.1.1), so that it costs nothing in
 * correctness to commit too early. <em>Sealed</em>: the headers are gone.
 */
final class CommitPoint {
  private static final String RENEWED_ELSEWHERE = "an overlapping request changed the session's id";

  /** How the cause begins after which an error page may open the response again (F2). */
  static final String SEND_ERROR = "sendError(";

  private static final String COMPLETED = "AsyncContext.complete";

  private final SessionExchange exchange;
  private Set<String> reported = Set.of(); // as a rule there is nothing to report
  private volatile String cause = "something that bypassed the session filter's response";
  private List<String> lines = List.of();
  private @Nullable CacheControl cacheControl; // only of a response that was given a token
  private boolean asCookies;
  private boolean toldOfRevocation;
  private volatile @Nullable RuntimeException failure;

  CommitPoint(SessionExchange exchange) {
    this.exchange = exchange;
  }

  /**
   * Brings the response's headers in line with the session.
   *
   * @param newCause what is about to happen, for the message about a later change
   * @throws SessionTooLargeException if the session does not fit; nothing was sent and the client's
   *     token stays good
   * @throws NoUsableKeyException if no key can seal it; likewise
   * @throws SessionNotKnownYetException if the client's session was asked for and cannot be told
   *     now; likewise
   */
  void commit(String newCause) {
    commit(newCause, false);
  }

  /** As {@link #commit(String)}, when nothing of the application runs after it. */
  void commitAtEnd(String newCause) {
    commit(newCause, true);
  }

  /**
   * Called when an exception leaves the application. What was written would be cleared by Undertow,
   * also after {@code sendError}; from here on it is written so that it stays.
   */
  synchronized void outliveException() {
    HttpServletResponse response = exchange.response();
    SessionTransport transport = exchange.setup().transport();
    if (asCookies
        || exchange.isOver()
        || response.isCommitted() && !cause.startsWith(SEND_ERROR)
        || !transport.isCookie()
        || !UndertowResponse.is(response)) {
      return;
    }
    asCookies = true;
    ResponseFields.replace(response, transport, List.of());
    lines.forEach(line -> UndertowResponse.addCookie(response, line));
  }

  private void commit(String newCause, boolean end) {
    if (exchange.isOver()) {
      return;
    }
    HttpServletResponse response = exchange.response();
    if (response.isCommitted()) {
      return; // sealed
    }
    cause = newCause;
    boolean included = UndertowResponse.leaveInclude(response, exchange.setup().warnings());
    if (exchange.meter().wasFull()) {
      response = UndertowResponse.ofFullBody(response, exchange.setup().warnings());
    }
    try {
      if (exchange.isLookedAt()) {
        write(response);
      } else if (!end && exchange.presented().isPresent()) {
        // The session may still be read, and then this header would come too late.
        ResponseFields.vary(response, exchange.setup().transport().requestField());
      }
    } finally {
      if (included) {
        UndertowResponse.reenterInclude(response);
      }
    }
  }

  private synchronized void write(HttpServletResponse response) {
    SessionTransport transport = exchange.setup().transport();
    exchange.untouch();
    // 1. Whoever stores the response must know that it depends on the session, also if that was
    // only looked at (BEHAVIOUR.md 72).
    ResponseFields.vary(response, transport.requestField());
    SessionNotKnownYetException unknown = exchange.notKnownYet();
    if (unknown != null) {
      boolean surfaced = failure != null;
      failure = unknown;
      if (surfaced && exchange.isInErrorDispatch()) {
        return;
      }
      throw unknown;
    }
    // 2. Nothing, a token, or the end of the client's token.
    List<String> next = decide(transport);
    if (next.isEmpty() && lines.isEmpty()) {
      releaseCaching(response);
      return;
    }
    // 3. Our lines in the place of our old ones. Also where they did not change: reset() may have
    // taken them away (41).
    if (!asCookies) {
      ResponseFields.replace(response, transport, next);
    } else if (!next.equals(lines)) { // which not even reset() takes away
      // There is no taking back of such a cookie, only another one in its place.
      List<String> cookies = next.isEmpty() ? transport.expiringLines(PresentedTokens.NONE) : next;
      cookies.forEach(line -> UndertowResponse.addCookie(response, line));
    }
    lines = next;
    if (next.isEmpty()) {
      releaseCaching(response);
    } else {
      confineCaching(response);
    }
  }

  private void confineCaching(HttpServletResponse response) {
    CacheControl known = cacheControl == null ? new CacheControl() : cacheControl;
    cacheControl = known;
    known.confine(response);
  }

  private void releaseCaching(HttpServletResponse response) {
    if (cacheControl != null) {
      cacheControl.release(response);
    }
  }

  private List<String> decide(SessionTransport transport) {
    boolean surfaced = failure != null;
    failure = null;
    TokenHttpSession session = exchange.liveSession();
    if (session == null || session.isKeptBack()) {
      if (!exchange.dropsClientToken()) {
        // Also takes back what was written for a session that came and went in this request (14).
        return List.of();
      }
      List<String> expiring = transport.expiringLines(exchange.presented());
      if (!expiring.equals(lines)) {
        exchange.setup().events().tokenDropped();
      }
      return expiring;
    }
    if (session.isBarred(exchange)) {
      return List.of(); // also takes back a token of the old id
    }
    SessionState state = session.stateToWrite(exchange);
    if (state == null) {
      return lines;
    }
    if (isRevoked(session, surfaced)) {
      return List.of(); // also takes back what was written before it was
    }
    try {
      String token = exchange.setup().codec().encode(state, transport.capacity());
      session.participants().markWritten(state, token, exchange);
      session.written(state);
      List<String> next = transport.lines(token, exchange.presented());
      int bytes = 0;
      for (String line : next) {
        bytes += line.length();
      }
      exchange.setup().events().issued(bytes);
      return next;
    } catch (SessionTooLargeException | NoUsableKeyException e) {
      if (session.participants().isNoLoss(state, exchange)) {
        // To fail a page that changed nothing would help nobody.
        exchange.setup().events().notWritten(e);
        exchange
            .setup()
            .warnings()
            .once(
                "not refreshed " + e.getClass(),
                "session: a token could not be refreshed, so its session ends when the one that the"
                    + " client has does: "
                    + e.getMessage());
        return lines;
      }
      return notWritten(e, surfaced);
    }
  }

  /**
   * Whether the session was revoked since its token was read, as by a sign-out at another node: a
   * request that took long must not bring it back. The client keeps its token, for the reason that
   * {@link Rejection#REVOKED} gives.
   */
  private boolean isRevoked(TokenHttpSession session, boolean surfaced) {
    boolean revoked;
    try {
      revoked = session.isRevoked();
    } catch (RuntimeException e) {
      exchange.setup().rejections().tell(Rejection.UNVERIFIABLE, null, e);
      var unknown = new SessionNotKnownYetException(Rejection.UNVERIFIABLE);
      failure = unknown;
      if (surfaced && exchange.isInErrorDispatch()) {
        return true;
      }
      throw unknown;
    }
    if (revoked && !toldOfRevocation) {
      toldOfRevocation = true;
      exchange.setup().rejections().tell(Rejection.REVOKED, null, null);
    }
    return revoked;
  }

  private List<String> notWritten(RuntimeException e, boolean surfaced) {
    failure = e;
    exchange.setup().events().notWritten(e);
    if (surfaced && exchange.isInErrorDispatch()) {
      // The error page is the answer to this very failure; failing it too would help nobody.
      return lines;
    }
    throw e;
  }

  /** The last failure to write, if nothing was written since. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  /** Whether a change made now may be too late. */
  boolean isPast() {
    return exchange.isOver() || exchange.response().isCommitted();
  }

  /**
   * Called before each change of the session.
   *
   * @param barred whether this request's client may not be told, since another request has given
   *     the session a new id
   * @throws IllegalStateException if the headers are gone, unless the filter is set to warn. Never
   *     after the request is over: who keeps a session for longer, as Tomcat's WebSocket support
   *     does, gets a session in memory (BEHAVIOUR.md 21)
   */
  void beforeChange(String change, boolean barred) {
    if (barred) {
      report(change, RENEWED_ELSEWHERE, !exchange.setup().warnOnLateChange());
    } else if (exchange.isOver()) {
      exchange
          .setup()
          .warnings()
          .once(
              "after " + change,
              "session: " + change + " changed after its request was over; kept in memory only");
      if (exchange.isInDispatch()) {
        reportOnce(change, COMPLETED);
      }
    } else if (exchange.response().isCommitted()) {
      report(change, cause, !exchange.setup().warnOnLateChange());
    }
  }

  /**
   * Called before a session is created.
   *
   * @throws IllegalStateException if the client could not be told of it (BEHAVIOUR.md 24)
   */
  void requireOpen() {
    if (exchange.isOver()) {
      throw new IllegalStateException("cannot create a session: the request is over");
    }
    if (exchange.response().isCommitted()) {
      throw new IllegalStateException(
          "cannot create a session: the response was committed by " + cause);
    }
  }

  /**
   * The request is over. What was changed in place after the headers were gone is found only here;
   * an exception could not bring it back and would tear down a response that is on its way, so it
   * is reported whatever the filter is set to.
   */
  synchronized void finish() {
    try {
      lookForLateChanges();
    } catch (RuntimeException e) {
      notCompared(e);
    }
  }

  /**
   * As when another thread still changes a list. Whoever waits for the end of the request must not
   * wait in vain.
   */
  private void notCompared(RuntimeException e) {
    exchange
        .setup()
        .warnings()
        .once("finish " + e.getClass(), "session: not compared at the end of the request: " + e);
  }

  private void lookForLateChanges() {
    TokenHttpSession session = exchange.liveSession();
    if (session == null) {
      if (exchange.notKnownYet() != null && failure == null) {
        exchange
            .setup()
            .warnings()
            .once(
                "not known yet",
                "session: asked for after the response was committed by "
                    + cause
                    + ", when it could not be told; the page was made without it");
      }
      return;
    }
    boolean barred = session.isBarred(exchange);
    if (failure == null && (barred || exchange.response().isCommitted())) {
      for (String name : session.lostChanges(exchange)) {
        report("attribute " + Warnings.quoted(name), barred ? RENEWED_ELSEWHERE : cause, false);
      }
    }
  }

  /**
   * What was changed in place after {@code AsyncContext.complete}, which no response can say any
   * more; none is looked at, since the container may have recycled it.
   */
  synchronized void finishAfterComplete() {
    TokenHttpSession session = exchange.liveSession();
    if (session == null || failure != null) {
      return;
    }
    try {
      for (String name : session.lostChanges(exchange)) {
        reportOnce("attribute " + Warnings.quoted(name), COMPLETED);
      }
    } catch (RuntimeException e) {
      notCompared(e);
    }
  }

  private synchronized void reportOnce(String change, String committedBy) {
    if (reported.isEmpty()) {
      reported = new HashSet<>();
    }
    if (reported.add(change)) {
      exchange.setup().events().lateChange(change, committedBy);
    }
  }

  private synchronized void report(String change, String committedBy, boolean refuse) {
    boolean mayBeOpenedAgain = committedBy.startsWith(SEND_ERROR) && !exchange.isInErrorDispatch();
    if (refuse) {
      exchange.setup().events().lateChange(change, committedBy);
    } else if (!mayBeOpenedAgain) {
      reportOnce(change, committedBy);
    }
    String message =
        "session: "
            + change
            + " changed after "
            + (committedBy.equals(RENEWED_ELSEWHERE)
                ? RENEWED_ELSEWHERE
                : "the response was committed by " + committedBy);
    if (refuse) {
      throw new IllegalStateException(message);
    }
    exchange
        .setup()
        .warnings()
        .once(
            message,
            message
                + "; the change is lost"
                + (mayBeOpenedAgain ? ", unless an error page follows, which will write it" : ""));
  }
}
