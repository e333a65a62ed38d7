package dev.satchel.keys;

import dev.satchel.KeyRing;
import dev.satchel.SessionKey;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A JWK or a JWK set (RFC 7517) as a ring that never changes. */
final class StaticKeys {
  private StaticKeys() {}

  /**
   * In a set, the first key issues if it can, and all are accepted: put a new key behind the old
   * one, roll out, then swap them.
   *
   * @param where for messages
   * @throws IllegalArgumentException if it is neither: says what is wrong, never the content
   */
  static KeyRing parse(String text, String where) {
    String json = text.strip();
    if (!json.startsWith("{")) {
      boolean sealed = json.startsWith("eyJ");
      throw new IllegalArgumentException(
          where
              + (sealed
                  ? " holds something sealed; for a ring, name its directory or store"
                  : " holds no JWK; a password is not a key: make one with `satchel-keys generate"
                      + " --alg A256GCM`"));
    }
    try {
      ObjectNode top = RingJson.parse(json.getBytes(StandardCharsets.UTF_8));
      KeyRing.Builder builder = KeyRing.builder();
      if (top.get("keys") instanceof ArrayNode keys) {
        for (int i = 0; i < keys.size(); i++) {
          add(builder, SessionKey.fromJwk(keys.get(i).toString()), i == 0);
        }
      } else {
        add(builder, SessionKey.fromJwk(json), true);
      }
      KeyRing ring = builder.build();
      if (ring.keyIds().isEmpty()) {
        throw new IllegalArgumentException("JWK set has no keys");
      }
      return ring;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + ": " + e.getMessage());
    }
  }

  private static void add(KeyRing.Builder builder, SessionKey key, boolean first) {
    if (first && key.canIssue()) {
      builder.issuing(key);
    } else {
      builder.accepting(key);
    }
  }
}
