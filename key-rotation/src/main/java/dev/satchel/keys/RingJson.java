package dev.satchel.keys;

import dev.satchel.SessionKey;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON form of a ring: a JWK set (RFC 7517 §5) with further members for the ring and for each
 * key. Strict on what it knows; members of a later release are kept, unless they are named in
 * {@code crit} (as in RFC 7515 §4.1.11), which makes the document unreadable here.
 *
 * <p>No message holds a value of the document: it is secret or not ours.
 */
final class RingJson {
  /** A ring of 100 nested keys and 500 tombstones has 90 KB; beyond this it is something else. */
  static final int MAX_BYTES = 256 * 1024;

  private static final long VERSION = 1;
  private static final int MAX_DEPTH = 16;
  private static final int MAX_NAME = 64;
  private static final int MAX_KEYS = 256;

  private static final Set<String> TOP =
      Set.of(
          "v",
          "ring",
          "lineage",
          "lineageKey",
          "epoch",
          "prevHash",
          "policy",
          "keys",
          "tombstones",
          "recipients",
          "crit");
  private static final Set<String> KEY =
      Set.of("published", "activate", "notAfter", "retention", "origin");

  /** Of an imported key the epoch of its import, which its id cannot tell. */
  private static final String IMPORTED_AT = "epoch";

  /** The members of a JWK that {@link SessionKey} reads and writes. */
  private static final Set<String> JWK =
      Set.of("kty", "kid", "alg", "use", "key_ops", "k", "crv", "x", "y", "d");

  private static final Set<String> RECIPIENT = Set.of("kty", "crv", "x", "y", "kid", "alg");

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(MAX_BYTES)
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNameLength(256)
                          .maxStringLength(64 * 1024)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private RingJson() {}

  /**
   * @throws IllegalArgumentException if it is not a ring that this release reads: says which member
   */
  static RingDocument read(byte[] json) {
    ObjectNode top = parse(json);
    if (integer(top, "v") != VERSION) {
      throw new IllegalArgumentException("v is not " + VERSION + ": written by another release");
    }
    if (top.has("crit")) {
      for (JsonNode name : array(top, "crit")) {
        if (!name.isString() || !TOP.contains(name.stringValue())) {
          throw new IllegalArgumentException(
              "crit names a member that this release does not know: update satchel here first");
        }
      }
    }
    String ring = string(top, "ring");
    requireName(ring);
    long epoch = integer(top, "epoch");
    if (epoch < 1 || epoch > KeyId.MAX_EPOCH) {
      throw new IllegalArgumentException("epoch is not 1 to " + KeyId.MAX_EPOCH);
    }
    byte[] lineageKey = base64(top, "lineageKey", 32);
    ObjectNode policy = object(required(top, "policy"), "policy");
    return new RingDocument(
        ring,
        checkedLineage(top, lineageKey),
        lineageKey,
        epoch,
        top.has("prevHash") ? string(top, "prevHash") : null,
        PolicyJson.read(policy),
        keys(array(top, "keys"), new KeyId(lineageKey), epoch),
        tombstones(array(top, "tombstones")),
        others(top, name -> !TOP.contains(name)),
        others(policy, name -> !PolicyJson.MEMBERS.contains(name)),
        Seal.forRecipients(
            top.has("recipients") ? recipients(array(top, "recipients")) : List.of()));
  }

