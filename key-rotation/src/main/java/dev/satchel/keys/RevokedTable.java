package dev.satchel.keys;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A hash table of 128-bit keys with a date each, in one array with open addressing: three words for
 * a place, side by side, so that a look-up mostly touches one line of the cache. Keys are random or
 * hashed under a secret, so their own bits say where they go and nobody can aim at a place.
 *
 * <p>Any number of threads read while one writes. A place is filled once and for good: the key
 * first and then, with release semantics, the date, which is not 0; who reads a date with acquire
 * semantics sees its key. Dates only rise. Nothing is taken out; a table is replaced by another.
 */
final class RevokedTable {
  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int WORDS = 3;
  private static final int DATE = 2;

  private final long[] words;
  private final int mask;
  private int size;

  private RevokedTable(int places) {
    words = new long[WORDS * places];
    mask = places - 1;
  }

  /** One that takes so many keys while at most two thirds of its places are in use. */
  static RevokedTable of(int keys) {
    int places = 64;
    while (places / 3 * 2 < keys) {
      places *= 2;
    }
    return new RevokedTable(places);
  }

  /** The date of a key; 0 if it is not there. By any thread. */
  long get(long high, long low) {
    for (int place = place(low); ; place = place + 1 & mask) {
      int at = place * WORDS;
      long date = (long) WORD.getAcquire(words, at + DATE);
      if (date == 0 || words[at] == high && words[at + 1] == low) {
        return date; // an end, as a third of the places at least is empty
      }
    }
  }

  /**
   * Adds a key, or raises its date. By one thread at a time.
   *
   * @param date not 0
   * @return whether anything changed
   */
  boolean put(long high, long low, long date) {
    for (int place = place(low); ; place = place + 1 & mask) {
      int at = place * WORDS;
      long before = words[at + DATE];
      if (before != 0 && (words[at] != high || words[at + 1] != low)) {
        continue;
      }
      if (date <= before) {
        return false;
      }
      if (before == 0) {
        if (!hasRoom()) {
          throw new IllegalStateException("full");
        }
        words[at] = high;
        words[at + 1] = low;
        size++;
      }
      WORD.setRelease(words, at + DATE, date);
      return true;
    }
  }

  /** Whether one more key fits. */
  boolean hasRoom() {
    return size < (mask + 1) / 3 * 2;
  }

  int size() {
    return size;
  }

  /** Of the array, which is all but all that it takes. */
  long bytes() {
    return (long) Long.BYTES * words.length;
  }

  /** Shows all keys to somebody; those added meanwhile perhaps. By any thread. */
  void forEach(Visitor visitor) {
    for (int at = 0; at < words.length; at += WORDS) {
      long date = (long) WORD.getAcquire(words, at + DATE);
      if (date != 0) {
        visitor.visit(words[at], words[at + 1], date);
      }
    }
  }

  private int place(long low) {
    return (int) (low >>> 8) & mask; // an id's last bits do: they are as random as all others
  }

  /** Looks at a key and its date. */
  interface Visitor {
    void visit(long high, long low, long date);
  }
}
