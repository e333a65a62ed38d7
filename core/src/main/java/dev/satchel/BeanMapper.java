package dev.satchel;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/**
 * Registered records, beans and enums through Jackson's data binding, with polymorphism by class
 * name impossible.
 */
final class BeanMapper {
  private final JsonMapper mapper =
      JsonMapper.builder(StrictJson.FACTORY)
          .annotationIntrospector(new NoClassNames())
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
   * @param maxDepth levels of nesting that the reader will accept here
   */
  void write(JsonGenerator json, Object value, int maxDepth) {
    byte[] bytes = mapper.writeValueAsBytes(value);
    requireReadable(bytes, maxDepth);
    json.writeRawValue(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
  }

  /**
   * What Jackson writes may be more than the strict reader takes: deep nesting, numbers of a
   * thousand digits. Better now than at the next request.
   */
  private static void requireReadable(byte[] bytes, int maxDepth) {
    int depth = 0;
    try (JsonParser json = StrictJson.parser(bytes, 0, bytes.length)) {
      JsonToken first = json.nextToken();
      if (first == JsonToken.VALUE_NULL) {
        throw new AttributeException("a value's JSON is null");
      }
      for (JsonToken token = first; token != null; token = json.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth > maxDepth) {
          throw new AttributeException(
              "a value is nested deeper than " + StrictJson.MAX_DEPTH + " levels of JSON");
        }
      }
    }
  }

  Object read(JsonParser json, Class<?> type) {
    Object value = mapper.readerFor(type).readValue(json);
    if (value == null) {
      throw new AttributeException("the stored form of " + type.getName() + " is null");
    }
    return value;
  }

  /**
   * A class name in a token would let whoever holds a key choose what is instantiated
   * (CVE-2017-7525 and its successors).
   */
  private static final class NoClassNames extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
        MapperConfig<?> config, Annotated annotated) {
      JsonTypeInfo.Value info = super.findPolymorphicTypeInfo(config, annotated);
      if (info != null
          && info.getIdType() != JsonTypeInfo.Id.NAME
          && info.getIdType() != JsonTypeInfo.Id.NONE) {
        throw new AttributeException(
            annotated.getName()
                + " has @JsonTypeInfo(use = "
                + info.getIdType()
                + "); allowed is NAME with listed subtypes");
      }
      return info;
    }
  }
}
