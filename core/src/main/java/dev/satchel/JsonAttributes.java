package dev.satchel;

import dev.satchel.AttributeTypes.Registered;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Attribute values as JSON (FORMAT.md §5). What JSON has is written plainly; everything else as an
 * object of one member, whose name is a built-in tag ({@code @…}) or a registered alias ({@code
 * #…}). A map with a name that looks like either is written as a list of entries, so no content of
 * the application is ever taken for a tag.
 */
final class JsonAttributes {
  private static final String SET = "@set";
  private static final String MAP = "@map";
  private static final String STRINGS = "@strings";

  private final Map<String, Registered<?>> byAlias;
  private final Map<Class<?>, Registered<?>> byClass = new HashMap<>();
  private final @Nullable BeanMapper beans;

  JsonAttributes(Map<String, Registered<?>> byAlias) {
    this.byAlias = Map.copyOf(byAlias);
    boolean anyBean = false;
    for (Registered<?> registered : byAlias.values()) {
      byClass.put(registered.type(), registered);
      anyBean |= registered.isBean();
    }
    // Data binding costs start-up time; without registered beans it is never loaded.
    this.beans = anyBean ? new BeanMapper() : null;
    for (Registered<?> registered : byAlias.values()) {
      if (beans != null && registered.isBean()) {
        beans.prepare(registered.type());
      }
    }
  }

  Set<String> aliases() {
    return new TreeSet<>(byAlias.keySet());
  }

  JsonSlice write(Object value) {
    byte[] plain = PlainValues.write(value);
    if (plain != null) {
      return new JsonSlice(plain, 0, plain.length);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    try (JsonGenerator json = StrictJson.generator(out)) {
      write(json, value, 0);
    } catch (JacksonException e) {
      AttributeException refusal = BeanMapper.refusal(e);
      if (refusal != null) {
        throw refusal;
      }
      // The cause may quote the value.
      throw new AttributeException(
          "a value of type " + value.getClass().getName() + " cannot be written as JSON");
    }
    byte[] bytes = out.toByteArray();
    requireReadable(bytes, value);
    return new JsonSlice(bytes, 0, bytes.length);
  }

  /**
   * Readers walk over the value before they read it, and refuse the whole session for what they do
   * not take: a number of 64 digits and a point, say, which Jackson counts by its digits.
   */
  private static void requireReadable(byte[] json, Object value) {
    PayloadScanner scanner = new PayloadScanner(json);
    try {
      scanner.skipAttribute();
      scanner.finish();
    } catch (IllegalArgumentException e) {
      throw new AttributeException(
          "a value of type "
              + value.getClass().getName()
              + " is written as JSON that no reader takes: "
              + e.getMessage());
    }
  }

  /**
   * @param depth arrays and objects around the value
   */
  private void write(JsonGenerator json, @Nullable Object value, int depth) {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof String text) {
      json.writeRawValue(StrictJson.quote(text));
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else if (value instanceof Integer number) {
      json.writeNumber(number);
    } else if (value instanceof Long number && number != number.intValue()) {
      json.writeNumber(number);
    } else if (value instanceof Double number && Double.isFinite(number)) {
      json.writeNumber(number);
    } else {
      writeTagged(json, value, depth);
    }
  }

  /**
   * The reader's bound holds for the writer too, or a session would be written that nobody can
   * read.
   */
  private static void requireDepth(int depth) {
    if (depth > StrictJson.MAX_DEPTH) {
      throw new AttributeException(
          "a value is nested deeper than "
              + StrictJson.MAX_DEPTH
              + " levels of JSON, or contains itself");
    }
  }

  private void writeTagged(JsonGenerator json, Object value, int depth) {
    requireDepth(depth + 1);
    Class<?> type =
        value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
    Registered<?> registered = byClass.get(type);
    if (registered != null) {
      json.writeStartObject();
      json.writeName("#" + registered.alias());
      writeRegistered(json, registered, value, depth);
      json.writeEndObject();
      return;
    }
    TextTypes.TextType<?> text = TextTypes.of(value);
    if (text != null) {
      json.writeStartObject();
      json.writeName(text.tag());
      json.writeString(text.text(value));
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      writeArray(json, list, depth);
    } else if (value instanceof Set<?> set) {
      json.writeStartObject();
      json.writeName(SET);
      writeArray(json, set, depth + 1);
      json.writeEndObject();
    } else if (value instanceof String[] strings) {
      json.writeStartObject();
      json.writeName(STRINGS);
      writeArray(json, Arrays.asList(strings), depth + 1);
      json.writeEndObject();
    } else if (value instanceof Map<?, ?> map) {
      writeMap(json, map, depth);
    } else {
      throw new AttributeException(
          "type "
              + type.getName()
              + " is not registered; register it with AttributeTypes.builder().register(alias, type)");
    }
  }

  private void writeArray(
      JsonGenerator json, Iterable<? extends @Nullable Object> elements, int depth) {
    requireDepth(depth + 1);
    json.writeStartArray();
    for (Object element : elements) {
      write(json, element, depth + 1);
    }
    json.writeEndArray();
  }

  private void writeMap(JsonGenerator json, Map<?, ?> original, int depth) {
    // A copy: another thread may add a name that looks like a tag between the check and the
    // writing, and some maps list equal keys twice.
    Map<?, ?> map = new LinkedHashMap<>(original);
    boolean plain = true;
    for (Object key : map.keySet()) {
      plain &= key instanceof String name && isPlainName(name);
    }
    json.writeStartObject();
    if (plain) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeName((String) entry.getKey());
        write(json, entry.getValue(), depth + 1);
      }
    } else {
      requireDepth(depth + 3);
      json.writeName(MAP);
      json.writeStartArray();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeStartArray();
        write(json, entry.getKey(), depth + 3);
        write(json, entry.getValue(), depth + 3);
        json.writeEndArray();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  /** Not taken for a tag, within the reader's bound, and with a form in UTF-8. */
  private static boolean isPlainName(String name) {
    return !name.startsWith("@")
        && !name.startsWith("#")
        && name.length() <= 256
        && StrictJson.isWellFormed(name);
  }

  private <T> void writeRegistered(
      JsonGenerator json, Registered<T> registered, Object value, int depth) {
    AttributeCodec<T> codec = registered.codec();
    AttributeParts<T> parts = registered.parts();
    if (parts != null) {
      writeArray(json, parts.split(registered.type().cast(value)), depth + 1);
    } else if (codec != null) {
      json.writeRawValue(StrictJson.quote(codec.write(registered.type().cast(value))));
    } else if (beans != null) {
      beans.write(json, value, StrictJson.MAX_DEPTH - 1 - depth);
    }
  }

  /** The value that lies there. */
  Object read(byte[] text, int from, int length) {
    Object plain = PlainValues.read(text, from, length);
    if (plain != null) {
      return plain;
    }
    try (JsonParser json = StrictJson.parser(text, from, length)) {
      json.nextToken();
      Object value = read(json);
      if (value == null || json.nextToken() != null) {
        throw new AttributeException("the stored form is not one JSON value");
      }
      return value;
    } catch (AttributeException e) {
      throw e;
    } catch (RuntimeException e) {
      // Jackson's, a codec's, a constructor's: each may quote the value, so neither message nor
      // cause is passed on.
      throw new AttributeException(
          "the stored form does not fit its type (" + e.getClass().getSimpleName() + ")");
    }
  }

  private @Nullable Object read(JsonParser json) {
    JsonToken token = json.currentToken();
    if (token == null) {
      throw new AttributeException("the stored form is empty");
    }
    return switch (token) {
      case VALUE_NULL -> null;
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case VALUE_STRING -> json.getString();
      case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case VALUE_NUMBER_INT -> integer(json.getLongValue());
      case START_ARRAY -> readElements(json, new ArrayList<>());
      case START_OBJECT -> readObject(json);
      default -> throw new AttributeException("the stored form is not one JSON value");
    };
  }

  private static Object integer(long value) {
    return value == (int) value ? (Object) (int) value : (Object) value;
  }

  private <C extends Collection<@Nullable Object>> C readElements(JsonParser json, C into) {
    while (json.nextToken() != JsonToken.END_ARRAY) {
      into.add(read(json));
    }
    return into;
  }

  private Object readObject(JsonParser json) {
    String name = json.nextName();
    if (name != null && (name.startsWith("@") || name.startsWith("#"))) {
      json.nextToken();
      Object value =
          name.startsWith("#") ? readRegistered(json, name.substring(1)) : readTagged(json, name);
      if (json.nextToken() != JsonToken.END_OBJECT) {
        throw new AttributeException("a tagged value has more than one member");
      }
      return value;
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    while (name != null) {
      json.nextToken();
      map.put(name, read(json));
      name = json.nextName();
    }
    return map;
  }

  private Object readTagged(JsonParser json, String tag) {
    switch (tag) {
      case SET -> {
        require(json, JsonToken.START_ARRAY);
        return readElements(json, new LinkedHashSet<>());
      }
      case STRINGS -> {
        require(json, JsonToken.START_ARRAY);
        return readElements(json, new ArrayList<>()).toArray(new @Nullable String[0]);
      }
      case MAP -> {
        require(json, JsonToken.START_ARRAY);
        return readEntries(json);
      }
      default -> {
        TextTypes.TextType<?> text = TextTypes.of(tag);
        if (text == null) {
          throw new AttributeException("a tag is not one of this release");
        }
        require(json, JsonToken.VALUE_STRING);
        return text.read().apply(json.getString());
      }
    }
  }

  private Map<@Nullable Object, @Nullable Object> readEntries(JsonParser json) {
    Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      require(json, JsonToken.START_ARRAY);
      json.nextToken();
      Object key = read(json);
      json.nextToken();
      map.put(key, read(json));
      json.nextToken();
      require(json, JsonToken.END_ARRAY);
    }
    return map;
  }

  private Object readRegistered(JsonParser json, String alias) {
    Registered<?> registered = byAlias.get(alias);
    if (registered == null) {
      throw new AttributeException("an alias is not registered here; registered are " + aliases());
    }
    AttributeParts<?> parts = registered.parts();
    if (parts != null) {
      require(json, JsonToken.START_ARRAY);
      return parts.join(readElements(json, new ArrayList<>()));
    }
    AttributeCodec<?> codec = registered.codec();
    if (codec != null) {
      require(json, JsonToken.VALUE_STRING);
      return codec.read(json.getString());
    }
    if (beans == null) {
      throw new IllegalStateException("a registered bean without a mapper");
    }
    return beans.read(json, registered.type());
  }

  private static void require(JsonParser json, JsonToken expected) {
    if (json.currentToken() != expected) {
      throw new AttributeException("a tagged value has content of another kind than its tag");
    }
  }
}
