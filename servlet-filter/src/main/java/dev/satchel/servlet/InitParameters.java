package dev.satchel.servlet;

import dev.satchel.AttributeTypes;
import dev.satchel.KeySource;
import dev.satchel.SessionPolicy;
import jakarta.servlet.FilterConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads the filter's settings from text. Refuses what it does not know and what contradicts itself:
 * a setting that is spelled wrong must not look as if it were in force. Messages say what was got,
 * what is allowed and where it was set; the key source's location is not repeated, since it may
 * hold a password.
 */
final class InitParameters {
  private static final Set<String> COOKIE_ONLY =
      Set.of(
          "cookieName",
          "cookiePath",
          "cookieDomain",
          "sameSite",
          "secure",
          "httpOnly",
          "partitioned",
          "cookieMaxAge",
          "maxCookies",
          "cookieConfig");

  /** What {@code SessionCookieConfig} says, if that is asked. */
  private static final Set<String> IN_CONTEXT =
      Set.of("cookiePath", "cookieDomain", "sameSite", "secure", "partitioned", "cookieMaxAge");

  private static final Set<String> POLICY =
      Set.of(
          "absoluteLifetime",
          "idleTimeout",
          "clockSkew",
          "refreshPercent",
          "compressionThreshold",
          "secretAttributes");

  static final Set<String> NAMES = new TreeSet<>(COOKIE_ONLY);

  static {
    NAMES.addAll(POLICY);
    NAMES.addAll(
        List.of(
            "application",
            "keySource",
            "transport",
            "headerName",
            "attributeTypes",
            "lateChange",
            "unserializable",
            "touchEveryRequest",
            "activationEvents",
            "ownToken",
            "emptySession",
            "unreadable",
            "uncaughtException",
            "containerListeners",
            "exclude"));
  }

  private final Map<String, String> values;
  private final String where;

  /**
   * @param where how to name a setting's place, such as {@code init parameter of filter 'sessions'}
   * @throws IllegalArgumentException if a name is unknown; lists the known ones
   */
  InitParameters(Map<String, String> values, String where) {
    this.values = new TreeMap<>(values);
    this.where = where;
    this.values.keySet().forEach(name -> requireKnown(name, where));
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
    return where;
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
    if (!values.isEmpty()) {
      throw new IllegalArgumentException(
          where + ": " + values.keySet() + " have no effect, " + reason);
    }
  }

