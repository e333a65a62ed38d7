package dev.satchel.servlet;

import dev.satchel.servlet.SessionCookie.SameSite;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The settings of the cookie or header that carries the token. */
final class TransportSettings {
  private static final String TRANSPORT = "transport";
  private static final String HEADER_NAME = "headerName";
  private static final String COOKIE_CONFIG = "cookieConfig";
  private static final String COOKIE_NAME = "cookieName";
  private static final String COOKIE_SETTINGS = "the cookie's settings";

  /** What {@code SessionCookieConfig} says, if that is asked. */
  private static final List<Setting<SessionCookie>> IN_CONTEXT =
      List.of(
          Setting.of("cookiePath", SettingsText::given, SessionCookie::withPath),
          Setting.of("cookieDomain", SettingsText::given, SessionCookie::withDomain),
          Setting.of("sameSite", TransportSettings::sameSite, SessionCookie::withSameSite),
          Setting.of("cookieMaxAge", SettingsText::duration, SessionCookie::withMaxAge),
          Setting.of(
              "partitioned",
              SettingsText::bool,
              (cookie, partitioned) -> partitioned ? cookie.withPartitioned() : cookie),
          Setting.of(
              "secure",
              (text, name) -> text.oneOf(name, "", "true", "false", "auto"),
              (cookie, secure) ->
                  switch (secure) {
                    case "true" -> cookie;
                    case "auto" -> cookie.insecureOnPlainHttp();
                    default -> cookie.insecure();
                  }));

  /** What it does not say, or may be said otherwise here. */
  private static final List<Setting<SessionCookie>> BESIDE_CONTEXT =
      List.of(
          Setting.of(
              COOKIE_NAME,
              SettingsText::given,
              (cookie, name) -> name.isEmpty() ? cookie : cookie.withName(name)),
          Setting.of("maxCookies", SettingsText::integer, SessionCookie::withMaxCookies),
          Setting.of("totalLimit", SettingsText::integer, SessionCookie::withTotalLimit),
          Setting.of(
              "httpOnly",
              SettingsText::bool,
              (cookie, httpOnly) -> httpOnly ? cookie : cookie.readableByScripts()));

  private static final List<Setting<SessionCookie>> COOKIE =
      Stream.of(BESIDE_CONTEXT, IN_CONTEXT).flatMap(List::stream).toList();

  private static final Set<String> IN_CONTEXT_NAMES = Setting.names(IN_CONTEXT);
  private static final Set<String> COOKIE_ONLY = Setting.names(COOKIE);
  static final Set<String> NAMES = new TreeSet<>(COOKIE_ONLY);

  static {
    COOKIE_ONLY.add(COOKIE_CONFIG);
    NAMES.addAll(List.of(TRANSPORT, HEADER_NAME, COOKIE_CONFIG));
  }

  private TransportSettings() {}

  /**
   * What carries the token, to be given to a builder.
   *
   * @throws IllegalArgumentException if a value is wrong, or something set has no effect
   */
  static Consumer<StatelessSessionFilter.Builder> read(SettingsText text, String application) {
    if (text.oneOf(TRANSPORT, "cookie", "cookie", "header").equals("header")) {
      refuse(COOKIE_ONLY, text, "transport header");
      String name = text.text(HEADER_NAME, "Satchel-Session");
      return builder -> builder.header(name);
    }
    refuse(Set.of(HEADER_NAME), text, "transport cookie");
    if (text.oneOf(COOKIE_CONFIG, "filter", "filter", "context").equals("context")) {
      refuse(IN_CONTEXT_NAMES, text, "cookieConfig context");
      UnaryOperator<SessionCookie> variation = cookie(BESIDE_CONTEXT, text);
      return builder -> builder.cookieFromContext(variation);
    }
    SessionCookie base =
        text.within(
            COOKIE_SETTINGS,
            () ->
                text.has(COOKIE_NAME)
                    ? SessionCookie.named(text.given(COOKIE_NAME))
                    : SessionCookie.host(application));
    SessionCookie cookie = cookie(COOKIE, text).apply(base);
    return builder -> builder.cookie(cookie);
  }

  private static UnaryOperator<SessionCookie> cookie(
      List<Setting<SessionCookie>> settings, SettingsText text) {
    return Setting.all(settings, text, COOKIE_SETTINGS);
  }

  private static SameSite sameSite(SettingsText text, String name) {
    String word = text.oneOf(name, "", "Lax", "Strict", "None");
    return SameSite.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static void refuse(Set<String> names, SettingsText text, String other) {
    for (String name : text.names()) {
      if (names.contains(name)) {
        throw new IllegalArgumentException(
            text.where() + ": '" + name + "' has no effect with " + other);
      }
    }
  }
}
