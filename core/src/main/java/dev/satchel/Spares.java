package dev.satchel;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Objects that are dear to make and for one thread at a time, kept between their uses: ciphers,
 * MACs, buffers. Nobody waits: where none is spare the caller makes one, and where there is no room
 * it is dropped. Bounded by the number of processors, so that ten thousand virtual threads leave no
 * more behind than two, which a {@link ThreadLocal} would not do.
 *
 * <p>What an exception or error left in the middle of its work is not given back.
 */
final class Spares<T> {
  private static final int MAX = 32; // beyond this many at once, making one is the smaller cost

  private final AtomicReferenceArray<@Nullable T> slots;

  Spares() {
    // No more threads than processors run at once; the next power of two, for the mask.
    int processors = Math.min(MAX, Runtime.getRuntime().availableProcessors());
    slots = new AtomicReferenceArray<>(Math.max(2, Integer.highestOneBit(2 * processors - 1)));
  }

  /** One that nobody else has, or null. */
  @Nullable T take() {
    int mask = slots.length() - 1;
    int start = start();
    for (int i = 0; i <= mask; i++) {
      int slot = (start + i) & mask;
      if (slots.get(slot) != null) {
        T spare = slots.getAndSet(slot, null);
        if (spare != null) {
          return spare;
        }
      }
    }
    return null;
  }

  /**
   * Gives back what was taken, or made; where it is kept, the caller no longer touches it.
   *
   * @return whether it is kept
   */
  boolean give(T spare) {
    int mask = slots.length() - 1;
    int start = start();
    for (int i = 0; i <= mask; i++) {
      int slot = (start + i) & mask;
      if (slots.get(slot) == null && slots.compareAndSet(slot, null, spare)) {
        return true;
      }
    }
    return false;
  }

  /** Threads begin in different slots, so that they seldom meet. */
  private static int start() {
    return (int) Thread.currentThread().getId();
  }

  /** How many are kept; not what. */
  @Override
  public String toString() {
    int kept = 0;
    for (int i = 0; i < slots.length(); i++) {
      kept += slots.get(i) == null ? 0 : 1;
    }
    return "Spares[kept=" + kept + "]";
  }
}
