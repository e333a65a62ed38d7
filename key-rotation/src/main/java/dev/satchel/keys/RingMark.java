package dev.satchel.keys;

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
 */
record RingMark(String lineage, long epoch) {
  private static final String MEMBER = "satchel";

  static RingMark of(RingDocument document) {
    return new RingMark(document.lineage(), document.epoch());
  }

  /** Name and value, for a JSON object. Base64url and digits need no escapes. */
  String toMember() {
    return "\"" + MEMBER + "\":{\"lineage\":\"" + lineage + "\",\"epoch\":" + epoch + "}";
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
    return new RingMark(lineage, epoch);
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
