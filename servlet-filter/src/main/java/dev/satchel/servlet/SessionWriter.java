package dev.satchel.servlet;

import java.io.PrintWriter;
import java.io.Writer;

/**
 * The application's writer: everything that {@code PrintWriter} prints arrives at one sink, which
 * commits the session before the container's buffer can overflow.
 *
 * <p>{@code close} goes to the container without closing this object: Jetty opens its writer again
 * after an include that closed it.
 */
final class SessionWriter extends PrintWriter {
  private final SessionResponse response;
  private final PrintWriter container;

  SessionWriter(SessionResponse response, PrintWriter container, EncodedLength encoded) {
    super(new Sink(response, container, encoded));
    this.response = response;
    this.container = container;
  }

  /** Whether this writes to that writer of the container. */
  boolean isFor(PrintWriter writer) {
    return container == writer;
  }

  @Override
  public void flush() {
    response.commit("flush of the writer");
    container.flush();
  }

  @Override
  public void close() {
    response.commit("close of the writer");
    container.close();
  }

  /** Flushes, as the Javadoc of {@code PrintWriter} says. */
  @Override
  public boolean checkError() {
    response.commit("checkError of the writer");
    return container.checkError();
  }

  private static final class Sink extends Writer {
    private final SessionResponse response;
    private final PrintWriter container;
    private final EncodedLength encoded;

    Sink(SessionResponse response, PrintWriter container, EncodedLength encoded) {
      this.response = response;
      this.container = container;
      this.encoded = encoded;
    }

    @Override
    public void write(int c) {
      if (response.isMetered()) {
        response.beforeBody(encoded.of((char) c), false);
      }
      container.write(c);
    }

    @Override
    public void write(char[] text, int from, int length) {
      if (response.isMetered()) {
        response.beforeBody(encoded.of(text, from, length), false);
      }
      container.write(text, from, length);
    }

    @Override
    public void write(String text, int from, int length) {
      if (response.isMetered()) {
        response.beforeBody(encoded.of(text, from, length), false);
      }
      container.write(text, from, length);
    }

    @Override
    public void flush() {
      response.commit("flush of the writer");
      container.flush();
    }

    @Override
    public void close() {
      response.commit("close of the writer");
      container.close();
    }
  }
}
