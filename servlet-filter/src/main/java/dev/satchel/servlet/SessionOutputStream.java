package dev.satchel.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The application's output stream: commits the session before the container's buffer can overflow.
 * Printing goes to the container's own {@code print}, whose encoding differs between containers,
 * and is counted generously.
 */
final class SessionOutputStream extends ServletOutputStream {
  /** More than any number or truth value takes, with a line end. */
  private static final int SHORT_TEXT = 32;

  private final SessionResponse response;
  private final ServletOutputStream container;

  SessionOutputStream(SessionResponse response, ServletOutputStream container) {
    this.response = response;
    this.container = container;
  }

  /** Whether this writes to that stream of the container. */
  boolean isFor(ServletOutputStream stream) {
    return container == stream;
  }

  @Override
  public void write(int b) throws IOException {
    response.beforeBody(1, false);
    container.write(b);
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    response.beforeBody(length, true);
    container.write(bytes, from, length);
  }

  /** Servlet 6.1. No container is asked to buffer this. */
  public void write(ByteBuffer bytes) throws IOException {
    response.commit("write(ByteBuffer)");
    Servlet61.write(container, bytes);
  }

  @Override
  public void flush() throws IOException {
    response.commit("flush of the output stream");
    container.flush();
  }

  @Override
  public void close() throws IOException {
    response.commit("close of the output stream");
    container.close();
  }

  @Override
  public boolean isReady() {
    return container.isReady();
  }

  @Override
  public void setWriteListener(WriteListener listener) {
    container.setWriteListener(listener);
  }

  @Override
  public void print(String text) throws IOException {
    beforeText(text);
    container.print(text);
  }

  @Override
  public void print(boolean value) throws IOException {
    response.beforeBody(SHORT_TEXT, false);
    container.print(value);
  }

  @Override
  public void print(char value) throws IOException {
    response.beforeBody(SHORT_TEXT, false);
    container.print(value);
  }

  @Override
  public void print(int value) throws IOException {
    response.beforeBody(SHORT_TEXT, false);
    container.print(value);
  }

  @Override
  public void print(long value) throws IOException {
    response.beforeBody(SHORT_TEXT, false);
    container.print(value);
  }

  @Override
  public void print(float value) throws IOException {
    response.beforeBody(SHORT_TEXT, false);
    container.print(value);
  }

  @Override
  public void print(double value) throws IOException {
    response.beforeBody(SHORT_TEXT, false);
    container.print(value);
  }

  @Override
  public void println() throws IOException {
    response.beforeBody(SHORT_TEXT, false);
    container.println();
  }

  @Override
  public void println(String text) throws IOException {
    beforeText(text);
    container.println(text);
  }

  @Override
  public void println(boolean value) throws IOException {
    response.beforeBody(SHORT_TEXT, false);
    container.println(value);
  }

  @Override
  public void println(char value) throws IOException {
    response.beforeBody(SHORT_TEXT, false);
    container.println(value);
  }

  @Override
  public void println(int value) throws IOException {
    response.beforeBody(SHORT_TEXT, false);
    container.println(value);
  }

  @Override
  public void println(long value) throws IOException {
    response.beforeBody(SHORT_TEXT, false);
    container.println(value);
  }

  @Override
  public void println(float value) throws IOException {
    response.beforeBody(SHORT_TEXT, false);
    container.println(value);
  }

  @Override
  public void println(double value) throws IOException {
    response.beforeBody(SHORT_TEXT, false);
    container.println(value);
  }

  private void beforeText(String text) {
    // Four bytes a character in any encoding in use.
    long worst = 4L * String.valueOf(text).length() + SHORT_TEXT;
    response.beforeBody(worst, true);
  }
}
