package dev.satchel.servlet.spring;

import static java.time.temporal.ChronoUnit.SECONDS;

import dev.satchel.servlet.SessionCookie;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * The filter's init parameters as {@code satchel.*}. Spring only gives them their types: what they
 * may be and mean is the filter's business. A duration without a unit has seconds, as those of
 * {@code server.servlet.session} have. An unknown name keeps the application from starting.
 */
@ConfigurationProperties(prefix = "satchel", ignoreUnknownFields = false)
record SatchelProperties(
    @DefaultValue("true") boolean enabled,
    @Nullable String application,
    @Nullable String keySource,
    @Nullable Transport transport,
    @Nullable String cookieName,
    @Nullable String cookiePath,
    @Nullable String cookieDomain,
    SessionCookie.@Nullable SameSite sameSite,
    @Nullable String secure,
    @Nullable Boolean httpOnly,
    @Nullable Boolean partitioned,
    @DurationUnit(SECONDS) @Nullable Duration cookieMaxAge,
    @Nullable CookieConfig cookieConfig,
    @Nullable Integer maxCookies,
    @Nullable Integer totalLimit,
    @Nullable String headerName,
    @DurationUnit(SECONDS) @Nullable Duration absoluteLifetime,
    @DurationUnit(SECONDS) @Nullable Duration idleTimeout,
    @DurationUnit(SECONDS) @Nullable Duration clockSkew,
    @Nullable Integer refreshPercent,
    @Nullable Integer compressionThreshold,
    @Nullable List<String> secretAttributes,
    @Nullable LateChange lateChange,
    @Nullable Unserializable unserializable,
    @Nullable Boolean touchEveryRequest,
    @Nullable Boolean activationEvents,
    @Nullable OwnToken ownToken,
    @Nullable EmptySession emptySession,
    @Nullable Unreadable unreadable,
    @Nullable UncaughtException uncaughtException,
    @Nullable ContainerListeners containerListeners,
    @Nullable List<String> exclude) {

  enum Transport {
    COOKIE,
    HEADER
  }

  enum LateChange {
    ERROR,
    WARN
  }

  enum Unserializable {
    DROP,
    REFUSE
  }

  enum CookieConfig {
    FILTER,
    CONTEXT
  }

  enum OwnToken {
    HIDE,
    SHOW
  }

  enum EmptySession {
    SEND,
    SKIP
  }

  enum Unreadable {
    KEEP,
    DROP,
    INVALIDATE
  }

  enum UncaughtException {
    COMMIT,
    ROLLBACK
  }

  enum ContainerListeners {
    TELL,
    IGNORE
  }

  /** Those that are set, as the filter reads them, but for the application and its keys. */
  Map<String, String> asParameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (RecordComponent component : SatchelProperties.class.getRecordComponents()) {
      Object value = value(component);
      if (value != null) {
        parameters.put(component.getName(), text(value));
      }
    }
    parameters.keySet().removeAll(List.of("enabled", "application", "keySource"));
    return parameters;
  }

  private @Nullable Object value(RecordComponent component) {
    try {
      return component.getAccessor().invoke(this);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("property satchel." + component.getName(), e);
    }
  }

  private static String text(Object value) {
    return value instanceof Collection<?> values
        ? values.stream().map(Objects::toString).collect(Collectors.joining(","))
        : value.toString();
  }

  /** Without the location of the keys, which may hold a password. */
  @Override
  public String toString() {
    return "SatchelProperties[application=" + application + ", " + asParameters() + "]";
  }
}