  /**
   * @throws IllegalArgumentException if it is not one strict JSON object; never quotes it
   */
  static ObjectNode parse(byte[] json) {
    if (json.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "document has " + json.length + " bytes, allowed are " + MAX_BYTES);
    }
    if (json.length >= 2 && (json[0] <= 0 || json[1] == 0)) {
      // Jackson would pass over a byte order mark, and take UTF-16 for what it is.
      throw new IllegalArgumentException("document does not begin with a character of ASCII");
    }
    try {
      return object(MAPPER.readTree(json), "document");
    } catch (JacksonException e) {
      // Neither message nor cause: the parser may quote the document.
      throw new IllegalArgumentException("document is not strict JSON");
    }
  }

  static byte[] write(RingDocument document) {
    ObjectNode top = MAPPER.createObjectNode();
    top.put("v", VERSION);
    top.put("ring", document.name());
    top.put("lineage", document.lineage());
    top.put(
        "lineageKey",
        Base64.getUrlEncoder().withoutPadding().encodeToString(document.lineageKey()));
    top.put("epoch", document.epoch());
    document.previousHash().ifPresent(hash -> top.put("prevHash", hash));
    ObjectNode policy = top.putObject("policy");
    PolicyJson.write(policy, document.policy());
    document.unknownInPolicy().forEach(policy::set);
    ArrayNode keys = top.putArray("keys");
    for (RingKey key : document.keys()) {
      // Without the private part where that was dropped; fromJwk reads both forms.
      ObjectNode node = object(MAPPER.readTree(key.material().toSecretJwk()), "jwk");
      node.put("published", key.publishedAt().toString());
      node.put("activate", key.activateAt().toString());
      node.put("notAfter", key.notAfter().toString());
      node.put("retention", key.retention().toString());
      node.put("origin", key.origin().label());
      if (key.isImported()) {
        node.put(IMPORTED_AT, key.epoch());
      }
      key.unknown().forEach(node::set);
      keys.add(node);
    }
    ArrayNode tombstones = top.putArray("tombstones");
    for (Tombstone tombstone : document.tombstones()) {
      ObjectNode node = tombstones.addObject();
      node.put("kid", tombstone.id());
      node.put("why", tombstone.why().label());
      node.put("at", tombstone.at().toString());
      node.put("activate", tombstone.activateAt().toString());
      node.put("retires", tombstone.retiresAt().toString());
    }
    List<RecipientKey> recipients = document.seal().recipients();
    if (!recipients.isEmpty()) {
      ArrayNode list = top.putArray("recipients");
      recipients.forEach(recipient -> list.add(MAPPER.readTree(recipient.toJwk())));
    }
    document.unknown().forEach(top::set);
    return MAPPER.writeValueAsBytes(top);
  }

  /** A ring's name goes into messages, headers and file names. */
  static void requireName(String name) {
    boolean allowed = !name.isEmpty() && name.length() <= MAX_NAME;
    for (int i = 0; allowed && i < name.length(); i++) {
      char c = name.charAt(i);
      allowed =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '.'
              || c == '_'
              || c == '-';
    }
    if (!allowed) {
      throw new IllegalArgumentException(
          "ring name has "
              + name.length()
              + " characters, allowed are 1 to "
              + MAX_NAME
              + " of A-Z a-z 0-9 . _ -");
    }
  }

  private static List<RingKey> keys(ArrayNode nodes, KeyId ids, long epoch) {
    if (nodes.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "keys has " + nodes.size() + " members, allowed are " + MAX_KEYS);
    }
    var keys = new ArrayList<RingKey>();
    for (int i = 0; i < nodes.size(); i++) {
      String where = "keys[" + i + "]";
      ObjectNode node = object(nodes.get(i), where);
      try {
        RingKey key = key(node, ids, epoch);
        if (keys.stream().anyMatch(other -> other.material().hasSameMaterial(key.material()))) {
          throw new IllegalArgumentException("the same key is there twice"); // RFC 8725 §3.1
        }
        keys.add(key);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(where + ": " + e.getMessage());
      }
    }
    return keys;
  }

  private static RingKey key(ObjectNode node, KeyId ids, long ringEpoch) {
    ObjectNode jwk = MAPPER.createObjectNode();
    node.properties().stream()
        .filter(member -> JWK.contains(member.getKey()))
        .forEach(member -> jwk.set(member.getKey(), member.getValue()));
    SessionKey material = SessionKey.fromJwk(jwk.toString());
    Origin origin = Origin.of(string(node, "origin"));
    boolean imported = origin == Origin.IMPORTED;
    long epoch =
        imported
            ? integer(node, IMPORTED_AT)
            : ids.epoch(material.id())
                .orElseThrow(() -> new IllegalArgumentException("kid is not of this lineage"));
    if (epoch < 1 || epoch > ringEpoch) {
      throw new IllegalArgumentException("key is of another epoch than 1 to that of the ring");
    }
    Instant activate = instant(node, "activate");
    Instant notAfter = instant(node, "notAfter");
    if (!notAfter.isAfter(activate)) {
      throw new IllegalArgumentException("notAfter is not after activate");
    }
    Duration retention = duration(node, "retention");
    if (retention.isNegative()) {
      throw new IllegalArgumentException("retention is negative");
    }
    return new RingKey(
        material,
        epoch,
        instant(node, "published"),
        activate,
        notAfter,
        retention,
        origin,
        others(
            node,
            name ->
                !KEY.contains(name)
                    && !JWK.contains(name)
                    && !(imported && name.equals(IMPORTED_AT))));
  }

  private static List<Tombstone> tombstones(ArrayNode nodes) {
    var tombstones = new ArrayList<Tombstone>();
    for (JsonNode each : nodes) {
      ObjectNode node = object(each, "tombstone");
      tombstones.add(
          new Tombstone(
              string(node, "kid"),
              Tombstone.Why.of(string(node, "why")),
              instant(node, "at"),
              instant(node, "activate"),
              instant(node, "retires")));
    }
    return tombstones;
  }

  private static List<RecipientKey> recipients(ArrayNode nodes) {
    var recipients = new ArrayList<RecipientKey>();
    for (JsonNode each : nodes) {
      ObjectNode node = object(each, "recipient");
      if (!RECIPIENT.containsAll(node.propertyNames())) {
        // A private key here would be in the hands of all the others.
        throw new IllegalArgumentException("recipient is more than a public key");
      }
      recipients.add(RecipientKey.fromJwk(node.toString()));
    }
    RecipientSeal.requireAllowed(recipients);
    return recipients;
  }

  private static String checkedLineage(ObjectNode top, byte[] lineageKey) {
    String lineage = string(top, "lineage");
    if (!lineage.equals(Lineage.of(lineageKey))) {
      throw new IllegalArgumentException("lineage is not that of its lineageKey");
    }
    return lineage;
  }

  private static Map<String, JsonNode> others(
      ObjectNode node, java.util.function.Predicate<String> isOther) {
    var others = new LinkedHashMap<String, JsonNode>();
    node.properties().stream()
        .filter(member -> isOther.test(member.getKey()))
        .forEach(member -> others.put(member.getKey(), member.getValue()));
    return others;
  }

  static ObjectNode object(JsonNode node, String what) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException(what + " is not an object");
  }

  private static ArrayNode array(ObjectNode node, String name) {
    if (required(node, name) instanceof ArrayNode array) {
      return array;
    }
    throw new IllegalArgumentException(name + " is not an array");
  }

  static String string(ObjectNode node, String name) {
    JsonNode value = required(node, name);
    if (!value.isString()) {
      throw new IllegalArgumentException(name + " is not a string");
    }
    return value.stringValue();
  }

  static long integer(ObjectNode node, String name) {
    JsonNode value = required(node, name);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new IllegalArgumentException(name + " is not an integer");
    }
    return value.longValue();
  }

  static Instant instant(ObjectNode node, String name) {
    return parsed(node, name, Instant::parse, "an instant such as 2026-01-01T00:00:00Z");
  }

  static Duration duration(ObjectNode node, String name) {
    return parsed(node, name, Duration::parse, "a duration such as PT24H");
  }

  private static byte[] base64(ObjectNode node, String name, int length) {
    byte[] bytes = parsed(node, name, Base64.getUrlDecoder()::decode, "base64url");
    if (bytes.length != length) {
      throw new IllegalArgumentException(name + " has not " + length + " bytes");
    }
    return bytes;
  }

  private static <T> T parsed(
      ObjectNode node, String name, Function<String, T> parser, String allowed) {
    String text = string(node, name);
    try {
      return parser.apply(text);
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " is not " + allowed);
    }
  }

  static JsonNode required(ObjectNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }
}
