package dev.satchel;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates an authentic payload within bounds: what leaks a key must not also buy memory
 * (CVE-2024-28176 and its kin). An instance is for one thread at a time.
 */
final class BoundedInflate {
  /**
   * No session is worth more; the writer does not compress beyond it. DEFLATE itself reaches 1032.
   */
  static final int MAX_RATIO = 100;

  private static final int MAX_SCRATCH = StrictJson.MAX_DOCUMENT_LENGTH + 1;

  private final Inflater inflater = new Inflater(true);
  private byte[] scratch = new byte[4096];

  private BoundedInflate() {}

  /** Inflates with an inflater of its own. */
  static byte[] inflate(byte[] compressed) throws RejectedTokenException {
    return inflate(compressed, new Spares<>());
  }

  /** Inflates into an array of its own. */
  static byte[] inflate(byte[] compressed, Spares<BoundedInflate> spares)
      throws RejectedTokenException {
    BoundedInflate spare = spares.take();
    BoundedInflate inflate = spare == null ? new BoundedInflate() : spare;
    boolean isKept = false;
    try {
      byte[] inflated = inflate.run(compressed);
      isKept = spares.give(inflate);
      return inflated;
    } finally {
      if (!isKept) {
        inflate.inflater.end();
      }
    }
  }

  private byte[] run(byte[] compressed) throws RejectedTokenException {
    int limit =
        (int) Math.min(StrictJson.MAX_DOCUMENT_LENGTH, (long) compressed.length * MAX_RATIO);
    inflater.setInput(compressed);
    int length = 0;
    try {
      while (!inflater.finished()) {
        // One byte more than allowed: a stream that ends exactly at the limit must be told from one
        // that goes on.
        if (length == scratch.length) {
          byte[] larger = Arrays.copyOf(scratch, Math.min(MAX_SCRATCH, 2 * length));
          Arrays.fill(scratch, (byte) 0);
          scratch = larger;
        }
        int room = Math.min(scratch.length, limit + 1) - length;
        int read = inflater.inflate(scratch, length, room);
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
      return Arrays.copyOf(scratch, length);
    } catch (DataFormatException e) {
      throw new RejectedTokenException(Rejection.UNREADABLE);
    } finally {
      // Nothing of one session is left for the next.
      Arrays.fill(scratch, 0, Math.min(scratch.length, length), (byte) 0);
      inflater.reset();
    }
  }
}
