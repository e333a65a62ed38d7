package dev.satchel.servlet;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a live session was read from or written as. A request that presents one of them
 * knows no more than the live session does and may share it; a newer one that is not among them was
 * written by another node, and holds what the live session lacks.
 *
 * <p>More than one are told apart by 64 bits of their last characters, which are cipher text, tag
 * or signature. Only tokens that were accepted for this very session are ever compared, so nothing
 * can be had by a collision. Guarded by the session.
 */
final class Lineage {
  /** Bounds what one session that is written on and on while requests overlap may take. */
  static final int MAX_TOKENS = 16_384;

  /** As many characters as tell tokens apart: more than the 64 bits that are kept. */
  private static final int CHARACTERS = 16;

  /** The first one: nearly always the only one, for which no set is made. */
  private @Nullable String first;

  private Set<Long> others = Set.of();

  void add(String token) {
    String only = first;
    if (only == null) {
      first = token;
    } else if (others.isEmpty()) {
      if (!token.equals(only)) {
        others = new LinkedHashSet<>();
        others.add(tail(only));
        others.add(tail(token));
      }
    } else if (others.add(tail(token)) && others.size() > MAX_TOKENS) {
      Iterator<Long> oldest = others.iterator();
      oldest.next();
      oldest.remove();
    }
  }

  boolean has(String token) {
    return others.isEmpty() ? token.equals(first) : others.contains(tail(token));
  }

  boolean isEmpty() {
    return first == null;
  }

  void clear() {
    first = null;
    others = Set.of();
  }

  private static long tail(String token) {
    long tail = 0;
    for (int i = Math.max(0, token.length() - CHARACTERS); i < token.length(); i++) {
      tail = 67 * tail + token.charAt(i); // an odd factor above 64, the size of the alphabet
    }
    return tail;
  }
}
