package dev.satchel.servlet;

import dev.satchel.Decoded;
import dev.satchel.NoUsableKeyException;
import dev.satchel.Rejection;
import dev.satchel.TokenCodec;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request through the filter: wrap on the way in, commit on the way out. A request comes by
 * several times, once per dispatch, and all its dispatches share one {@link SessionExchange}, kept
 * in a request attribute.
 */
final class SessionPipeline {
  private final FilterSetup setup;

  /** Unlike that of any other filter of the application (BEHAVIOUR.md 79). */
  private final String attribute =
      SessionPipeline.class.getName() + "@" + System.identityHashCode(this);

  SessionPipeline(FilterSetup setup) {
    this.setup = setup;
  }

  void handle(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Object known = request.getAttribute(attribute);
    if (known instanceof SessionExchange exchange && isOurs(exchange)) {
      redispatch(exchange, request, response, chain);
    } else if (Boolean.TRUE.equals(known)) {
      chain.doFilter(request, response); // excluded at its first dispatch
    } else if (setup.excluded().matches(request)) {
      // No wrapper at all, so that the container may send files its own way (BEHAVIOUR.md 80). Also
      // for the pages it forwards to: one request has sessions of one kind.
      request.setAttribute(attribute, true);
      chain.doFilter(request, response);
    } else {
      firstDispatch(request, response, chain);
    }
  }

  /**
   * By identity, and not only since two filters never are the same: the {@code equals} that a
   * record is given would keep the application's class loader alive after the application was
   * stopped. Up to JDK 17 the method handles behind it remember the last record that used them
   * (JDK-8078641; BEHAVIOUR.md 81).
   */
  // Identity is what is meant.
  @SuppressWarnings("ReferenceEquality")
  private boolean isOurs(SessionExchange exchange) {
    return exchange.setup() == setup;
  }

  int sessionsInUse() {
    return setup.live().size();
  }

  private void firstDispatch(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    PresentedTokens presented = setup.transport().read(request);
    if (awaitsKey(setup.codec(), presented)) {
      setup.rejections().tell(Rejection.KEY_NOT_YET_KNOWN, null, null);
      EmptyAnswer.retryLater(response, null);
      return;
    }
    SessionExchange exchange = new SessionExchange(setup, presented, response);
    request.setAttribute(attribute, exchange);
    if (setup.touchEveryRequest()) {
      try {
        exchange.session(false);
      } catch (Throwable e) {
        exchange.end(); // an application's codec; nobody else would leave the session
        throw e;
      }
      SessionNotKnownYetException unknown = exchange.notKnownYet();
      if (unknown != null) {
        EmptyAnswer.retryLater(response, unknown);
        return;
      }
    }
    SessionResponse ours = new SessionResponse(exchange, response);
    run(exchange, new SessionRequest(exchange, request, ours), ours, chain, true);
  }

  private static void redispatch(
      SessionExchange exchange,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    DispatcherType type = request.getDispatcherType();
    boolean nested = type == DispatcherType.FORWARD || type == DispatcherType.INCLUDE;
    if (!nested && exchange.isInDispatch()) {
      chain.doFilter(request, response); // this filter mapped twice; the outer pass does it all
      return;
    }
    HttpServletResponse ourResponse = response;
    // Error pages and asynchronous dispatches may start from the container's own objects, which
    // then are the ones to write to. A forward or include to a foreign response is somebody
    // capturing a page: its headers go nowhere.
    if (!nested && !SessionResponse.isWithin(response, exchange)) {
      exchange.writeTo(response);
      ourResponse = new SessionResponse(exchange, response);
    }
    HttpServletRequest ourRequest =
        SessionRequest.isWithin(request, exchange)
            ? request
            : new SessionRequest(exchange, request, ourResponse);
    run(exchange, ourRequest, ourResponse, chain, false);
  }

