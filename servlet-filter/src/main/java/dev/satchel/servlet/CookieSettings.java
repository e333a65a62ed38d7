package dev.satchel.servlet;

import dev.satchel.servlet.SessionCookie.SameSite;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a {@link SessionCookie} is made of, and what may be. Changed only while it is being made:
 * afterwards it is reached through a final field alone.
 */
final class CookieSettings {

  /** When {@code Secure} is written. */
  enum Secure {
    ALWAYS,
    BY_REQUEST,
    NEVER
  }

  String name;
  String path = "/";
  String domain = "";
  SameSite sameSite = SameSite.LAX;
  Secure secure = Secure.ALWAYS;
  boolean httpOnly = true;
  boolean partitioned;
  Duration maxAge = Duration.ZERO;
  final Map<String, String> attributes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  int maxCookies = 1;
  int totalLimit = SessionCookie.TOTAL_LIMIT;

  /**
   * The characters of {@link dev.satchel.TokenContext} names, which are also RFC 6265 tokens and
   * need no quoting anywhere.
   */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~!$&'()*+,=:@%/-]{0,255}");
  private static final Pattern DOMAIN =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

  /** RFC 6265bis §4.1.1, extension-av; names as tokens (RFC 9110 §5.6.2), since others are none. */
  private static final Pattern ATTRIBUTE = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");

  private static final Pattern ATTRIBUTE_VALUE = Pattern.compile("[ -:<-~]*");

  /** In lower case: those that have a setting of their own, or that only the filter writes. */
  static final Set<String> OWN_ATTRIBUTES =
      Set.of(
          "path",
          "domain",
          "secure",
          "httponly",
          "samesite",
          "partitioned",
          "max-age",
          "expires",
          "comment",
          "version");

  /** RFC 6265bis §5.6: an attribute whose value is longer is ignored. Here: all of them. */
  private static final int MAX_ATTRIBUTES_LENGTH = 1024;

  /** RFC 6265bis §5.5: user agents keep no cookie longer. */
  private static final Duration MAX_AGE = Duration.ofDays(400);

  CookieSettings(String name) {
    this.name = name;
  }

  CookieSettings(CookieSettings other) {
    name = other.name;
    path = other.path;
    domain = other.domain;
    sameSite = other.sameSite;
    secure = other.secure;
    httpOnly = other.httpOnly;
    partitioned = other.partitioned;
    maxAge = other.maxAge;
    attributes.putAll(other.attributes);
    maxCookies = other.maxCookies;
    totalLimit = other.totalLimit;
  }

  /**
   * @throws IllegalArgumentException if a setting is malformed or contradicts another
   */
  void check() {
    require(NAME.matcher(name).matches(), "name", quoted(name), NAME.pattern());
    require(PATH.matcher(path).matches(), "path", quoted(path), PATH.pattern());
    require(
        domain.isEmpty() || DOMAIN.matcher(domain).matches() && domain.length() <= 253,
        "domain",
        quoted(domain),
        "a host name of several labels in lower case without leading dot, no address, or empty");
    require(
        maxCookies >= 1 && maxCookies <= SessionCookie.MAX_COOKIES,
        "maxCookies",
        maxCookies,
        "1 to " + SessionCookie.MAX_COOKIES);
    int lowest = SessionCookie.MAX_LINE_LENGTH;
    int highest = SessionCookie.MAX_COOKIES * SessionCookie.MAX_LINE_LENGTH;
    require(
        totalLimit >= lowest && totalLimit <= highest,
        "totalLimit",
        totalLimit,
        lowest + " to " + highest);
    require(
        maxAge.isZero() || maxAge.toSeconds() >= 1 && maxAge.compareTo(MAX_AGE) <= 0,
        "maxAge",
        maxAge,
        "PT1S to " + MAX_AGE + ", or zero for none");
    checkAttributes();
    require(
        sameSite != SameSite.NONE || secure == Secure.ALWAYS,
        "sameSite",
        "None" + withoutSecure(),
        "None with Secure, Lax or Strict");
    require(
        !partitioned || secure == Secure.ALWAYS,
        "partitioned",
        "true" + withoutSecure(),
        "true with Secure, or false");
    checkPrefix();
  }

  private void checkAttributes() {
    int length = 0;
    for (Map.Entry<String, String> each : attributes.entrySet()) {
      String attribute = each.getKey();
      require(
          ATTRIBUTE.matcher(attribute).matches()
              && !OWN_ATTRIBUTES.contains(attribute.toLowerCase(Locale.ROOT)),
          "attribute",
          quoted(attribute),
          ATTRIBUTE.pattern() + ", none that has a setting of its own");
      require(
          ATTRIBUTE_VALUE.matcher(each.getValue()).matches(),
          "attribute " + attribute,
          quoted(each.getValue()),
          "printable ASCII without semicolon, or empty for no value");
      length += attribute.length() + each.getValue().length();
    }
    require(
        length <= MAX_ATTRIBUTES_LENGTH,
        "length of all attributes",
        length,
        "up to " + MAX_ATTRIBUTES_LENGTH);
  }

  /**
   * Compared without regard to case, as user agents do: "__host-x" would be refused by them, not
   * taken as an ordinary name.
   */
  private void checkPrefix() {
    if (isPrefixed()) {
      require(
          secure == Secure.ALWAYS,
          "name",
          name + withoutSecure(),
          "a name without this prefix, or Secure");
    }
    if (hasPrefix("__Http-") || hasPrefix("__Host-Http-")) {
      require(
          httpOnly, "name", name + " without HttpOnly", "a name without this prefix, or HttpOnly");
    }
    if (hasPrefix("__Host-")) {
      require(
          path.equals("/"),
          "name",
          name + " with path " + path,
          "a name without this prefix, or path /");
      require(
          domain.isEmpty(),
          "name",
          name + " with domain " + domain,
          "a name without this prefix, or no domain");
    }
  }

  private String withoutSecure() {
    return secure == Secure.BY_REQUEST ? " without Secure on plain HTTP" : " without Secure";
  }

  /** Whether user agents protect the name. */
  boolean isPrefixed() {
    return hasPrefix("__Secure-") || hasPrefix("__Http-") || hasPrefix("__Host-");
  }

  private boolean hasPrefix(String prefix) {
    return name.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  /** All that follows the value in a {@code Set-Cookie} field. */
  String text() {
    StringBuilder text = new StringBuilder("; Path=").append(path);
    if (!domain.isEmpty()) {
      text.append("; Domain=").append(domain);
    }
    if (secure != Secure.NEVER) {
      text.append("; Secure");
    }
    if (httpOnly) {
      text.append("; HttpOnly");
    }
    text.append("; SameSite=").append(sameSite.text);
    if (partitioned) {
      text.append("; Partitioned");
    }
    attributes.forEach(
        (attribute, value) ->
            text.append("; ").append(attribute).append(value.isEmpty() ? "" : "=" + value));
    return text.toString();
  }

  private static String quoted(String value) {
    return "'" + value + "'";
  }

  private static void require(boolean condition, String what, Object got, String allowed) {
    if (!condition) {
      throw new IllegalArgumentException(
          "session cookie: " + what + " is " + got + ", allowed is " + allowed);
    }
  }
}
