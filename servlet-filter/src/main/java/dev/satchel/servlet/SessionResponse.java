package dev.satchel.servlet;

import dev.satchel.NoUsableKeyException;
import dev.satchel.SessionTooLargeException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/**
 * The response that the application sees: brings the session into the headers before whatever may
 * send them (BEHAVIOUR.md 38), and is otherwise the container's. The methods without
 * {@code @Override} are those of Servlet 6.1.
 */
final class SessionResponse extends HttpServletResponseWrapper {
  /** Informational, as 103 (RFC 8297): the response goes on afterwards. Not in the API. */
  private static final int SC_PROCESSING = 102;

  private static final int SC_EARLY_HINTS = 103;

  private final SessionExchange exchange;
  private final BodyMeter meter;
  private @Nullable SessionOutputStream stream;
  private @Nullable SessionWriter writer;
  private volatile boolean sealed;

  SessionResponse(SessionExchange exchange, HttpServletResponse container) {
    super(container);
    this.exchange = exchange;
    this.meter = exchange.meter();
  }

  /** Whether this response, or one it wraps, belongs to the exchange. */
  static boolean isWithin(jakarta.servlet.ServletResponse response, SessionExchange exchange) {
    while (response instanceof jakarta.servlet.ServletResponseWrapper wrapper) {
      if (wrapper instanceof SessionResponse session && session.exchange == exchange) {
        return true;
      }
      response = wrapper.getResponse();
    }
    return false;
  }

  void commit(String cause) {
    exchange.commitPoint().commit(cause);
  }

  /** Whether the body still needs counting. */
  boolean isMetered() {
    return !sealed;
  }

  /** Called before bytes of the body go to the container. */
  void beforeBody(long bytes, boolean inOnePiece) {
    if (sealed) {
      return;
    }
    boolean touched = exchange.isTouched();
    if (meter.mayCommit(exchange.response(), bytes, inOnePiece, touched)) {
      commit("the response's body, which filled its buffer or its length");
      sealed = exchange.isOver() || exchange.response().isCommitted();
    } else if (touched && meter.isEmpty()) {
      commitEarly();
    }
    meter.add(bytes);
  }

  /**
   * As the body begins: a filter before us may have filled the buffer, or it may be an unusual one.
   * What goes wrong here is found again, and said, before anything is sent as far as counting can
   * tell; until then the application may mend it.
   */
  private void commitEarly() {
    try {
      commit("the response's body, which filled its buffer or its length");
    } catch (SessionTooLargeException | NoUsableKeyException | SessionNotKnownYetException e) {
      // Told to SessionEvents; the next commit throws.
    }
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    ServletOutputStream container = super.getOutputStream(); // refuses after getWriter
    SessionOutputStream known = stream;
    if (known == null || !known.isFor(container)) {
      known = new SessionOutputStream(this, container);
      stream = known;
    }
    return known;
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    PrintWriter container = super.getWriter(); // fixes the encoding, refuses after getOutputStream
    SessionWriter known = writer;
    if (known == null || !known.isFor(container)) {
      known = new SessionWriter(this, container, EncodedLength.in(getCharacterEncoding()));
      writer = known;
    }
    return known;
  }

  @Override
  public void flushBuffer() throws IOException {
    commit("flushBuffer");
    super.flushBuffer();
  }

  @Override
  public void resetBuffer() {
    super.resetBuffer();
    meter.resetBody();
  }

  /**
   * The next commit finds our header gone and writes it again: an error handler that resets must
   * not sign the user out (BEHAVIOUR.md 41).
   */
  @Override
  public void reset() {
    super.reset();
    meter.reset();
    stream = null;
    writer = null; // the encoding may be another now
  }

  @Override
  public void sendError(int status) throws IOException {
    commitUnlessInformational(status);
    super.sendError(status);
  }

  @Override
  public void sendError(int status, String message) throws IOException {
    commitUnlessInformational(status);
    super.sendError(status, message);
  }

  @Override
  public void sendRedirect(String location) throws IOException {
    commit("sendRedirect");
    super.sendRedirect(location);
  }

  /** Servlet 6.1. */
  public void sendRedirect(String location, int status) throws IOException {
    sendRedirect(location, status, true);
  }

  /** Servlet 6.1. */
  public void sendRedirect(String location, boolean clearBuffer) throws IOException {
    sendRedirect(location, SC_FOUND, clearBuffer);
  }

  /** Servlet 6.1. */
  public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
    commit("sendRedirect");
    Servlet61.sendRedirect((HttpServletResponse) getResponse(), location, status, clearBuffer);
  }

  @Override
  public void setContentLength(int length) {
    beforeContentLength(length);
    super.setContentLength(length);
  }

  @Override
  public void setContentLengthLong(long length) {
    beforeContentLength(length);
    super.setContentLengthLong(length);
  }

  @Override
  public void setHeader(String name, @Nullable String value) {
    beforeHeader(name, value);
    super.setHeader(name, value);
  }

  @Override
  public void addHeader(String name, @Nullable String value) {
    beforeHeader(name, value);
    super.addHeader(name, value);
  }

  @Override
  public void setIntHeader(String name, int value) {
    beforeHeader(name, value);
    super.setIntHeader(name, value);
  }

  @Override
  public void addIntHeader(String name, int value) {
    beforeHeader(name, value);
    super.addIntHeader(name, value);
  }

  /**
   * Unchanged: neither our token nor the container's session id belongs into an address
   * (BEHAVIOUR.md 52).
   */
  @Override
  public String encodeURL(String url) {
    return url;
  }

  /** As {@link #encodeURL}. */
  @Override
  public String encodeRedirectURL(String url) {
    return url;
  }

  private void commitUnlessInformational(int status) {
    if (status != SC_EARLY_HINTS && status != SC_PROCESSING) {
      commit(CommitPoint.SEND_ERROR + status + ")");
    }
  }

  private void beforeHeader(@Nullable String name, @Nullable Object value) {
    if (!"Content-Length".equalsIgnoreCase(name)) {
      return;
    }
    try {
      beforeContentLength(value == null ? -1 : Long.parseLong(String.valueOf(value).strip()));
    } catch (NumberFormatException e) {
      // Not a length: whether to take it is the container's business.
    }
  }

  private void beforeContentLength(long length) {
    if (meter.isReached(length)) {
      commit("the response's Content-Length, which its body reached");
    }
  }
}
