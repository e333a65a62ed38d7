package dev.satchel.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What nodes say of themselves, beside the ring of a store that keeps it: one short text for each
 * name, the last one. Whoever may write to the store can write anything here; it is shown to people
 * and never acted on. Implementations are thread-safe, and pass {@code NodeReportsContract}.
 *
 * <p>All methods throw {@link KeyRingException} with {@link KeyRingException.Reason#UNAVAILABLE} if
 * the store cannot do it, and none of them touches the ring.
 */
public interface NodeReports {
  /** A report has at most so many characters, all of them ASCII; stores refuse longer ones. */
  int MAX_LENGTH = 1024;

  /** So many names are kept for a ring; further ones are refused until old ones are dropped. */
  int MAX_NODES = 16_384;

  /**
   * Replaces what the node said before.
   *
   * @param node 1 to 64 of {@code A-Z a-z 0-9 . _ -}, not beginning with a dot
   * @param report 1 to {@link #MAX_LENGTH} printable ASCII characters
   */
  void put(String node, String report);

  /** All that is kept, in the order of names. What is not a report in form is left out. */
  List<Kept> all();

  /** Forgets what is older by the store's clock. */
  void dropOlderThan(Duration age);

  /**
   * What a node said.
   *
   * @param node its name
   * @param at when the store took it in, by the store's clock
   * @param report the text, of at most {@link #MAX_LENGTH} characters
   */
  record Kept(String node, Instant at, String report) {}
}
