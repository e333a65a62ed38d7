package dev.satchel.servlet;

import dev.satchel.servlet.CookieSettings.Secure;
import dev.satchel.servlet.SessionCookie.SameSite;
import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionCookieConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The session cookie as the application configures its container's (BEHAVIOUR.md 66): {@code
 * cookie-config} in {@code web.xml}, {@code ServletContext.getSessionCookieConfig()}.
 */
final class ContextCookie {
  /** The specification's default, which Jetty and Undertow answer where nothing is configured. */
  static final String CONTAINERS_NAME = "JSESSIONID";

  private ContextCookie() {}

  /** The name of the container's own session cookie. */
  static String containersName(ServletContext context) {
    SessionCookieConfig config = context.getSessionCookieConfig();
    String name = config == null ? null : config.getName(); // null: Jetty without sessions
    return name == null || name.isEmpty() ? CONTAINERS_NAME : name;
  }

  /**
   * @throws IllegalArgumentException if what is configured is no cookie for a session
   */
  static SessionCookie of(ServletContext context, String application) {
    SessionCookieConfig config = context.getSessionCookieConfig();
    if (config == null) {
      throw new IllegalArgumentException(
          "the application's SessionCookieConfig is asked for and there is none: its context has no"
              + " sessions of its own; allowed is a cookie that the filter is given");
    }
    try {
      CookieSettings settings = new CookieSettings(containersName(context));
      settings.path = path(config.getPath(), context.getContextPath());
      settings.domain = domain(config.getDomain());
      // "false" means: as the request is (Javadoc of SessionCookieConfig.isSecure).
      settings.secure = config.isSecure() ? Secure.ALWAYS : Secure.BY_REQUEST;
      settings.maxAge = maxAge(config.getMaxAge());
      config.getAttributes().forEach((name, value) -> attribute(settings, name, value));
      if (settings.name.equals(CONTAINERS_NAME)) {
        settings.name = name(settings, application);
      }
      // HttpOnly stays: Jetty answers "false" also where nobody asked for it.
      return SessionCookie.of(settings);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the application's SessionCookieConfig, " + e.getMessage(), e);
    }
  }

  /** Where none is configured: the strongest prefix whose promise the rest keeps. */
  private static String name(CookieSettings settings, String application) {
    if (settings.secure != Secure.ALWAYS) {
      return application + "-session";
    }
    boolean host = settings.path.equals("/") && settings.domain.isEmpty();
    return (host ? "__Host-Http-" : "__Http-") + application;
  }

  private static String path(@Nullable String configured, String contextPath) {
    String path = configured == null || configured.isEmpty() ? contextPath : configured;
    return path.isEmpty() ? "/" : path;
  }

  /** As user agents read it: without leading dot, in lower case (RFC 6265bis §5.6.3, §5.1.2). */
  private static String domain(@Nullable String configured) {
    String domain = configured == null ? "" : configured.toLowerCase(Locale.ROOT);
    return domain.startsWith(".") ? domain.substring(1) : domain;
  }

  private static Duration maxAge(int seconds) {
    if (seconds == 0) {
      throw new IllegalArgumentException(
          "session cookie: maxAge is 0, which would delete it at once; allowed is -1 for none, or"
              + " 1 and more");
    }
    return seconds < 0 ? Duration.ZERO : Duration.ofSeconds(seconds);
  }

  private static void attribute(CookieSettings settings, String name, @Nullable String value) {
    if (value == null) {
      return;
    }
    switch (name.toLowerCase(Locale.ROOT)) {
      case "samesite" -> settings.sameSite = sameSite(value);
      case "partitioned" -> settings.partitioned = isSet(value);
      case "name" -> {} // Jetty lists it among the attributes
      default -> {
        if (!CookieSettings.OWN_ATTRIBUTES.contains(name.toLowerCase(Locale.ROOT))) {
          settings.attributes.put(name, value);
        }
      }
    }
  }

  /** An attribute without value is set by an empty one as of Servlet 6.1, by "true" before. */
  private static boolean isSet(String value) {
    return value.isEmpty() || Boolean.parseBoolean(value);
  }

  private static SameSite sameSite(String value) {
    for (SameSite each : SameSite.values()) {
      if (each.text.equalsIgnoreCase(value)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "session cookie: SameSite is '"
            + value
            + "', allowed is one of "
            + Arrays.stream(SameSite.values()).map(each -> each.text).toList());
  }
}
