package dev.satchel.servlet;

import jakarta.servlet.http.HttpServletResponse;

/**
 * Says of each write to the body whether it may make the container send the headers.
 *
 * <p>Counting in front of the container's buffer, rather than a buffer of our own: bytes held back
 * by us would be in the wrong place whenever a container works on its own response behind our
 * wrapper, as Jetty does when it resets before a forward, Tomcat when it suspends after one, and
 * both for error pages; and every page would be copied once more. What counting can get wrong is
 * only the moment, and it errs to the early side, which costs nothing, because a commit can be
 * repeated as long as the headers are open ({@link CommitPoint}). As late as possible still
 * matters: until then the session may be changed by means that only a look at every object finds
 * out (BEHAVIOUR.md 17).
 */
final class BodyMeter {
  /**
   * Tomcat empties its buffer up to four bytes early when half a surrogate pair is pending (its
   * {@code OutputBuffer}); twice that.
   */
  private static final int SLACK = 8;

  /**
   * Jetty does not buffer a write larger than its aggregation size, by default a quarter of the
   * buffer ({@code HttpConfiguration}); half of that.
   */
  private static final int BYPASS_SHARE = 8;

  /** Whatever a wrapper says its buffer is. */
  private static final int MIN_STEP = 1024;

  private long written;
  private long contentLength = -1;
  private long nextLook;
  private volatile boolean wasFull;

  /**
   * Whether to commit before this many more bytes go to the container. The buffer's size is asked
   * anew, it may be set meanwhile.
   *
   * <p>Who is still asked after twice the buffer stands behind a filter that buffers on its own.
   * Each look costs as much as the session is large, so from then on there is one for each buffer,
   * and one after each use of the session.
   */
  synchronized boolean mayCommit(
      HttpServletResponse container, long bytes, boolean inOnePiece, boolean touched) {
    long after = written + bytes;
    if (contentLength >= 0 && after >= contentLength) {
      return true; // the container closes a response that has all its bytes (BEHAVIOUR.md 38)
    }
    int buffer = container.getBufferSize();
    boolean may = after >= buffer - SLACK || inOnePiece && bytes > buffer / BYPASS_SHARE;
    if (may && written > 2L * buffer) {
      may = touched || after >= nextLook;
      nextLook = may ? after + Math.max(buffer, MIN_STEP) : nextLook;
    }
    return may;
  }

  /** Whether the body has, or had before it was reset, the length that was announced. */
  boolean wasFull() {
    return wasFull;
  }

  /** Whether nothing was written to the body yet. */
  synchronized boolean isEmpty() {
    return written == 0;
  }

  synchronized void add(long bytes) {
    written += bytes;
    isFull();
  }

  private boolean isFull() {
    boolean full = contentLength >= 0 && written >= contentLength;
    if (full) {
      wasFull = true;
    }
    return full;
  }

  /**
   * Takes note of an announced length, negative for none; says whether the body has it already
   * (BEHAVIOUR.md 39).
   */
  synchronized boolean isReached(long length) {
    contentLength = length;
    return isFull();
  }

  /** The container's buffer was emptied. */
  synchronized void resetBody() {
    written = 0;
    nextLook = 0;
  }

  /** The whole response was reset. */
  synchronized void reset() {
    written = 0;
    nextLook = 0;
    contentLength = -1;
    wasFull = false;
  }
}
