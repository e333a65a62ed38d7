package dev.satchel.keys;

import dev.satchel.SessionKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keys from elsewhere, for {@link KeyCustodian#importing}: another ring, or a JWK or JWK set (RFC
 * 7517) as fixed keys are kept. Immutable; {@code toString} has their number only.
 */
public final class ForeignKeys {
  /** Of any key (core/FORMAT.md §1); what else a foreign ring has buried is no key's. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,11}");

  private final @Nullable String lineage;
  private final List<Foreign> keys;
  private final Set<String> revoked;

  private ForeignKeys(@Nullable String lineage, List<Foreign> keys, Set<String> revoked) {
    this.lineage = lineage;
    this.keys = List.copyOf(keys);
    this.revoked = Set.copyOf(revoked);
    var ids = new HashSet<String>();
    for (Foreign key : keys) {
      if (!ids.add(key.material().id())) {
        throw new IllegalArgumentException("two keys have the id " + key.material().id());
      }
    }
  }

  /**
   * The keys of another ring, as {@link KeyCustodian#exported} or a store has it.
   *
   * @param sealed the document
   * @param kek what it is sealed under
   * @throws KeyRingException with {@link KeyRingException.Reason#UNREADABLE} if it is no ring, or
   *     sealed under something else, or sealed for recipients: anybody with their public keys could
   *     have made that one
   */
  public static ForeignKeys ofRing(byte[] sealed, KeyEncryptionKey kek) {
    return ofRing(sealed, kek, Optional.empty());
  }

  /**
   * As {@link #ofRing(byte[], KeyEncryptionKey)}, for a ring that has to be of this lineage.
   *
   * @param lineage as {@link KeyRingStatus#lineage} has it there
   */
  public static ForeignKeys ofRing(byte[] sealed, KeyEncryptionKey kek, String lineage) {
    return ofRing(sealed, kek, Optional.of(Lineage.require(lineage)));
  }

  private static ForeignKeys ofRing(byte[] sealed, KeyEncryptionKey kek, Optional<String> lineage) {
    RingDocument ring = new SealedRing(kek, new SecureRandom()).open(sealed, "the export");
    boolean asExpected = lineage.map(ring.lineage()::equals).orElse(!ring.seal().isForgeable());
    if (!asExpected) {
      throw new KeyRingException(
          KeyRingException.Reason.UNREADABLE,
          lineage.isPresent()
              ? "the export is of lineage " + ring.lineage() + ", expected is " + lineage.get()
              : "the export is sealed for recipients or by a service, which anybody with their public"
                  + " keys, or the right to wrap, can do;"
                  + " say which lineage it has to be of, as `satchel-keys status` shows it there");
    }
    KeyTimeline timeline = new KeyTimeline(ring);
    var keys = new ArrayList<Foreign>();
    for (RingKey key : ring.keys()) {
      Instant until = timeline.verifyUntil(key);
      keys.add(new Foreign(key.material(), until, key.retention()));
    }
    var revoked = new HashSet<String>();
    for (Tombstone tombstone : ring.tombstones()) {
      if (tombstone.why() == Tombstone.Why.REVOKED && ID.matcher(tombstone.id()).matches()) {
        revoked.add(tombstone.id());
      }
    }
    return new ForeignKeys(ring.lineage(), keys, revoked);
  }

  /**
   * One key, or several.
   *
   * @param json a JWK with {@code kid} and {@code alg}, or a set of them
   * @throws IllegalArgumentException if it is anything else, or has no key: says what, never the
   *     content
   */
  public static ForeignKeys ofJwk(String json) {
    ObjectNode top = RingJson.parse(json.getBytes(StandardCharsets.UTF_8));
    var keys = new ArrayList<Foreign>();
    if (top.has("lineage")) {
      throw new IllegalArgumentException("it is a whole ring that is not sealed, not a JWK");
    }
    if (top.get("keys") instanceof ArrayNode set) {
      set.forEach(jwk -> keys.add(Foreign.undated(SessionKey.fromJwk(jwk.toString()))));
    } else {
      keys.add(Foreign.undated(SessionKey.fromJwk(json)));
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("JWK set has no keys");
    }
    return new ForeignKeys(null, keys, Set.of());
  }

  List<Foreign> keys() {
    return keys;
  }

  /** Ids that were revoked where they come from. */
  Set<String> revoked() {
    return revoked;
  }

  /** Of the ring they come from; empty for a JWK. */
  Optional<String> lineage() {
    return Optional.ofNullable(lineage);
  }

  /** How many there are. */
  @Override
  public String toString() {
    return "ForeignKeys[" + keys.size() + "]";
  }

  /**
   * A key and what is known of its end.
   *
   * @param verifyUntil by the dates of its ring; null for a JWK
   * @param retention from a last signature to the end of the last token; null for a JWK
   */
  record Foreign(SessionKey material, @Nullable Instant verifyUntil, @Nullable Duration retention) {

    static Foreign undated(SessionKey material) {
      return new Foreign(material, null, null);
    }
  }
}
