package dev.satchel.keys;

import java.time.Instant;
import java.util.Locale;

/**
 * What is left of a key whose material is gone. Sticky: a key that has one never comes back, and of
 * two the earlier counts (I6).
 *
 * @param activateAt when the key was to sign. Its predecessor retired then if it lived so long; a
 *     retirement must not be undone because the successor was revoked
 * @param retiresAt {@link RingKey#retiresPredecessorAt} of the key
 */
record Tombstone(String id, Why why, Instant at, Instant activateAt, Instant retiresAt) {

  static Tombstone of(RingKey key, Why why, Instant at, RotationPolicy policy) {
    if (key.isImported()) {
      return ofStranger(key.id(), why, at);
    }
    return new Tombstone(key.id(), why, at, key.activateAt(), key.retiresPredecessorAt(policy));
  }

  /** Of a key that never signed here: as it had not activated before it went, it retires nobody. */
  static Tombstone ofStranger(String id, Why why, Instant at) {
    return new Tombstone(id, why, at, at, at);
  }

  /** Whether the key had taken over from its predecessor before it went. */
  boolean hadActivated() {
    return activateAt.isBefore(at);
  }

  /**
   * Of two tombstones of one key the earlier one; a revocation before anything else. The retirement
   * is the later one: it knows more of when the key was published.
   */
  Tombstone merge(Tombstone other) {
    boolean mine = why == other.why ? !other.at.isBefore(at) : why == Why.REVOKED;
    Tombstone first = mine ? this : other;
    Instant retires = other.retiresAt.isAfter(retiresAt) ? other.retiresAt : retiresAt;
    return new Tombstone(first.id, first.why, first.at, first.activateAt, retires);
  }

  enum Why {
    REVOKED,
    DESTROYED;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Why of(String label) {
      for (Why why : values()) {
        if (why.label().equals(label)) {
          return why;
        }
      }
      throw new IllegalArgumentException("why is not one of revoked, destroyed");
    }
  }
}
