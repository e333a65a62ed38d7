package dev.satchel.keys;

import java.util.Locale;

/** Why a key was made. */
enum Origin {
  /** With the ring: nobody can have served before it, so it signs at once (N8). */
  BOOTSTRAP,
  /** By rotation, a lead time ahead. */
  SCHEDULED,
  /** In an emergency: signs before everybody is certain to know it (N9). */
  FORCED,
  /** Elsewhere: it verifies what was signed there, never signs, and retires nobody. */
  IMPORTED;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Origin of(String label) {
    for (Origin origin : values()) {
      if (origin.label().equals(label)) {
        return origin;
      }
    }
    throw new IllegalArgumentException(
        "origin is not one of bootstrap, scheduled, forced, imported");
  }
}
