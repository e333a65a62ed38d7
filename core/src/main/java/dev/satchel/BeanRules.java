package dev.satchel;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.File;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.module.SimpleDeserializers;
import tools.jackson.databind.module.SimpleKeyDeserializers;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.ValueSerializerModifier;

/**
 * What a bean's properties may not be. A token must not be able to name a class, a host or a file:
 * whoever holds a leaked key would choose what is loaded, looked up or opened (CVE-2017-7525 and
 * its successors).
 */
final class BeanRules {
  private static final Set<Class<?>> REFUSED =
      Set.of(
          Class.class,
          ClassLoader.class,
          Type.class,
          JavaType.class,
          InetAddress.class,
          InetSocketAddress.class,
          URL.class,
          File.class,
          Path.class);

  private BeanRules() {}

  static SimpleModule module() {
    return new SimpleModule("satchel")
        .setSerializerModifier(new WrittenProperties())
        .setDeserializerModifier(new ReadProperties())
        .setDeserializers(new NoneForRefused())
        .setKeyDeserializers(new NoneForRefusedKeys());
  }

  /**
   * @throws AttributeException wherever Jackson is about to read such a type: in a creator, as the
   *     registered type itself, as the key of a map
   */
  private static void requireAllowed(JavaType type) {
    for (Class<?> refused : REFUSED) {
      if (type.isTypeOrSubTypeOf(refused)) {
        throw new AttributeException(
            "type " + type.getRawClass().getName() + " is refused: a token must not choose one");
      }
    }
  }

  private static void requireAllowed(
      JavaType type, BeanDescription.Supplier bean, String property) {
    for (Class<?> refused : REFUSED) {
      if (type.isTypeOrSubTypeOf(refused)) {
        throw new AttributeException(
            "type "
                + bean.getBeanClass().getName()
                + " has property '"
                + property
                + "' of type "
                + type.getRawClass().getName()
                + ", which a token must not choose");
      }
    }
    JavaType content = type.getContentType();
    if (content != null) {
      requireAllowed(content, bean, property);
    }
  }

  /** Allows {@code @JsonTypeInfo(use = NAME)} with listed subtypes, and no other type ids. */
  static final class NoTypeIds extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
        MapperConfig<?> config, Annotated annotated) {
      JsonTypeInfo.Value info = super.findPolymorphicTypeInfo(config, annotated);
      if (info != null
          && info.getIdType() != JsonTypeInfo.Id.NAME
          && info.getIdType() != JsonTypeInfo.Id.NONE) {
        throw refused(annotated, "@JsonTypeInfo(use = " + info.getIdType() + ")");
      }
      return info;
    }

    @Override
    public @Nullable Object findTypeIdResolver(MapperConfig<?> config, Annotated annotated) {
      if (super.findTypeIdResolver(config, annotated) != null) {
        throw refused(annotated, "@JsonTypeIdResolver");
      }
      return null;
    }

    @Override
    public @Nullable Object findTypeResolverBuilder(MapperConfig<?> config, Annotated annotated) {
      if (super.findTypeResolverBuilder(config, annotated) != null) {
        throw refused(annotated, "@JsonTypeResolver");
      }
      return null;
    }

    private static AttributeException refused(Annotated annotated, String annotation) {
      return new AttributeException(
          (annotated instanceof AnnotatedMember member ? member.getFullName() : annotated.getName())
              + " has "
              + annotation
              + "; allowed is @JsonTypeInfo(use = NAME) with listed subtypes");
    }
  }

  private static final class NoneForRefused extends SimpleDeserializers {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable ValueDeserializer<?> findBeanDeserializer(
        JavaType type, DeserializationConfig config, BeanDescription.Supplier bean) {
      requireAllowed(type);
      return null;
    }
  }

  private static final class NoneForRefusedKeys extends SimpleKeyDeserializers {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable KeyDeserializer findKeyDeserializer(
        JavaType type, DeserializationConfig config, BeanDescription.Supplier bean) {
      requireAllowed(type);
      return null;
    }
  }

  private static final class ReadProperties extends ValueDeserializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public List<BeanPropertyDefinition> updateProperties(
        DeserializationConfig config,
        BeanDescription.Supplier bean,
        List<BeanPropertyDefinition> properties) {
      for (BeanPropertyDefinition property : properties) {
        JavaType type = property.getPrimaryType();
        if (type != null) {
          requireAllowed(type, bean, property.getName());
        }
      }
      return properties;
    }
  }

  private static final class WrittenProperties extends ValueSerializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public List<BeanPropertyWriter> changeProperties(
        SerializationConfig config,
        BeanDescription.Supplier bean,
        List<BeanPropertyWriter> properties) {
      for (BeanPropertyWriter property : properties) {
        requireAllowed(property.getType(), bean, property.getName());
        if (isUntyped(property.getType())) {
          property.assignSerializer(new JsonValuesOnly());
        }
      }
      return properties;
    }

    private static boolean isUntyped(JavaType type) {
      JavaType content = type.getContentType();
      return type.isJavaLangObject() || (content != null && isUntyped(content));
    }
  }

  /**
   * A property declared as {@code Object} comes back as what JSON has, so nothing else may go in: a
   * date would become a text without anybody noticing.
   */
  private static final class JsonValuesOnly extends ValueSerializer<Object> {
    @Override
    public void serialize(Object value, JsonGenerator json, SerializationContext context) {
      if (value instanceof String text) {
        json.writeString(text);
      } else if (value instanceof Boolean bool) {
        json.writeBoolean(bool);
      } else if (value instanceof Integer number) {
        json.writeNumber(number);
      } else if (value instanceof Long number) {
        json.writeNumber(number);
      } else if (value instanceof Double number) {
        json.writeNumber(number);
      } else if (value instanceof Map<?, ?> map) {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          json.writeName(String.valueOf(entry.getKey()));
          element(entry.getValue(), json, context);
        }
        json.writeEndObject();
      } else if (value instanceof Collection<?> elements) {
        json.writeStartArray();
        elements.forEach(element -> element(element, json, context));
        json.writeEndArray();
      } else {
        throw new AttributeException(
            "a property without a declared type holds a "
                + value.getClass().getName()
                + "; allowed are text, boolean, integer, long, double, list and map");
      }
    }

    private void element(@Nullable Object value, JsonGenerator json, SerializationContext context) {
      if (value == null) {
        json.writeNull();
      } else {
        serialize(value, json, context);
      }
    }
  }
}
