package dev.satchel.keys;

import dev.satchel.SessionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * A key of a ring document with its dates. Immutable, and without a status: phases are derived by
 * {@link KeyTimeline}.
 */
final class RingKey {
  private final SessionKey material;
  private final long epoch;
  private final Instant publishedAt;
  private final Instant activateAt;
  private final Instant notAfter;
  private final Duration retention;
  private final Origin origin;
  private final Map<String, JsonNode> unknown;

  /**
   * @param epoch of the commit that published it
   * @param retention how long it verifies after it stopped signing; kept with the key, since tokens
   *     were made under the policy of their day
   * @param unknown members of a later release, kept when the ring is written again
   */
  RingKey(
      SessionKey material,
      long epoch,
      Instant publishedAt,
      Instant activateAt,
      Instant notAfter,
      Duration retention,
      Origin origin,
      Map<String, JsonNode> unknown) {
    this.material = Objects.requireNonNull(material, "material");
    this.epoch = epoch;
    this.publishedAt = Objects.requireNonNull(publishedAt, "publishedAt");
    this.activateAt = Objects.requireNonNull(activateAt, "activateAt");
    this.notAfter = Objects.requireNonNull(notAfter, "notAfter");
    this.retention = Objects.requireNonNull(retention, "retention");
    this.origin = Objects.requireNonNull(origin, "origin");
    this.unknown = Map.copyOf(unknown);
  }

  String id() {
    return material.id();
  }

  SessionKey material() {
    return material;
  }

  long epoch() {
    return epoch;
  }

  Instant publishedAt() {
    return publishedAt;
  }

  Instant activateAt() {
    return activateAt;
  }

  Instant notAfter() {
    return notAfter;
  }

  Duration retention() {
    return retention;
  }

  Origin origin() {
    return origin;
  }

  Map<String, JsonNode> unknown() {
    return unknown;
  }

  /**
   * A key of elsewhere, as of this commit. It has no period: others sign with it, and how long they
   * can is in {@code verifyUntil}, which is later than now.
   */
  static RingKey imported(SessionKey material, long epoch, Instant now, Instant verifyUntil) {
    Instant activated = now.plusMillis(1); // A document's notAfter is after its activate.
    return new RingKey(
        material.withoutPrivatePart(),
        epoch,
        now,
        now,
        activated,
        Duration.between(activated, verifyUntil),
        Origin.IMPORTED,
        Map.of());
  }

  /** Whether it was made elsewhere: outside of the succession, and never to sign with. */
  boolean isImported() {
    return origin == Origin.IMPORTED;
  }

  /**
   * When the predecessor has made its last good token. Not simply when this key activates: a node
   * may sign with what it knows for a lead after this key was published, be it in an emergency, by
   * a slow commit, or once more because the store had lost it.
   */
  Instant retiresPredecessorAt(RotationPolicy policy) {
    Instant withLead = publishedAt.plus(policy.lead());
    return withLead.isAfter(activateAt) ? withLead : activateAt;
  }

  /** The same key, published no earlier than this: the date of the store that took it in. */
  RingKey publishedNoEarlierThan(Instant instant) {
    return instant.isAfter(publishedAt)
        ? new RingKey(material, epoch, instant, activateAt, notAfter, retention, origin, unknown)
        : this;
  }

  /** The same key without its private part; this instance where there is none to drop. */
  RingKey withoutPrivatePart() {
    SessionKey reduced = material.withoutPrivatePart();
    return reduced == material
        ? this
        : new RingKey(
            reduced, epoch, publishedAt, activateAt, notAfter, retention, origin, unknown);
  }

  /** Id, algorithm and dates; no material. */
  @Override
  public String toString() {
    return "RingKey[" + material + ", published=" + publishedAt + ", activate=" + activateAt + "]";
  }
}
