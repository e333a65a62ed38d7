package dev.satchel.keys;

import dev.satchel.SessionKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * From one document to the next. Every step also does the housekeeping that is due: expired keys
 * are erased, retired private parts dropped, old tombstones forgotten.
 */
final class RingSuccession {
  private final SecureRandom random;

  RingSuccession(SecureRandom random) {
    this.random = random;
  }

  /**
   * The first document, with a key that signs at once: nobody can have served without a ring (N8).
   */
  RingDocument bootstrap(String name, RotationPolicy policy, Instant now) {
    RingDocument founding = RingDocument.founding(name, policy, random);
    RingKey first = key(founding, 1, policy, now, now, Origin.BOOTSTRAP);
    return founding.successor(null, 1, policy, List.of(first), List.of());
  }

  /**
   * Whether the next key is to be published (N7): none is waiting, and the newest has a lead time
   * left of its period.
   */
  static boolean isDue(RingDocument document, Instant now) {
    return rotationDueAt(document).map(due -> !now.isBefore(due)).orElse(false);
  }

  /** When the next key is to be published. Empty for a ring without keys: only init makes those. */
  static Optional<Instant> rotationDueAt(RingDocument document) {
    RotationPolicy policy = document.policy();
    return document
        .newest()
        .map(key -> key.activateAt().plus(policy.period()).minus(policy.lead()));
  }

  /** The document with one more key that activates a lead time from now. */
  RingDocument rotated(RingRepository.Loaded base, RotationPolicy policy, Instant now) {
    RingDocument document = base.document();
    for (RingKey key : document.keys()) {
      if (key.isImported()) {
        continue; // No step in this ring's rotation.
      }
      if (key.activateAt().isAfter(now)) {
        throw new KeyRingException(
            KeyRingException.Reason.POLICY,
            "ring "
                + document.name()
                + ": key "
                + key.id()
                + " is already published and activates at "
                + key.activateAt());
      }
      // N7: publications at least half a lead apart, or a runaway clock would churn through keys.
      Instant earliest = key.publishedAt().plus(policy.lead().dividedBy(2));
      if (now.isBefore(earliest)) {
        throw new KeyRingException(
            KeyRingException.Reason.POLICY,
            "ring "
                + document.name()
                + ": key "
                + key.id()
                + " was published at "
                + key.publishedAt()
                + ", the next may be from "
                + earliest
                + " on (half a lead later)");
      }
    }
    return withNewKey(
        base, policy, now, now.plus(policy.lead()), Origin.SCHEDULED, document.keys());
  }

  /** The document with one more key that activates as soon as it can have spread (N9). */
  RingDocument rotatedInEmergency(RingRepository.Loaded base, RotationPolicy policy, Instant now) {
    // A script that repeats itself would fill the ring with keys that never sign.
    for (RingKey key : base.document().keys()) {
      if (key.origin() == Origin.FORCED && now.isBefore(key.activateAt())) {
        throw new KeyRingException(
            KeyRingException.Reason.POLICY,
            "ring "
                + base.document().name()
                + ": emergency key "
                + key.id()
                + " is already published and activates at "
                + key.activateAt());
      }
    }
    return withNewKey(
        base, policy, now, now.plus(policy.emergencyLead()), Origin.FORCED, base.document().keys());
  }

  /**
   * The document without these keys, whose material is gone from this commit on. If that leaves
   * none to sign with, it has a new one that signs at once: sealed with it, tokens reach nodes that
   * do not know it yet, and those ask again rather than forget the session (N6).
   */
  RingDocument revoked(RingRepository.Loaded base, Set<String> ids, Instant now) {
    RingDocument document = base.document();
    var tombstones = new ArrayList<Tombstone>(document.tombstones());
    var living = new ArrayList<RingKey>();
    // A tombstone says when the key retired its predecessor, and that goes by the store's date.
    for (RingKey key : dated(base, now).keys()) {
      if (ids.contains(key.id())) {
        tombstones.add(Tombstone.of(key, Tombstone.Why.REVOKED, now, document.policy()));
      } else {
        living.add(key);
      }
    }
    RingDocument without =
        document.successor(
            base.hash(), document.epoch() + 1, document.policy(), living, tombstones);
    if (new KeyTimeline(without).active(now).isPresent()) {
      return swept(base, document.policy(), living, tombstones, now);
    }
    living.add(key(document, document.epoch() + 1, document.policy(), now, now, Origin.FORCED));
    return swept(base, document.policy(), living, tombstones, now);
  }

