package dev.satchel;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Registered records, beans and enums through Jackson's data binding, with polymorphism by class
 * name impossible.
 */
final class BeanMapper {
  private final JsonMapper mapper =
      JsonMapper.builder()
          .annotationIntrospector(new BeanRules.NoTypeIds())
          .addModule(BeanRules.module())
          // An older node must be able to read what a newer one wrote during a rolling deployment.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          // ... and a newer one what an older one wrote, which lacks a component.
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          // Constants have names; what toString() says is for people and may change.
          .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
          // A value is read out of the middle of a larger text.
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Looks at a type and at the types of its properties before any request needs them.
   *
   * @throws AttributeException if one is refused, or Jackson finds no way to read it
   */
  void prepare(Class<?> type) {
    try {
      mapper.readerFor(type).readValue("null");
    } catch (JacksonException e) {
      AttributeException refusal = refusal(e);
      throw refusal != null
          ? refusal
          : new AttributeException(
              "type " + type.getName() + " cannot be read: " + e.getOriginalMessage());
    }
  }

  /** The reason of ours behind a failure of Jackson's, if there is one. */
  static @Nullable AttributeException refusal(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof AttributeException refusal) {
        return refusal;
      }
    }
    return null;
  }

  /**
   * @param maxDepth levels of nesting that the reader will accept here
   */
  void write(JsonGenerator json, Object value, int maxDepth) {
    byte[] bytes = mapper.writeValueAsBytes(value);
    requireReadable(bytes, maxDepth);
    json.writeRawValue(new String(bytes, StandardCharsets.UTF_8));
  }

  /**
   * What Jackson writes may be more than the strict reader takes: deep nesting, numbers of a
   * thousand digits, raw text that is no value. Better now than at the next request.
   */
  private static void requireReadable(byte[] bytes, int maxDepth) {
    int depth = 0;
    int roots = 0;
    try (JsonParser json = StrictJson.parser(bytes, 0, bytes.length)) {
      JsonToken first = json.nextToken();
      if (first == JsonToken.VALUE_NULL) {
        throw new AttributeException("a value's JSON is null");
      }
      for (JsonToken token = first; token != null; token = json.nextToken()) {
        roots += depth == 0 && !token.isStructEnd() ? 1 : 0;
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth > maxDepth) {
          throw new AttributeException(
              "a value is nested deeper than " + StrictJson.MAX_DEPTH + " levels of JSON");
        }
      }
    }
    if (roots != 1) {
      throw new AttributeException(
          "a value is written as " + roots + " JSON values instead of one");
    }
  }

  Object read(JsonParser json, Class<?> type) {
    Object value = mapper.readerFor(type).readValue(json);
    if (value == null) {
      throw new AttributeException("the stored form of " + type.getName() + " is null");
    }
    return value;
  }
}
