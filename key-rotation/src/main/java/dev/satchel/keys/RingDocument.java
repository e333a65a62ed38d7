package dev.satchel.keys;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One immutable state of a ring: identity, policy, keys, tombstones. A new state is a new document
 * of the next epoch, never a change of this one.
 */
final class RingDocument {
  /** The order in which keys take over from one another. Total, so that all nodes agree. */
  static final Comparator<RingKey> SUCCESSION =
      Comparator.comparing(RingKey::activateAt)
          .thenComparing(RingKey::epoch)
          .thenComparing(RingKey::id);

  private final String name;
  private final String lineage;
  private final byte[] lineageKey;
  private final KeyId keyId;
  private final long epoch;
  private final @Nullable String previousHash;
  private final RotationPolicy policy;
  private final List<RingKey> keys;
  private final List<Tombstone> tombstones;
  private final Map<String, JsonNode> unknown;
  private final Map<String, JsonNode> unknownInPolicy;
  private final Seal seal;

  RingDocument(
      String name,
      String lineage,
      byte[] lineageKey,
      long epoch,
      @Nullable String previousHash,
      RotationPolicy policy,
      List<RingKey> keys,
      List<Tombstone> tombstones,
      Map<String, JsonNode> unknown,
      Map<String, JsonNode> unknownInPolicy,
      Seal seal) {
    this(
        name,
        lineage,
        lineageKey,
        new KeyId(lineageKey),
        epoch,
        previousHash,
        policy,
        keys,
        tombstones,
        unknown,
        unknownInPolicy,
        seal);
  }

  private RingDocument(
      String name,
      String lineage,
      byte[] lineageKey,
      KeyId keyId,
      long epoch,
      @Nullable String previousHash,
      RotationPolicy policy,
      List<RingKey> keys,
      List<Tombstone> tombstones,
      Map<String, JsonNode> unknown,
      Map<String, JsonNode> unknownInPolicy,
      Seal seal) {
    this.name = name;
    this.lineage = lineage;
    this.lineageKey = lineageKey.clone();
    this.keyId = keyId;
    this.epoch = epoch;
    this.previousHash = previousHash;
    this.policy = policy;
    this.keys = keys.stream().sorted(SUCCESSION).toList();
    this.tombstones = List.copyOf(tombstones);
    this.unknown = Map.copyOf(unknown);
    this.unknownInPolicy = Map.copyOf(unknownInPolicy);
    this.seal = seal;
    var ids = new HashSet<String>();
    for (RingKey key : this.keys) {
      if (!ids.add(key.id())) {
        throw new IllegalArgumentException("two keys have the id " + key.id());
      }
    }
    for (Tombstone tombstone : this.tombstones) {
      if (!ids.add(tombstone.id())) {
        throw new IllegalArgumentException(
            "key " + tombstone.id() + " has a tombstone and material, or two tombstones");
      }
    }
  }

  /** The first document of a new lineage, without keys. */
  static RingDocument founding(String name, RotationPolicy policy, SecureRandom random) {
    byte[] lineageKey = new byte[32];
    random.nextBytes(lineageKey);
    return new RingDocument(
        name,
        Lineage.of(lineageKey),
        lineageKey,
        0,
        null,
        policy,
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        Seal.UNDECIDED);
  }

  /** The next document after this one. What this release does not know is kept. */
  RingDocument successor(
      @Nullable String hash,
      long nextEpoch,
      RotationPolicy nextPolicy,
      List<RingKey> nextKeys,
      List<Tombstone> nextTombstones) {
    if (nextEpoch > KeyId.MAX_EPOCH) {
      throw new KeyRingException(
          KeyRingException.Reason.POLICY,
          "ring " + name + " is at its last epoch, " + epoch + ": start a new ring and move over");
    }
    return new RingDocument(
        name,
        lineage,
        lineageKey,
        keyId,
        nextEpoch,
        hash,
        nextPolicy,
        nextKeys,
        nextTombstones,
        unknown,
        unknownInPolicy,
        seal);
  }

  /** The application's name for the ring. */
  String name() {
    return name;
  }

  /** The identity of the ring, random, minted once. */
  String lineage() {
    return lineage;
  }

  byte[] lineageKey() {
    return lineageKey.clone();
  }

  /** Mints and classifies ids of this lineage. */
  KeyId keyId() {
    return keyId;
  }

  /** The number of this document in its lineage. */
  long epoch() {
    return epoch;
  }

  /** SHA-256 of the stored form of the document before this one. */
  Optional<String> previousHash() {
    return Optional.ofNullable(previousHash);
  }

  RotationPolicy policy() {
    return policy;
  }