  /**
   * The document without what is due to go, which any other change would take along; empty if
   * nothing is.
   */
  Optional<RingDocument> pruned(RingRepository.Loaded base, Instant now) {
    RingDocument document = base.document();
    RingDocument next = swept(base, document.policy(), document.keys(), document.tombstones(), now);
    if (next.newest().isEmpty() && document.newest().isPresent()) {
      throw new KeyRingException(
          KeyRingException.Reason.POLICY,
          "ring "
              + document.name()
              + " would be left without any key, and rotate no more; `satchel-keys rotate"
              + " --emergency` gives it one, and prunes too");
    }
    return isSame(document, next) ? Optional.empty() : Optional.of(next);
  }

  /** Keys with or without their private parts, and tombstones; not the dates of publication. */
  private static boolean isSame(RingDocument a, RingDocument b) {
    return parts(a).equals(parts(b))
        && Set.copyOf(a.tombstones()).equals(Set.copyOf(b.tombstones()));
  }

  private static Map<String, Boolean> parts(RingDocument document) {
    return document.keys().stream()
        .collect(Collectors.toMap(RingKey::id, key -> key.material().canIssue()));
  }

  /**
   * The document with keys of elsewhere to verify with, and with further tombstones: of keys that
   * were revoked there.
   */
  RingDocument imported(
      RingRepository.Loaded base, List<RingKey> further, Set<String> revoked, Instant now) {
    RingDocument document = base.document();
    var living = new ArrayList<>(document.keys());
    living.removeIf(key -> revoked.contains(key.id()));
    living.addAll(further);
    var tombstones = new ArrayList<>(document.tombstones());
    revoked.forEach(id -> tombstones.add(Tombstone.ofStranger(id, Tombstone.Why.REVOKED, now)));
    return swept(base, document.policy(), living, tombstones, now);
  }

  /**
   * The union of the document held and the one in the store, or the held one where the store lost
   * everything, as the next epoch after both (N1). Keys that the store had lost are published anew:
   * nodes that never saw them have gone on without. Where each side has revoked what the other
   * signed with, the union has a new key that signs at once, as after any revocation.
   */
  RingDocument healed(
      RingDocument held, String heldHash, RingRepository.@Nullable Loaded base, Instant now) {
    if (base != null && !base.document().lineage().equals(held.lineage())) {
      throw new KeyRingException(
          KeyRingException.Reason.CONFLICT,
          "another ring is there now, " + base.document() + "; nothing is put back over it");
    }
    RingDocument union = base == null ? held : held.union(dated(base, now));
    List<RingKey> keys =
        union.keys().stream()
            .map(
                key ->
                    base != null && base.document().key(key.id()).isPresent()
                        ? key
                        : key.publishedNoEarlierThan(now))
            .toList();
    // The document of the epoch before, which the store may have lost.
    String before = base == null || base.document().epoch() < held.epoch() ? heldHash : base.hash();
    long epoch = union.epoch() + 1;
    RingDocument healed = union.successor(before, epoch, union.policy(), keys, union.tombstones());
    if (new KeyTimeline(healed).active(now).isPresent()) {
      return healed;
    }
    var living = new ArrayList<>(keys);
    living.add(key(union, epoch, union.policy(), now, now, Origin.FORCED));
    return union.successor(before, epoch, union.policy(), living, union.tombstones());
  }

