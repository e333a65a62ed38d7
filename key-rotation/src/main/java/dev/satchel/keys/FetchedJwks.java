package dev.satchel.keys;

import dev.satchel.KeyRing;
import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JWK set (RFC 7517 §5) that somebody published, as keys to verify with. Keys of other algorithms
 * are passed over (RFC 7517 §5); a set with a private part, with an id twice, or without any key of
 * ours is refused as a whole.
 *
 * @param ring nothing in it issues
 * @param mark which ring it was made from; null if it does not say
 */
record FetchedJwks(KeyRing ring, @Nullable RingMark mark) {
  /** As many as a ring may have. */
  private static final int MAX_KEYS = 256;

  /** Of any key (core/FORMAT.md §1). */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,11}");

  /** What is secret in a JWK (RFC 7518 §6.2.2, §6.3.2, §6.4.1; RFC 8037 §2). */
  private static final Set<String> SECRET = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

  /**
   * @throws IllegalArgumentException if it is nothing to verify with: says what is wrong, never the
   *     content
   */
  static FetchedJwks parse(byte[] body) {
    ObjectNode top = RingJson.parse(body);
    if (!(top.get("keys") instanceof ArrayNode keys)) {
      throw new IllegalArgumentException("it is no JWK set: keys is not an array");
    }
    if (keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "keys has " + keys.size() + " members, allowed are " + MAX_KEYS);
    }
    KeyRing.Builder ring = KeyRing.builder();
    var ids = new HashSet<String>();
    for (int i = 0; i < keys.size(); i++) {
      try {
        ObjectNode key = RingJson.object(keys.get(i), "key");
        requirePublic(key);
        if (key.has("kid") && !ids.add(text(key.get("kid")))) {
          throw new IllegalArgumentException("its kid is there twice");
        }
        if (isOurs(key)) {
          ring.accepting(SessionKey.fromJwk(key.toString()));
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("keys[" + i + "]: " + e.getMessage());
      }
    }
    KeyRing parsed = ring.build();
    if (parsed.keyIds().isEmpty()) {
      // A ring is never without a key. What looks so is a wrong address, or a publisher in trouble.
      throw new IllegalArgumentException(
          "it has no key with an alg of " + labels() + "; is the ring one of symmetric keys?");
    }
    return new FetchedJwks(parsed, RingMark.from(top));
  }

  /** Others than us have read it too: the key is burnt, whatever it is for. */
  private static void requirePublic(ObjectNode key) {
    for (String name : key.propertyNames()) {
      if (SECRET.contains(name)) {
        throw new IllegalArgumentException(
            "it is published WITH ITS PRIVATE PART: whoever reads the set can forge sessions;"
                + " revoke that key, and publish public parts only");
      }
    }
  }

  /** Of an algorithm of ours, and of an id that a token of ours can name. */
  private static boolean isOurs(ObjectNode key) {
    String algorithm = text(key.get("alg"));
    return (algorithm.equals(TokenAlgorithm.ES256.label())
            || algorithm.equals(TokenAlgorithm.ED25519.label()))
        && ID.matcher(text(key.get("kid"))).matches();
  }

  private static String text(@Nullable JsonNode node) {
    return node != null && node.isString() ? node.stringValue() : "";
  }

  private static String labels() {
    return TokenAlgorithm.ES256.label() + " or " + TokenAlgorithm.ED25519.label();
  }

  /**
   * This set, with the other's ring if that has the same keys, since callers keep what they derived
   * by the identity of the ring.
   */
  FetchedJwks sharingRingOf(FetchedJwks before) {
    boolean same =
        before.ring.keyIds().equals(ring.keyIds())
            && ring.keyIds().stream()
                .allMatch(
                    id -> isSame(before.ring.find(id).orElseThrow(), ring.find(id).orElseThrow()));
    return same ? new FetchedJwks(before.ring, mark) : this;
  }

  private static boolean isSame(SessionKey a, SessionKey b) {
    return a.algorithm() == b.algorithm() && a.hasSameMaterial(b);
  }
}
