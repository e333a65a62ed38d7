package dev.satchel.servlet;

import dev.satchel.AttributeTypes;
import dev.satchel.KeySource;
import dev.satchel.RevocationCheck;
import dev.satchel.SessionPolicy;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.EventListener;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a filter's builder was told; null where nothing was said. */
final class FilterSettings {
  final String application;
  final KeySource keySource;
  final List<EventListener> listeners = new ArrayList<>();
  final List<SessionEvents> events = new ArrayList<>();
  final List<String> excluded = new ArrayList<>();
  final Set<Choice> choices = EnumSet.noneOf(Choice.class);

  /** Where the settings came from, as the log says it. */
  final Set<String> origins = new LinkedHashSet<>(Set.of("its builder"));

  @Nullable SessionPolicy policy;
  @Nullable AttributeTypes attributeTypes;
  @Nullable RevocationCheck revocationCheck;
  @Nullable InstantSource clock;
  @Nullable SessionCookie cookie;
  @Nullable UnaryOperator<SessionCookie> cookieFromContext;
  @Nullable String header;

  /** Whether the application's session timeout counts, since no idle timeout was given. */
  boolean idleTimeoutIsDefault = true;

  FilterSettings(String application, KeySource keySource) {
    this.application = application;
    this.keySource = keySource;
  }

  /**
   * @throws IllegalStateException if the cookie or header that carries the token was chosen already
   */
  void requireNoTransport() {
    requireUnset("cookie", cookie);
    requireUnset("header", header);
    requireUnset("cookieFromContext", cookieFromContext);
  }

  /**
   * @throws IllegalStateException if there is a value already
   */
  static void requireUnset(String what, @Nullable Object value) {
    if (value != null) {
      throw new IllegalStateException(what + " was already set to " + value);
    }
  }
}
