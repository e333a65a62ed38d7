package dev.satchel.keys;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Records of revoked sessions, beside the ring of a store that keeps them: a list that only grows
 * at its end, and loses what is out of date. What a record holds is the nodes' affair, which also
 * authenticate it; the store can lose one, and make none. Implementations are thread-safe, and pass
 * {@code RevocationLogContract}.
 *
 * <p>All methods throw {@link KeyRingException} with {@link KeyRingException.Reason#UNAVAILABLE} if
 * the store cannot do it, and none of them touches the ring.
 */
public interface RevocationLog {
  /** A record has at most so many bytes; stores refuse larger ones. */
  int MAX_BYTES = 8 * 1024;

  /** No read asks for more records at once, so that no answer is larger than 8 MiB. */
  int MAX_RECORDS = 1024;

  /**
   * Adds a record behind all others, at a position above all positions there are. Of two records
   * whoever reads the later one can read the earlier one as well. After an exception the record may
   * be there all the same; who adds it once more does no harm.
   *
   * @param record 1 to {@link #MAX_BYTES} bytes; copied if kept
   * @param until from when on it may be dropped
   */
  void append(byte[] record, Instant until);

  /**
   * The first records from this position on, in their order; what is larger than a record may be is
   * given as one of no bytes.
   *
   * @param position 1 or more; inclusive
   * @param limit 1 to {@link #MAX_RECORDS}
   */
  List<Kept> from(long position, int limit);

  /**
   * Drops what is out of date by the store's clock, or some of it; never the last record, so that
   * no position is used twice.
   */
  void dropExpired();

  /** A record in its place. */
  final class Kept {
    private final long position;
    private final byte[] record;

    /**
     * @param position 1 or more
     * @param record copied
     */
    public Kept(long position, byte[] record) {
      if (position < 1) {
        throw new IllegalArgumentException("position is " + position + ", allowed is 1 or more");
      }
      this.position = position;
      this.record = Objects.requireNonNull(record, "record").clone();
    }

    /** Where it is: above those of all records before it. */
    public long position() {
      return position;
    }

    /** A copy of the record. */
    public byte[] record() {
      return record.clone();
    }

    /** Position and size only. */
    @Override
    public String toString() {
      return "Kept[position=" + position + ", bytes=" + record.length + "]";
    }
  }
}