  private static void run(
      SessionExchange exchange,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain,
      boolean first)
      throws IOException, ServletException {
    DispatcherType type = request.getDispatcherType();
    exchange.enter(type == DispatcherType.ERROR);
    Throwable thrown = null;
    try {
      chain.doFilter(request, response);
    } catch (Throwable e) {
      thrown = e;
    }
    if (thrown != null && exchange.isOutermost() && !mayBeRetried(exchange)) {
      exchange.rollBackIfChosen();
    }
    boolean async = request.isAsyncStarted();
    try {
      // Also after an exception: what the application did to the session up to there counts, as it
      // does on a server (BEHAVIOUR.md 47). Also at the end of each forward, after which Tomcat 11
      // takes no more headers (F1). Not at the end of an include, which changes nothing. And where
      // asynchronous processing failed as it began: Tomcat calls the error page while it still
      // counts as started.
      boolean ends =
          !async || thrown != null || type == DispatcherType.ERROR || !exchange.wrapsAsync();
      if (ends && (first || type != DispatcherType.INCLUDE)) {
        thrown = commit(exchange, type, thrown);
      }
      if (!async && exchange.isOutermost() && mayBeRetried(exchange)) {
        RuntimeException failure = exchange.commitPoint().failure();
        EmptyAnswer.answer(exchange.response(), failure);
        if (failure instanceof NoUsableKeyException) {
          exchange
              .setup()
              .warnings()
              .once("no key", "session: a request was answered 503: " + failure.getMessage());
        }
        if (thrown != null && thrown != failure && !EmptyAnswer.isTemporary(thrown)) {
          exchange
              .setup()
              .warnings()
              .once(
                  "besides 503 " + thrown.getClass().getName(),
                  "session: a request that was answered 503 had failed with " + thrown);
        }
        thrown = null;
      }
      if (thrown != null && exchange.isOutermost() && type != DispatcherType.ERROR) {
        exchange.commitPoint().outliveException();
      }
    } finally {
      exchange.leave(async);
    }
    rethrow(thrown);
  }

  /** What the dispatch fails with: the application's exception before ours. */
  private static @Nullable Throwable commit(
      SessionExchange exchange, DispatcherType type, @Nullable Throwable thrown) {
    try {
      String cause = endOf(type);
      if (exchange.isOutermost()) {
        exchange.commitPoint().commitAtEnd(cause);
      } else {
        exchange.commitPoint().commit(cause);
      }
      return thrown;
    } catch (Throwable e) {
      // The page speaks of a session that is not to be; Tomcat would send it along with the error.
      if (!exchange.response().isCommitted()) {
        exchange.response().resetBuffer();
      }
      if (thrown == null) {
        return e;
      }
      if (thrown != e) {
        thrown.addSuppressed(e);
      }
      return thrown;
    }
  }

  private static String endOf(DispatcherType type) {
    return switch (type) {
      case REQUEST -> "the end of the request dispatch";
      case FORWARD -> "the end of the forward dispatch";
      case INCLUDE -> "the end of the include dispatch";
      case ASYNC -> "the end of the async dispatch";
      case ERROR -> "the end of the error dispatch";
    };
  }

  private static boolean mayBeRetried(SessionExchange exchange) {
    return EmptyAnswer.isTemporary(exchange.commitPoint().failure())
        && !exchange.response().isCommitted();
  }

  private static void rethrow(@Nullable Throwable thrown) throws IOException, ServletException {
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
    if (thrown instanceof IOException e) {
      throw e;
    }
    if (thrown instanceof ServletException e) {
      throw e;
    }
    if (thrown != null) {
      throw new ServletException(thrown); // a checked exception smuggled past the compiler
    }
  }

  /**
   * Whether a token of the request cannot be read before a key arrives, and no other is readable,
   * which would be the session instead. Only where one awaits a key are the others read for this.
   */
  private static boolean awaitsKey(TokenCodec codec, PresentedTokens presented) {
    List<String> candidates = presented.candidates();
    boolean awaits = false;
    for (String token : candidates) {
      awaits |= codec.awaitsKey(token);
    }
    if (!awaits || candidates.size() == 1) {
      return awaits;
    }
    for (String token : candidates) {
      if (codec.decode(token) instanceof Decoded.Accepted) {
        return false;
      }
    }
    return true;
  }
}
