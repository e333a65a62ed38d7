package dev.satchel.servlet;

import dev.satchel.AttributeTypes;
import dev.satchel.KeySource;
import jakarta.servlet.FilterConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Reads the filter's settings from text. Refuses what it does not know and what contradicts itself:
 * a setting that is spelled wrong must not look as if it were in force. Messages say what was got,
 * what is allowed and where it was set; the key source's location is not repeated, since it may
 * hold a password.
 */
final class InitParameters {
  private static final String APPLICATION = "application";
  private static final String KEY_SOURCE = "keySource";
  private static final String ATTRIBUTE_TYPES = "attributeTypes";
  private static final String EXCLUDE = "exclude";

  static final Set<String> NAMES =
      new TreeSet<>(Set.of(APPLICATION, KEY_SOURCE, ATTRIBUTE_TYPES, EXCLUDE));

  static {
    NAMES.addAll(TransportSettings.NAMES);
    NAMES.addAll(PolicySettings.NAMES);
    for (Choice choice : Choice.values()) {
      NAMES.add(choice.setting);
    }
  }

  private final SettingsText text;

  /**
   * @param where how to name a setting's place, such as {@code init parameter of filter 'sessions'}
   * @throws IllegalArgumentException if a name is unknown; lists the known ones
   */
  InitParameters(Map<String, String> values, String where) {
    this.text = new SettingsText(values, where);
    text.names().forEach(name -> requireKnown(name, where));
  }

  /**
   * @throws IllegalArgumentException if there is no setting of this name; lists those there are
   */
  static void requireKnown(String name, String where) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(where + ": unknown '" + name + "', allowed are " + NAMES);
    }
  }

  /** How to name the settings' place. */
  String where() {
    return text.where();
  }

  static InitParameters of(FilterConfig config) {
    Map<String, String> values = new TreeMap<>();
    for (String name : Collections.list(config.getInitParameterNames())) {
      values.put(name, String.valueOf(config.getInitParameter(name)));
    }
    return new InitParameters(values, "init parameters of filter '" + config.getFilterName() + "'");
  }

  /**
   * @throws IllegalArgumentException if there is any
   */
  void refuseAny(String reason) {
    if (!text.names().isEmpty()) {
      throw new IllegalArgumentException(
          where() + ": " + text.names() + " have no effect, " + reason);
    }
  }

  /**
   * The filter's builder with these settings, and a key source opened for it.
   *
   * @throws IllegalArgumentException if a value is missing or wrong
   * @throws IllegalStateException if the key source cannot be opened
   */
  StatelessSessionFilter.Builder toBuilder(InstantSource clock) {
    String application = text.required(APPLICATION);
    URI location = location();
    Consumer<StatelessSessionFilter.Builder> settings = settings(application, true);
    // Everything else is checked before keys are opened, which may cost a connection.
    KeySource keySource = KeySource.open(location, clock);
    try {
      return text.within(
          "application, cookieName, headerName or exclude",
          () -> {
            StatelessSessionFilter.Builder builder =
                StatelessSessionFilter.builder(application, keySource).clock(clock);
            settings.accept(builder);
            return builder;
          });
    } catch (RuntimeException e) {
      keySource.close();
      throw e;
    }
  }

  /**
   * Gives these settings to a builder, which has its application and keys.
   *
   * @throws IllegalArgumentException if a value is wrong, or they name another application or keys
   * @throws IllegalStateException if the builder has a setting already
   */
  void applyTo(StatelessSessionFilter.Builder builder) {
    for (String name : List.of(APPLICATION, KEY_SOURCE)) {
      if (text.has(name)) {
        throw new IllegalArgumentException(
            where() + ": '" + name + "' has no effect, the builder has it already");
      }
    }
    settings(builder.settings.application, false).accept(builder);
  }

  /**
   * Checks all settings at once, to be given to a builder later.
   *
   * @param alone whether nothing else is said of the filter; otherwise what is not said here is
   *     left to whoever says it elsewhere
   */
  private Consumer<StatelessSessionFilter.Builder> settings(String application, boolean alone) {
    Consumer<StatelessSessionFilter.Builder> transport =
        alone || text.hasAny(TransportSettings.NAMES)
            ? TransportSettings.read(text, application)
            : builder -> {};
    Consumer<StatelessSessionFilter.Builder> policy = PolicySettings.read(text);
    AttributeTypes types = text.has(ATTRIBUTE_TYPES) ? attributeTypes() : null;
    List<Choice> choices = Arrays.stream(Choice.values()).filter(c -> c.isIn(text)).toList();
    List<String> excluded = text.list(EXCLUDE);
    return builder -> {
      give(PolicySettings.NAMES, () -> policy.accept(builder));
      if (types != null) {
        give(Set.of(ATTRIBUTE_TYPES), () -> builder.attributeTypes(types));
      }
      give(TransportSettings.NAMES, () -> transport.accept(builder));
      builder.settings.choices.addAll(choices);
      excluded.forEach(builder::exclude);
    };
  }

  /** Adds to a builder's refusal what is refused, and its place. */
  private void give(Set<String> names, Runnable settings) {
    try {
      settings.run();
    } catch (IllegalStateException e) {
      Set<String> given = new TreeSet<>(text.names());
      given.retainAll(names);
      throw new IllegalStateException(where() + ": " + given + ": " + e.getMessage(), e);
    }
  }

  private URI location() {
    String source = text.required(KEY_SOURCE);
    try {
      URI location = new URI(source);
      if (location.getScheme() != null) {
        return location;
      }
    } catch (URISyntaxException e) {
      // The message would repeat the location.
    }
    throw new IllegalArgumentException(
        where() + ": 'keySource' is no URI with a scheme, such as file:/var/lib/shop/ring");
  }

  /**
   * Pairs of alias and class, as the builder has them: whoever can write the application's
   * configuration could name any class there anyway, and no token can name one.
   */
  private AttributeTypes attributeTypes() {
    AttributeTypes.Builder types = AttributeTypes.builder();
    return text.within(
        ATTRIBUTE_TYPES,
        () -> {
          for (String pair : text.list(ATTRIBUTE_TYPES)) {
            String[] parts = pair.split("=", 2);
            if (parts.length != 2) {
              throw new IllegalArgumentException(
                  "'" + pair + "', allowed is alias=class, such as cart=com.example.Cart");
            }
            types.register(parts[0].strip(), applicationClass(parts[1].strip()));
          }
          return types.build();
        });
  }

  /** Containers start a filter with the application's class loader in this place. */
  private static Class<?> applicationClass(String name) {
    try {
      return Class.forName(name, false, Thread.currentThread().getContextClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new IllegalArgumentException(
          "class '" + name + "' cannot be loaded, allowed are the application's classes", e);
    }
  }
}
