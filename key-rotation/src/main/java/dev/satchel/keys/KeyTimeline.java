package dev.satchel.keys;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the dates of a ring mean: for every key when it stops signing and verifying. A pure function
 * of the document; together with an instant it gives the phase.
 *
 * <pre>
 *   publishedAt ── PRE_ACTIVATION ── activateAt ── ACTIVE ── deactivateAt ── DEACTIVATED ── verifyUntil ── EXPIRED
 * </pre>
 */
final class KeyTimeline {
  private final RingDocument document;
  private final Map<String, Instant> deactivateAt = new HashMap<>();
  private final Map<String, Instant> verifyUntil = new HashMap<>();

  KeyTimeline(RingDocument document) {
    this.document = document;
    for (RingKey key : document.keys()) {
      if (key.isImported()) {
        // Nobody here succeeds it: its successors are elsewhere, and its end is its own.
        deactivateAt.put(key.id(), key.activateAt());
        verifyUntil.put(key.id(), key.notAfter().plus(key.retention()));
        continue;
      }
      Instant deactivation = key.notAfter();
      Instant lastSignature = key.notAfter();
      // A key retires when its first successor takes over; nobody has to say so.
      for (RingKey other : document.keys()) {
        if (!other.isImported() && RingDocument.SUCCESSION.compare(other, key) > 0) {
          deactivation = earlier(deactivation, other.activateAt());
          lastSignature = earlier(lastSignature, other.retiresPredecessorAt(document.policy()));
        }
      }
      for (Tombstone gone : document.tombstones()) {
        // A successor that was revoked before it took over never retired anybody.
        if (gone.hadActivated() && gone.activateAt().isAfter(key.activateAt())) {
          deactivation = earlier(deactivation, gone.activateAt());
          lastSignature = earlier(lastSignature, gone.retiresAt());
        }
      }
      deactivateAt.put(key.id(), deactivation);
      verifyUntil.put(key.id(), lastSignature.plus(key.retention()));
    }
  }

  private static Instant earlier(Instant a, Instant b) {
    return b.isBefore(a) ? b : a;
  }

  RingDocument document() {
    return document;
  }

  /** When the key's successor takes over, or its {@code notAfter}. */
  Instant deactivateAt(RingKey key) {
    return known(deactivateAt, key);
  }

  /** Last signature + G + TTLmax + 2ε: no token of the key is alive then, on any clock (I2). */
  Instant verifyUntil(RingKey key) {
    return known(verifyUntil, key);
  }

  /** When the last good token of the key was made; at its deactivation or later. */
  Instant lastSignatureAt(RingKey key) {
    return verifyUntil(key).minus(key.retention());
  }

  private Instant known(Map<String, Instant> dates, RingKey key) {
    Instant at = dates.get(key.id());
    if (at == null) {
      throw new IllegalArgumentException("key " + key.id() + " is not of " + document);
    }
    return at;
  }

  /** Total, and monotone in time. */
  KeyPhase phase(RingKey key, Instant now) {
    if (!now.isBefore(verifyUntil(key))) {
      return KeyPhase.EXPIRED;
    }
    if (key.isImported()) {
      return KeyPhase.DEACTIVATED; // From its first moment here.
    }
    if (now.isBefore(key.activateAt())) {
      return KeyPhase.PRE_ACTIVATION;
    }
    return now.isBefore(deactivateAt(key)) ? KeyPhase.ACTIVE : KeyPhase.DEACTIVATED;
  }

  /** The phase of an id that the document holds or has buried. */
  Optional<KeyPhase> phase(String id, Instant now) {
    Optional<KeyPhase> living = document.key(id).map(key -> phase(key, now));
    return living.isPresent()
        ? living
        : document
            .tombstone(id)
            .map(
                tombstone ->
                    tombstone.why() == Tombstone.Why.REVOKED
                        ? KeyPhase.REVOKED
                        : KeyPhase.DESTROYED);
  }

  /** The key that all nodes sign with once everybody has caught up, if there is one. */
  Optional<RingKey> active(Instant now) {
    return document.keys().stream()
        .filter(key -> phase(key, now) == KeyPhase.ACTIVE)
        .reduce((first, last) -> last);
  }
}
