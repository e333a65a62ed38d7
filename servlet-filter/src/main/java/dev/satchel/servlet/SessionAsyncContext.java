package dev.satchel.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The application's {@code AsyncContext}: gives it the wrapped request and response, also where it
 * was started without any (BEHAVIOUR.md 36), and commits the session before {@code complete}.
 * Listeners hear of this context and not of the container's, whose {@code complete} would go round
 * the commit.
 */
final class SessionAsyncContext implements AsyncContext {
  private static final String TIMEOUT = "the timeout of asynchronous processing";
  private static final String ERROR = "an error of asynchronous processing";

  private final SessionExchange exchange;
  private final AsyncContext container;
  private final ServletRequest request;
  private final ServletResponse response;

  SessionAsyncContext(
      SessionExchange exchange,
      AsyncContext container,
      ServletRequest request,
      ServletResponse response) {
    this.exchange = exchange;
    this.container = container;
    this.request = request;
    this.response = response;
    exchange.asyncStarted();
    // First in line: when the application's listeners are called, the session is safe.
    container.addListener(new CommitOnTrouble());
  }

  /** Whether this stands before that context of the container. */
  boolean isFor(AsyncContext context) {
    return container == context;
  }

  @Override
  public ServletRequest getRequest() {
    return request;
  }

  @Override
  public ServletResponse getResponse() {
    return response;
  }

  @Override
  public boolean hasOriginalRequestAndResponse() {
    return container.hasOriginalRequestAndResponse();
  }

  @Override
  public void dispatch() {
    container.dispatch();
  }

  @Override
  public void dispatch(String path) {
    container.dispatch(path);
  }

  @Override
  public void dispatch(ServletContext context, String path) {
    container.dispatch(context, path);
  }

  /**
   * Commits, then completes. If the session cannot be written, the client gets an empty 500 or 503
   * and keeps its token, the request is completed all the same, as nobody else would, and the
   * caller gets the exception.
   */
  @Override
  public void complete() {
    try {
      exchange.commitPoint().commit("AsyncContext.complete");
    } catch (Throwable e) {
      try {
        HttpServletResponse headers = exchange.response();
        if (!headers.isCommitted()) {
          EmptyAnswer.answer(headers, e);
        }
      } finally {
        exchange.end();
        container.complete();
      }
      throw e;
    }
    exchange.commitPoint().finish();
    exchange.end(); // the rest of the dispatch, if this is called within, cannot reach the client
    container.complete();
  }

  @Override
  public void start(Runnable work) {
    container.start(work);
  }

  @Override
  public void addListener(AsyncListener listener) {
    container.addListener(new Redirected(listener));
  }

  @Override
  public void addListener(
      AsyncListener listener, ServletRequest servletRequest, ServletResponse servletResponse) {
    container.addListener(new Redirected(listener), servletRequest, servletResponse);
  }

  @Override
  public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
    return container.createListener(type);
  }

  @Override
  public void setTimeout(long timeout) {
    container.setTimeout(timeout);
  }

  @Override
  public long getTimeout() {
    return container.getTimeout();
  }

  /**
   * The container sends its own answer after a timeout or an error, without passing any wrapper.
   */
  private final class CommitOnTrouble implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      exchange.completed();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      commitOnTrouble(TIMEOUT);
    }

    @Override
    public void onError(AsyncEvent event) {
      exchange.rollBackIfChosen();
      commitOnTrouble(ERROR);
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // Its own context has a listener of its own.
    }
  }

  private void commitOnTrouble(String cause) {
    try {
      exchange.commitPoint().commit(cause);
    } catch (RuntimeException e) {
      // Told to SessionEvents. The request has failed already, and no caller is left to take it.
      exchange
          .setup()
          .warnings()
          .once("async " + e.getClass(), "session not written: " + e.getMessage());
    }
  }

  private final class Redirected implements AsyncListener {
    private final AsyncListener listener;

    Redirected(AsyncListener listener) {
      this.listener = listener;
    }

    @Override
    public void onComplete(AsyncEvent event) throws IOException {
      listener.onComplete(ours(event));
    }

    @Override
    public void onTimeout(AsyncEvent event) throws IOException {
      try {
        listener.onTimeout(ours(event));
      } finally {
        commitOnTrouble(TIMEOUT); // again: the listener may have changed the session
      }
    }

    @Override
    public void onError(AsyncEvent event) throws IOException {
      try {
        listener.onError(ours(event));
      } finally {
        commitOnTrouble(ERROR);
      }
    }

    @Override
    public void onStartAsync(AsyncEvent event) throws IOException {
      listener.onStartAsync(ours(event));
    }

    private AsyncEvent ours(AsyncEvent event) {
      return new AsyncEvent(
          SessionAsyncContext.this,
          event.getSuppliedRequest(),
          event.getSuppliedResponse(),
          event.getThrowable());
    }
  }
}
