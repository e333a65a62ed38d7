package dev.satchel.keys;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a store took, and no read has shown since: a failover can lose it, and nothing else tells,
 * as the record that was read last is older. Used by one thread at a time.
 */
final class UnseenRevocations {
  private final int max;

  /** When each was taken, by the monotonic clock. */
  private final Map<Revocation, Long> taken = new LinkedHashMap<>();

  private boolean overflown;

  UnseenRevocations(int max) {
    this.max = max;
  }

  void taken(List<Revocation> entries, long now) {
    for (Revocation entry : entries) {
      taken.put(entry, now);
    }
    if (taken.size() > max) {
      taken.clear();
      overflown = true;
    }
  }

  void seen(Revocation entry) {
    taken.remove(entry);
  }

  /**
   * Those that should have been seen. They stay until they are seen, or taken anew.
   *
   * @param latest taken then or before
   * @param isOver of what denies nothing any more, which the store may have dropped
   */
  List<Revocation> lost(long latest, Predicate<Revocation> isOver) {
    taken.keySet().removeIf(isOver);
    var lost = new ArrayList<Revocation>();
    taken.forEach(
        (entry, at) -> {
          if (at <= latest) {
            lost.add(entry);
          }
        });
    return lost;
  }

  /** Whether there were too many to remember since this was last asked. */
  boolean hasOverflown() {
    boolean before = overflown;
    overflown = false;
    return before;
  }

  /** A number only. */
  @Override
  public String toString() {
    return "UnseenRevocations[" + taken.size() + "]";
  }
}
