package dev.satchel;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The types that session attributes may have, and how each is written. Immutable and thread-safe.
 *
 * <p>Built in: null inside collections, String, Boolean, Character, all number types, BigInteger,
 * BigDecimal, {@code byte[]}, {@code String[]}, List, Set, Map, the value types of {@code
 * java.time}, {@code java.util.Date}, UUID, URI, Locale, Currency. Collections come back as {@code
 * ArrayList}, {@code LinkedHashSet} and {@code LinkedHashMap}, in their order. Everything else is
 * registered under a short alias: a record, bean or enum read and written by Jackson, or any type
 * by an {@link AttributeCodec} or as {@link AttributeParts}.
 *
 * <p>No class name is ever written or read. A type with Jackson's {@code @JsonTypeInfo} by class is
 * refused.
 */
public final class AttributeTypes {
  private static final Pattern ALIAS = Pattern.compile("[a-z][A-Za-z0-9_-]{0,31}");
  private static final AttributeTypes BUILT_IN = builder().build();

  private final JsonAttributes json;

  private AttributeTypes(Builder builder) {
    this.json = new JsonAttributes(builder.byAlias);
  }

  /** The built-in types alone. */
  public static AttributeTypes builtIn() {
    return BUILT_IN;
  }

  /** A builder that has the built-in types. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Refuses what could not be written, for those who must know before the response is on its way.
   * Costs as much as writing it.
   *
   * @throws AttributeException if the value's type, or that of a value inside it, is not registered
   */
  public void requireWritable(Object value) {
    write(value);
  }

  boolean canWrite(Object value) {
    try {
      requireWritable(value);
      return true;
    } catch (AttributeException e) {
      return false;
    }
  }

  JsonSlice write(Object value) {
    return json.write(value);
  }

  Object read(JsonSlice slice) {
    return read(slice.buffer(), slice.offset(), slice.length());
  }

  Object read(byte[] text, int from, int length) {
    return json.read(text, from, length);
  }

  /** The aliases; no value. */
  @Override
  public String toString() {
    return "AttributeTypes[aliases=" + json.aliases() + "]";
  }

  /**
   * One registered type: without a codec and without parts, how it is written is Jackson's
   * business.
   */
  record Registered<T>(
      String alias,
      Class<T> type,
      @Nullable AttributeCodec<T> codec,
      @Nullable AttributeParts<T> parts) {

    boolean isBean() {
      return codec == null && parts == null;
    }
  }

  /** Collects registered types. Not thread-safe. */
  public static final class Builder {
    private final Map<String, Registered<?>> byAlias = new HashMap<>();

    private Builder() {}

    /**
     * Registers a record, bean or enum, read and written by Jackson. Values of exactly this class
     * are written under the alias.
     *
     * @param alias a lower-case letter, then up to 31 of {@code A-Z a-z 0-9 _ -}; part of every
     *     token, so keep it short, and keep it
     * @throws IllegalArgumentException if the alias is malformed, or alias or type is already
     *     registered
     */
    public <T> Builder register(String alias, Class<T> type) {
      return add(new Registered<>(alias, type, null, null));
    }

    /**
     * Registers a type written by a codec of your own; otherwise as {@link #register(String,
     * Class)}.
     */
    public <T> Builder register(String alias, Class<T> type, AttributeCodec<T> codec) {
      return add(new Registered<>(alias, type, Objects.requireNonNull(codec, "codec"), null));
    }

    /**
     * Registers a type that is taken apart into values of other types; otherwise as {@link
     * #register(String, Class)}.
     */
    public <T> Builder register(String alias, Class<T> type, AttributeParts<T> parts) {
      return add(new Registered<>(alias, type, null, Objects.requireNonNull(parts, "parts")));
    }

    private Builder add(Registered<?> registered) {
      String alias = registered.alias();
      if (!ALIAS.matcher(alias).matches()) {
        throw new IllegalArgumentException(
            "attribute alias is '" + alias + "', allowed is " + ALIAS.pattern());
      }
      Registered<?> sameAlias = byAlias.get(alias);
      if (sameAlias != null) {
        throw new IllegalArgumentException(
            "attribute alias '"
                + alias
                + "' is already registered for "
                + sameAlias.type().getName());
      }
      for (Registered<?> other : byAlias.values()) {
        if (other.type() == registered.type()) {
          throw new IllegalArgumentException(
              other.type().getName() + " is already registered as '" + other.alias() + "'");
        }
      }
      byAlias.put(alias, registered);
      return this;
    }

    /**
     * The types.
     *
     * @throws AttributeException if Jackson cannot read a registered type, or it has type ids by
     *     class, or properties that name a class, a host or a file
     */
    public AttributeTypes build() {
      return new AttributeTypes(this);
    }
  }
}
