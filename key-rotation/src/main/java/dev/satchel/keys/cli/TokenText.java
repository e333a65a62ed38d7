package dev.satchel.keys.cli;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The outside of a token: what can be said without a key. Everything in it is the sender's word.
 */
record TokenText(String token, ObjectNode header, int segments) {
  private static final int MAX_LENGTH = 64 * 1024;

  /** Escapes all but ASCII: what a stranger wrote must not steer a terminal. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                  .build())
          .build();

  static TokenText parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new UsageException("token has " + text.length() + " characters");
    }
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3 && parts.length != 5) {
      throw new UsageException(
          "not a compact token: " + parts.length + " parts, a JWS has 3 and a JWE 5");
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(parts[0]);
      JsonNode header = MAPPER.readTree(new String(bytes, StandardCharsets.UTF_8));
      if (header instanceof ObjectNode object) {
        return new TokenText(text, object, parts.length);
      }
    } catch (IllegalArgumentException | JacksonException e) {
      // Said below, without the bytes.
    }
    throw new UsageException("not a compact token: its first part is no JSON object");
  }

  /** The key id: the kid up to its hour. */
  Optional<String> keyId() {
    return kid().map(kid -> kid.contains(".") ? kid.substring(0, kid.indexOf('.')) : kid);
  }

  /** The beginning of the hour whose key sealed it, for symmetric keys. */
  Optional<Instant> hour() {
    return kid()
        .filter(kid -> kid.matches("[^.]*\\.[0-9a-z]{1,6}"))
        .map(kid -> Long.parseLong(kid.substring(kid.indexOf('.') + 1), Character.MAX_RADIX))
        .map(hours -> Instant.ofEpochSecond(hours * 3600));
  }

  private Optional<String> kid() {
    JsonNode kid = header.get("kid");
    return kid != null && kid.isString() ? Optional.of(kid.stringValue()) : Optional.empty();
  }

  String headerText() {
    return MAPPER.writeValueAsString(header);
  }
}