  /** The same keys under another seal. No housekeeping: nothing else changes with it. */
  static RingDocument resealed(RingRepository.Loaded base, Seal seal, Instant now) {
    RingDocument document = base.document();
    RingDocument dated = dated(base, now);
    return dated
        .successor(
            base.hash(),
            document.epoch() + 1,
            document.policy(),
            dated.keys(),
            document.tombstones())
        .sealed(seal);
  }

  /**
   * The document with the store's date on the keys of its newest epoch, which after the next commit
   * they no longer are.
   */
  private static RingDocument dated(RingRepository.Loaded base, Instant now) {
    // The store's date is not authenticated: one in the future would stop rotation for good.
    return base.committedAt()
        .map(at -> base.document().newestPublishedNoEarlierThan(at.isBefore(now) ? at : now))
        .orElse(base.document());
  }

  /** A tombstone outlives every node that may still hold the key. */
  static Duration keepOfTombstones(RotationPolicy policy) {
    return policy.retention().plus(policy.staleAfter()).plus(policy.clockSkew().multipliedBy(2));
  }

  private RingDocument withNewKey(
      RingRepository.Loaded base,
      RotationPolicy policy,
      Instant now,
      Instant activateAt,
      Origin origin,
      List<RingKey> keys) {
    RingDocument document = base.document();
    var next = new ArrayList<RingKey>(keys);
    next.add(key(document, document.epoch() + 1, policy, now, activateAt, origin));
    return swept(base, policy, next, document.tombstones(), now);
  }

  private RingKey key(
      RingDocument document,
      long epoch,
      RotationPolicy policy,
      Instant now,
      Instant activateAt,
      Origin origin) {
    String id;
    do {
      id = document.keyId().mint(epoch, random);
    } while (document.key(id).isPresent() || document.tombstone(id).isPresent());
    return new RingKey(
        SessionKey.generate(
            id, policy.algorithm(), new HedgedRandom(random, document.lineageKey(), id)),
        epoch,
        now,
        activateAt,
        activateAt.plus(policy.signingLimit()),
        policy.retention(),
        origin,
        Map.of());
  }

  private static RingDocument swept(
      RingRepository.Loaded base,
      RotationPolicy policy,
      List<RingKey> keys,
      List<Tombstone> tombstones,
      Instant now) {
    RingDocument document = base.document();
    long epoch = document.epoch() + 1;
    // The store's date is not authenticated: one in the future would stop rotation for good.
    Instant committedAt = base.committedAt().filter(at -> at.isBefore(now)).orElse(now);
    List<RingKey> dated =
        base.committedAt().isEmpty()
            ? keys
            : keys.stream()
                .map(
                    key ->
                        key.epoch() == document.epoch()
                            ? key.publishedNoEarlierThan(committedAt)
                            : key)
                .toList();
    KeyTimeline timeline =
        new KeyTimeline(document.successor(base.hash(), epoch, policy, dated, tombstones));
    Duration skew = policy.clockSkew().multipliedBy(2);
    var kept = new ArrayList<RingKey>();
    var buried = new ArrayList<Tombstone>();
    for (RingKey key : dated) {
      if (!now.isBefore(timeline.verifyUntil(key).plus(skew))) {
        buried.add(Tombstone.of(key, Tombstone.Why.DESTROYED, now, policy));
        continue;
      }
      // A signature key is destroyed when it stops signing (NIST SP 800-57 part 1 §5.3.6), after G.
      boolean retired =
          !now.isBefore(timeline.lastSignatureAt(key).plus(policy.grace()).plus(skew));
      kept.add(retired ? key.withoutPrivatePart() : key);
    }
    Duration keep = keepOfTombstones(policy);
    for (Tombstone tombstone : tombstones) {
      // Nor is it forgotten before every key that it once retired.
      boolean retiredSomebody =
          kept.stream()
              .anyMatch(
                  key -> !key.isImported() && key.activateAt().isBefore(tombstone.activateAt()));
      if (retiredSomebody || now.isBefore(tombstone.at().plus(keep))) {
        buried.add(tombstone);
      }
    }
    return document.successor(base.hash(), epoch, policy, kept, buried);
  }
}
