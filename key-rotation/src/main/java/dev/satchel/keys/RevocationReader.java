package dev.satchel.keys;

import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a store's log of revocations on from where it was, and sees whether that place is still
 * what it was. Counts what nobody with this ring has made, and goes on. Used by one thread at a
 * time.
 */
final class RevocationReader {
  /** As many records as twice the most entries, if each were alone; more is not read at a time. */
  private static final int MAX_PAGES = 2 * RevokedSessions.MAX_ENTRIES / RevocationLog.MAX_RECORDS;

  /** Read once, a forged record is news for a day, so that whoever looks once a day sees it. */
  private static final Duration FORGED_TOLD = Duration.ofDays(1);

  private final RevocationLog log;
  private final RevocationKeys keys;
  private final LongSupplier nanos;

  /** Of the record that was read last; 0 before the first. */
  private long position;

  private byte[] last = new byte[0];

  /** Asked for to see whether the place is the same, and not taken in yet. */
  private @Nullable List<RevocationLog.Kept> ahead;

  private long forgedUpTo;
  private long forgedUntil;

  /** Read by anybody. */
  private final AtomicLong forged = new AtomicLong();

  RevocationReader(RevocationLog log, RevocationKeys keys, LongSupplier nanos) {
    this.log = log;
    this.keys = keys;
    this.nanos = nanos;
  }

  /**
   * Asks the log for what comes next. If it was set back or emptied since the last time, all there
   * is comes next.
   *
   * @return whether it was not
   */
  boolean findsItsPlace() {
    List<RevocationLog.Kept> page = page(Math.max(1, position));
    if (position > 0 && !goesOn(page)) {
      forgedUpTo = 0;
      rewind();
      return false;
    }
    ahead = page;
    return true;
  }

  /** Whether this begins with the record that was read last, or behind it where that is gone. */
  private boolean goesOn(List<RevocationLog.Kept> page) {
    if (page.isEmpty()) {
      return false; // the last one is never dropped
    }
    RevocationLog.Kept first = page.get(0);
    return first.position() > position || MessageDigest.isEqual(first.record(), last);
  }

  /** All there is comes next. */
  void rewind() {
    if (position > 0) {
      position = 0;
      ahead = null;
    }
  }

  /** Reads all that comes next. What was read before a failure is not read again. */
  void read(Consumer<Revocation> taker) {
    List<RevocationLog.Kept> page = ahead == null ? page(Math.max(1, position)) : ahead;
    ahead = null;
    for (int pages = 0; pages < MAX_PAGES; pages++) {
      for (RevocationLog.Kept kept : page) {
        read(kept, taker);
      }
      if (page.size() < RevocationLog.MAX_RECORDS) {
        return;
      }
      page = page(position + 1);
    }
    throw new KeyRingException(
        KeyRingException.Reason.UNREADABLE, "more records of revocations than there can be");
  }

  private void read(RevocationLog.Kept kept, Consumer<Revocation> taker) {
    if (kept.position() == position) {
      return; // the one that was read last
    }
    byte[] record = kept.record();
    List<Revocation> entries = keys.read(record);
    if (entries != null) {
      entries.forEach(taker);
    } else if (kept.position() > forgedUpTo) {
      forgedUpTo = kept.position();
      forged.incrementAndGet();
      forgedUntil = nanos.getAsLong() + FORGED_TOLD.toNanos();
    }
    position = kept.position();
    last = record;
  }

  private List<RevocationLog.Kept> page(long from) {
    return log.from(from, RevocationLog.MAX_RECORDS);
  }

  /** How many records were met that no node of this ring has made. By any thread. */
  long forged() {
    return forged.get();
  }

  /** Whether one of them is news. */
  boolean hasForgedLately() {
    return forged.get() > 0 && nanos.getAsLong() < forgedUntil;
  }

  /** The log; no records. */
  @Override
  public String toString() {
    return "RevocationReader[" + log + "]";
  }
}
