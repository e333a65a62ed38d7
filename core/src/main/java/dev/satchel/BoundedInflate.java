package dev.satchel;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates an authentic payload within bounds: what leaks a key must not also buy memory
 * (CVE-2024-28176 and its kin).
 */
final class BoundedInflate {
  /**
   * No session is worth more; the writer does not compress beyond it. DEFLATE itself reaches 1032.
   */
  static final int MAX_RATIO = 100;

  private BoundedInflate() {}

  static byte[] inflate(byte[] compressed) throws RejectedTokenException {
    int limit =
        (int) Math.min(StrictJson.MAX_DOCUMENT_LENGTH, (long) compressed.length * MAX_RATIO);
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(compressed);
      // One byte more than allowed: a stream that ends exactly at the limit must be told from one
      // that goes on.
      byte[] output = new byte[Math.min(limit + 1, compressed.length * 4)];
      int length = 0;
      while (!inflater.finished()) {
        if (length == output.length) {
          output = Arrays.copyOf(output, Math.min(limit + 1, 2 * length));
        }
        int read = inflater.inflate(output, length, output.length - length);
        if (read == 0
            && !inflater.finished()
            && (inflater.needsInput() || inflater.needsDictionary())) {
          throw new RejectedTokenException(
              Rejection.UNREADABLE); // cut short, or wants a dictionary
        }
        length += read;
        if (length > limit) {
          throw new RejectedTokenException(Rejection.TOO_LONG);
        }
      }
      if (inflater.getRemaining() > 0) {
        throw new RejectedTokenException(Rejection.UNREADABLE); // bytes behind the stream
      }
      return Arrays.copyOf(output, length);
    } catch (DataFormatException e) {
      throw new RejectedTokenException(Rejection.UNREADABLE);
    } finally {
      inflater.end();
    }
  }
}