  /** In the order of succession. */
  List<RingKey> keys() {
    return keys;
  }

  /** The last in the order of succession, in which imported keys have no part. */
  Optional<RingKey> newest() {
    return keys.stream().filter(key -> !key.isImported()).reduce((first, last) -> last);
  }

  Optional<RingKey> key(String id) {
    return keys.stream().filter(key -> key.id().equals(id)).findFirst();
  }

  List<Tombstone> tombstones() {
    return tombstones;
  }

  Optional<Tombstone> tombstone(String id) {
    return tombstones.stream().filter(tombstone -> tombstone.id().equals(id)).findFirst();
  }

  Map<String, JsonNode> unknown() {
    return unknown;
  }

  Map<String, JsonNode> unknownInPolicy() {
    return unknownInPolicy;
  }

  /**
   * The union of two states of one lineage that a store has let diverge (N1): all keys, less those
   * that either side has buried; of two tombstones the stricter, of two dates of publication the
   * later. Commutative, associative and idempotent but for the epoch, which is the higher one, and
   * what it is sealed under, which is the later one's. Of recipients those of both sides: who is
   * missing on one of them may have been removed there, and adding somebody again is easy; but
   * those of the later one where both leave nobody, or not its own key.
   */
  RingDocument union(RingDocument other) {
    if (!other.lineage.equals(lineage)) {
      throw new IllegalArgumentException("a union of two lineages: " + this + " and " + other);
    }
    RingDocument later = other.epoch > epoch ? other : this;
    RingDocument earlier = later == this ? other : this;
    var buried = new LinkedHashMap<String, Tombstone>();
    later.tombstones.forEach(t -> buried.put(t.id(), t));
    earlier.tombstones.forEach(t -> buried.merge(t.id(), t, Tombstone::merge));
    var living = new LinkedHashMap<String, RingKey>();
    later.keys.forEach(key -> living.put(key.id(), key));
    earlier.keys.forEach(
        key -> living.merge(key.id(), key, (a, b) -> a.publishedNoEarlierThan(b.publishedAt())));
    living.keySet().removeAll(buried.keySet());
    return new RingDocument(
        name,
        lineage,
        lineageKey,
        keyId,
        later.epoch,
        later.previousHash,
        later.policy,
        new ArrayList<>(living.values()),
        new ArrayList<>(buried.values()),
        later.unknown,
        later.unknownInPolicy,
        later.seal.withRecipientsOf(earlier.seal));
  }

  /** How it is, or will be, sealed, and for whom. */
  Seal seal() {
    return seal;
  }

  /** This document sealed in another way; the content is the same but for the recipients. */
  RingDocument sealed(Seal other) {
    return new RingDocument(
        name,
        lineage,
        lineageKey,
        keyId,
        epoch,
        previousHash,
        policy,
        keys,
        tombstones,
        unknown,
        unknownInPolicy,
        other);
  }

  /** This document with the keys of its own commit published no earlier than this. */
  RingDocument newestPublishedNoEarlierThan(Instant instant) {
    return withKeys(
        keys.stream()
            .map(key -> key.epoch() == epoch ? key.publishedNoEarlierThan(instant) : key)
            .toList());
  }

  /** This document with further keys: those that a store has lost and a node still holds. */
  RingDocument with(List<RingKey> found) {
    var all = new ArrayList<RingKey>(keys);
    all.addAll(found);
    return withKeys(all);
  }

  /**
   * This document with further tombstones, and without the keys that they bury: what a node has
   * seen revoked stays revoked on it, whatever a store says later (I6).
   */
  RingDocument burying(List<Tombstone> further) {
    if (further.isEmpty()) {
      return this;
    }
    var buried = new LinkedHashMap<String, Tombstone>();
    tombstones.forEach(t -> buried.put(t.id(), t));
    further.forEach(t -> buried.merge(t.id(), t, Tombstone::merge));
    return with(
        keys.stream().filter(key -> !buried.containsKey(key.id())).toList(),
        new ArrayList<>(buried.values()));
  }

  private RingDocument withKeys(List<RingKey> others) {
    return with(others, tombstones);
  }

  private RingDocument with(List<RingKey> others, List<Tombstone> otherTombstones) {
    return new RingDocument(
        name,
        lineage,
        lineageKey,
        keyId,
        epoch,
        previousHash,
        policy,
        others,
        otherTombstones,
        unknown,
        unknownInPolicy,
        seal);
  }

  /** Identity and size; no material. */
  @Override
  public String toString() {
    return "RingDocument[name="
        + name
        + ", lineage="
        + lineage
        + ", epoch="
        + epoch
        + ", keys="
        + keys.size()
        + "]";
  }
}
