package dev.satchel.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.CharArrayWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the body of an include back until the include is over, where its next bytes would send the
 * headers and the container takes none meanwhile. Undertow ignores every header during an include,
 * also on the response captured at entry (BEHAVIOUR.md F3), so a session that was created in the
 * include could not be told. Nowhere else, and on no other container, is anything held.
 */
final class HeldBody {
  private volatile int includes;
  private volatile boolean holding;
  private @Nullable ServletOutputStream stream;
  private @Nullable PrintWriter writer;
  private Bytes bytes = new Bytes();
  private CharArrayWriter chars = new CharArrayWriter();

  /** Enters an include. Counted without a lock, as dispatches of a request follow each other. */
  void enterInclude() {
    includes = includes + 1;
  }

  void leaveInclude() {
    includes = includes - 1;
  }

  boolean isInInclude() {
    return includes > 0;
  }

  /** From here on, until {@link #release}. */
  void hold() {
    holding = true;
  }

  /** Whether something is held that could go on now. */
  boolean isDue() {
    return holding && includes == 0;
  }

  /** Where the body is to be written: to the container or, while it is held, to memory. */
  ServletOutputStream stream(ServletOutputStream container) {
    if (!holding) {
      return container;
    }
    stream = container;
    return bytes;
  }

  /** As {@link #stream}. */
  PrintWriter writer(PrintWriter container) {
    if (!holding) {
      return container;
    }
    writer = container;
    return new PrintWriter(chars);
  }

  /** Lets go of what is held, unless the include is still going on. */
  void release() {
    if (!isDue()) {
      return;
    }
    try {
      if (stream != null) {
        bytes.collected.writeTo(stream);
      }
      if (writer != null) {
        chars.writeTo(writer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      discard();
    }
  }

  /** The response was reset: so is what is held. */
  void discard() {
    holding = false;
    stream = null;
    writer = null;
    bytes = new Bytes();
    chars = new CharArrayWriter();
  }

  private static final class Bytes extends ServletOutputStream {
    final ByteArrayOutputStream collected = new ByteArrayOutputStream();

    @Override
    public void write(int b) {
      collected.write(b);
    }

    @Override
    public void write(byte[] more, int from, int length) {
      collected.write(more, from, length);
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      throw new IllegalStateException("not while the body is held");
    }
  }
}
