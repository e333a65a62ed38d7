package dev.satchel.servlet;

import dev.satchel.NoUsableKeyException;
import dev.satchel.Rejection;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Answers that the filter gives in the application's place. No {@code sendError}: its error page
 * would be the application again, with the very session that cannot be had.
 */
final class EmptyAnswer {
  /**
   * Seconds. A key ring that is behind catches up within its refresh interval; a client that tries
   * sooner finds the same.
   */
  private static final String RETRY_AFTER = "1";

  /**
   * Seconds, where the revocation check failed: a shared list is asked for as often (PROTOCOL.md a,
   * {@code probeInterval}), and everybody is answered so for as long as that is away.
   */
  private static final String RETRY_AFTER_OUTAGE = "10";

  private EmptyAnswer() {}

  /**
   * 503: the client's token cannot be told good or bad now, or no key is left to seal with. The
   * client keeps its token and tries again.
   *
   * @param cause null for a key that is not known here yet
   */
  static void retryLater(HttpServletResponse response, @Nullable Throwable cause) {
    boolean outage =
        cause instanceof SessionNotKnownYetException unknown
            && unknown.reason() == Rejection.UNVERIFIABLE;
    response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    response.setHeader("Retry-After", outage ? RETRY_AFTER_OUTAGE : RETRY_AFTER);
    response.setHeader("Cache-Control", "no-store");
    response.setContentLength(0);
  }

  /** Whether the client had better try again: neither it nor the application did wrong. */
  static boolean isTemporary(@Nullable Throwable cause) {
    return cause instanceof NoUsableKeyException || cause instanceof SessionNotKnownYetException;
  }

  /** An empty answer instead of one whose session could not be read or written. */
  static void answer(HttpServletResponse response, @Nullable Throwable cause) {
    response.reset();
    if (isTemporary(cause)) {
      retryLater(response, cause);
    } else {
      response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
      response.setHeader("Cache-Control", "no-store");
      response.setContentLength(0);
    }
  }
}
