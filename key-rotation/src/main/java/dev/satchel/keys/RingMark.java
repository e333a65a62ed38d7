package dev.satchel.keys;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which document of which ring a published set was made from: member {@code satchel} of the set. By
 * it a verifier behind a load balancer does not go back when a slower publisher answers, and tells
 * keys that are gone from keys that are to come.
 *
 * @param lineage identity of the ring
 * @param epoch number of the document
 * @param lag how old a node's view of the ring can be in good times: {@link RotationPolicy#lag}
 */
record RingMark(String lineage, long epoch, Duration lag) {
  /** What is not said. */
  static final Duration DEFAULT_LAG = RotationPolicy.defaults().lag();

  /**
   * Taken in is no more: for so long unknown ids get 503, and an earlier document raises no alarm.
   * A node of a ring with defaults is stale by then (S).
   */
  private static final Duration LONGEST_LAG = Duration.ofDays(1);

  private static final String MEMBER = "satchel";

  static RingMark of(RingDocument document) {
    return new RingMark(document.lineage(), document.epoch(), document.policy().lag());
  }

  /** Name and value, for a JSON object. Base64url and digits need no escapes. */
  String toMember() {
    return "\""
        + MEMBER
        + "\":{\"lineage\":\""
        + lineage
        + "\",\"epoch\":"
        + epoch
        + ",\"lag\":"
        + lag.toSeconds()
        + "}";
  }

  /**
   * The mark of a set; null if it has none, as sets that others publish.
   *
   * @throws IllegalArgumentException if there is one that cannot be read
   */
  static @Nullable RingMark from(ObjectNode set) {
    if (!set.has(MEMBER)) {
      return null;
    }
    ObjectNode node = RingJson.object(set.get(MEMBER), MEMBER);
    String lineage = Lineage.require(RingJson.string(node, "lineage"));
    long epoch = RingJson.integer(node, "epoch");
    if (epoch < 1 || epoch > KeyId.MAX_EPOCH) {
      throw new IllegalArgumentException("epoch is not 1 to " + KeyId.MAX_EPOCH);
    }
    long lag = node.has("lag") ? RingJson.integer(node, "lag") : DEFAULT_LAG.toSeconds();
    if (lag < 1) {
      throw new IllegalArgumentException("lag is not 1 or more seconds");
    }
    return new RingMark(lineage, epoch, Duration.ofSeconds(Math.min(lag, LONGEST_LAG.toSeconds())));
  }

  /**
   * Whether the ring is complete up to this id's epoch: a key of it that is not there is gone. The
   * id may be forged, which is no different then.
   */
  boolean isPast(String keyId) {
    OptionalLong claimed = KeyId.claimedEpoch(keyId);
    return claimed.isPresent() && claimed.getAsLong() <= epoch;
  }

  /** Whether this is an earlier document of the same ring. */
  boolean isBefore(RingMark other) {
    return lineage.equals(other.lineage) && epoch < other.epoch;
  }
}