  /**
   * The filter's builder with these settings, and a key source opened for it.
   *
   * @throws IllegalArgumentException if a value is missing or wrong
   * @throws IllegalStateException if the key source cannot be opened
   */
  StatelessSessionFilter.Builder toBuilder(InstantSource clock) {
    String application = required("application");
    URI location = location();
    Consumer<StatelessSessionFilter.Builder> settings = settings(application);
    // Everything else is checked before keys are opened, which may cost a connection.
    KeySource keySource = KeySource.open(location, clock);
    try {
      return within(
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
    for (String name : List.of("application", "keySource")) {
      if (values.containsKey(name)) {
        throw new IllegalArgumentException(
            where + ": '" + name + "' has no effect, the builder has it already");
      }
    }
    settings(builder.application).accept(builder);
  }

  /** Checks all settings at once, to be given to a builder later. */
  private Consumer<StatelessSessionFilter.Builder> settings(String application) {
    boolean header = oneOf("transport", "cookie", "cookie", "header").equals("header");
    String headerName = header ? text("headerName", "Satchel-Session") : null;
    boolean fromContext = oneOf("cookieConfig", "filter", "filter", "context").equals("context");
    SessionCookie cookie = header || fromContext ? null : cookie(application);
    UnaryOperator<SessionCookie> variation = variation();
    refuseUnused(header, fromContext);
    SessionPolicy policy = values.keySet().stream().anyMatch(POLICY::contains) ? policy() : null;
    AttributeTypes types = values.containsKey("attributeTypes") ? attributeTypes() : null;
    boolean warn = oneOf("lateChange", "error", "error", "warn").equals("warn");
    boolean refuse = oneOf("unserializable", "drop", "drop", "refuse").equals("refuse");
    boolean touch = bool("touchEveryRequest", false);
    boolean activationEvents = bool("activationEvents", true);
    boolean show = oneOf("ownToken", "hide", "hide", "show").equals("show");
    boolean skip = oneOf("emptySession", "send", "send", "skip").equals("skip");
    String unreadable = oneOf("unreadable", "keep", "keep", "drop", "invalidate");
    boolean ignore = oneOf("containerListeners", "tell", "tell", "ignore").equals("ignore");
    boolean undo = oneOf("uncaughtException", "commit", "commit", "rollback").equals("rollback");
    List<String> excluded = list("exclude");
    return builder -> {
      if (policy != null) {
        builder.policy(policy);
        builder.idleTimeoutIsDefault(!values.containsKey("idleTimeout"));
      }
      if (types != null) {
        builder.attributeTypes(types);
      }
      if (headerName != null) {
        builder.header(headerName);
      } else if (cookie != null) {
        builder.cookie(cookie);
      } else {
        builder.cookieFromContext(variation);
      }
      if (warn) {
        builder.warnOnLateChange();
      }
      if (refuse) {
        builder.refuseUnserializable();
      }
      if (touch) {
        builder.touchEveryRequest();
      }
      if (ignore) {
        builder.ignoreContainerListeners();
      }
      if (!activationEvents) {
        builder.withoutActivationEvents();
      }
      if (show) {
        builder.showToken();
      }
      if (skip) {
        builder.skipEmptySessions();
      }
      if (unreadable.equals("drop")) {
        builder.dropUnreadable();
      } else if (unreadable.equals("invalidate")) {
        builder.invalidateUnreadable();
      }
      if (undo) {
        builder.rollBackOnException();
      }
      excluded.forEach(builder::exclude);
    };
  }

  private URI location() {
    String text = required("keySource");
    try {
      URI location = new URI(text);
      if (location.getScheme() != null) {
        return location;
      }
    } catch (URISyntaxException e) {
      // The message would repeat the location.
    }
    throw new IllegalArgumentException(
        where + ": 'keySource' is no URI with a scheme, such as file:/var/lib/shop/ring");
  }

  private SessionCookie cookie(String application) {
    String secure = oneOf("secure", "true", "true", "false", "auto");
    boolean httpOnly = bool("httpOnly", true);
    boolean partitioned = bool("partitioned", false);
    String sameSite = oneOf("sameSite", "Lax", "Lax", "Strict", "None").toUpperCase(Locale.ROOT);
    Duration maxAge = duration("cookieMaxAge", Duration.ZERO);
    int maxCookies = integer("maxCookies", 1);
    String name = text("cookieName", "__Host-Http-" + application);
    return within(
        "the cookie's settings",
        () -> {
          SessionCookie cookie =
              SessionCookie.named(name)
                  .withPath(text("cookiePath", "/"))
                  .withDomain(text("cookieDomain", ""))
                  .withSameSite(SessionCookie.SameSite.valueOf(sameSite))
                  .withMaxAge(maxAge)
                  .withMaxCookies(maxCookies);
          cookie = partitioned ? cookie.withPartitioned() : cookie;
          cookie = httpOnly ? cookie : cookie.readableByScripts();
          return switch (secure) {
            case "true" -> cookie;
            case "auto" -> cookie.insecureOnPlainHttp();
            default -> cookie.insecure();
          };
        });
  }

  /** What is set here of a cookie that the context configures. */
  private UnaryOperator<SessionCookie> variation() {
    String name = text("cookieName", "");
    boolean httpOnly = bool("httpOnly", true);
    int maxCookies = integer("maxCookies", 1);
    return configured ->
        within(
            "the cookie's settings",
            () -> {
              SessionCookie cookie = name.isEmpty() ? configured : configured.withName(name);
              cookie = cookie.withMaxCookies(maxCookies);
              return httpOnly ? cookie : cookie.readableByScripts();
            });
  }

  private SessionPolicy policy() {
    SessionPolicy defaults = SessionPolicy.defaults();
    Duration lifetime = duration("absoluteLifetime", defaults.absoluteLifetime());
    Duration idle = duration("idleTimeout", min(defaults.idleTimeout(), lifetime));
    Duration skew = duration("clockSkew", defaults.clockSkew());
    int refresh = integer("refreshPercent", defaults.refreshPercent());
    int threshold = integer("compressionThreshold", defaults.compressionThreshold());
    Set<String> secret = new LinkedHashSet<>(list("secretAttributes"));
    return within(
        "the session's policy",
        () ->
            defaults
                .withLifetimes(lifetime, idle)
                .withClockSkew(skew)
                .withRefreshPercent(refresh)
                .withCompressionThreshold(threshold)
                .withSecretAttributes(secret));
  }

  /**
   * Pairs of alias and class, as the builder has them: whoever can write the application's
   * configuration could name any class there anyway, and no token can name one.
   */
  private AttributeTypes attributeTypes() {
    AttributeTypes.Builder types = AttributeTypes.builder();
    return within(
        "attributeTypes",
        () -> {
          for (String pair : list("attributeTypes")) {
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

  private void refuseUnused(boolean header, boolean fromContext) {
    for (String name : values.keySet()) {
      if (header ? COOKIE_ONLY.contains(name) : name.equals("headerName")) {
        throw unused(name, "transport " + (header ? "header" : "cookie"));
      }
      if (fromContext && IN_CONTEXT.contains(name)) {
        throw unused(name, "cookieConfig context");
      }
    }
  }

  private IllegalArgumentException unused(String name, String other) {
    return new IllegalArgumentException(where + ": '" + name + "' has no effect with " + other);
  }

  private String required(String name) {
    String value = values.get(name);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(where + ": '" + name + "' is missing");
    }
    return value.strip();
  }

  private String text(String name, String absent) {
    String value = values.get(name);
    return value == null ? absent : value.strip();
  }

  private List<String> list(String name) {
    return Arrays.stream(text(name, "").split(",", -1))
        .map(String::strip)
        .filter(s -> !s.isEmpty())
        .toList();
  }

  private String oneOf(String name, String absent, String... allowed) {
    String value = text(name, absent);
    for (String each : allowed) {
      if (each.equalsIgnoreCase(value)) {
        return each;
      }
    }
    throw wrong(name, value, "one of " + Arrays.toString(allowed), null);
  }

  private boolean bool(String name, boolean absent) {
    return oneOf(name, Boolean.toString(absent), "true", "false").equals("true");
  }

  private int integer(String name, int absent) {
    return parsed(name, absent, Integer::valueOf, "a whole number");
  }

  private Duration duration(String name, Duration absent) {
    return parsed(name, absent, Duration::parse, "an ISO 8601 duration such as PT30M");
  }

  private <T> T parsed(String name, T absent, Function<String, T> parser, String allowed) {
    String value = values.get(name);
    if (value == null) {
      return absent;
    }
    try {
      return parser.apply(value.strip());
    } catch (NumberFormatException | DateTimeParseException e) {
      throw wrong(name, value, allowed, e);
    }
  }

  private IllegalArgumentException wrong(
      String name, String got, String allowed, @Nullable Exception cause) {
    return new IllegalArgumentException(
        where + ": '" + name + "' is '" + got + "', allowed is " + allowed, cause);
  }

  /** Adds the place to a refusal that comes from a type which does not know it. */
  private <T> T within(String what, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + ", " + what + ": " + e.getMessage(), e);
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
