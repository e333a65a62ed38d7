package dev.satchel.servlet;

import dev.satchel.servlet.CookieSettings.Secure;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How the session cookie is named and scoped. Immutable; start from {@link #host} or {@link #named}
 * and vary. A variation that is malformed, or contradicts the rest, throws {@link
 * IllegalArgumentException} and says which part, what was got and what is allowed.
 *
 * <p>Without {@code Max-Age} unless asked for: a session cookie should end with the browser, and
 * the token carries its own expiry.
 *
 * <p>A prefix of the name is a promise that user agents enforce and this type checks (RFC 6265bis
 * §4.1.3): {@code __Secure-} needs {@code Secure}; {@code __Host-} also {@code Path=/} and no
 * {@code Domain}; {@code __Http-} and {@code __Host-Http-} also {@code HttpOnly}.
 */
public final class SessionCookie {
  private final CookieSettings settings;

  /**
   * RFC 6265bis §5.6: a cookie of more than 4096 octets is ignored. Some user agents counted the
   * attributes too, so the whole line is kept below.
   */
  static final int MAX_LINE_LENGTH = 4096;

  /**
   * Tomcat, Jetty and nginx take 8 KiB of header fields in all by default. A session beyond it
   * would not be refused here but lock its user out: every request would be answered 400 or 431.
   */
  static final int TOTAL_LIMIT = 7 * 1024;

  /** Four cookies fill the 16 KiB that a token may have. */
  static final int MAX_COOKIES = 4;

  /** The {@code SameSite} attribute (RFC 6265bis §4.1.2.7). */
  public enum SameSite {
    /**
     * Sent when the user follows a link from another site, not with its subrequests and posts. The
     * default.
     */
    LAX("Lax"),
    /**
     * Sent by any site. Needs {@code Secure}, and protection against forged requests by other
     * means.
     */
    NONE("None"),
    /** Never sent from another site, not even for a link. */
    STRICT("Strict");

    final String text;

    SameSite(String text) {
      this.text = text;
    }
  }

  private SessionCookie(CookieSettings settings) {
    settings.check();
    this.settings = settings;
  }

  /**
   * @throws IllegalArgumentException if a setting is malformed or contradicts another
   */
  static SessionCookie of(CookieSettings settings) {
    return new SessionCookie(new CookieSettings(settings));
  }

  private SessionCookie with(Consumer<CookieSettings> change) {
    CookieSettings changed = new CookieSettings(settings);
    change.accept(changed);
    return new SessionCookie(changed);
  }

  /**
   * The cookie to use where nothing speaks against it: {@code __Host-Http-<application>}, Secure,
   * HttpOnly, SameSite=Lax, Path=/, host only. No sibling host can set it, no script can read or
   * set it, and two applications on one host do not collide. Chromium accepts it on {@code
   * http://localhost} too.
   */
  public static SessionCookie host(String application) {
    return named("__Host-Http-" + application);
  }

  /** A cookie of this name, otherwise as {@link #host}. */
  public static SessionCookie named(String name) {
    return new SessionCookie(new CookieSettings(name));
  }

  /**
   * This cookie for a path and what lies below it. A path is no protection: scripts of other paths
   * can reach the cookie.
   */
  public SessionCookie withPath(String newPath) {
    return with(c -> c.path = newPath);
  }

  /** This cookie for a domain and all hosts below it, each of which can then replace it. */
  public SessionCookie withDomain(String newDomain) {
    return with(c -> c.domain = newDomain);
  }

  /** This cookie with another SameSite attribute. */
  public SessionCookie withSameSite(SameSite newSameSite) {
    return with(c -> c.sameSite = Objects.requireNonNull(newSameSite, "sameSite"));
  }

  /**
   * This cookie spread over up to this many cookies where the session outgrows one. All of them
   * together stay within {@link #totalLimit}, so more than two need {@link #withTotalLimit} too.
   */
  public SessionCookie withMaxCookies(int parts) {
    return with(c -> c.maxCookies = parts);
  }

  /**
   * This cookie with up to this many bytes in all its {@code Set-Cookie} lines, 4096 to 16384;
   * default 7168. Only for those who have raised the header limits of the container and of all
   * proxies before it, which are 8 KiB by default: a client whose cookies exceed them gets no
   * answer but 400 or 431 until it deletes them.
   */
  public SessionCookie withTotalLimit(int bytes) {
    return with(c -> c.totalLimit = bytes);
  }

  /**
   * This cookie {@code Secure} where {@code ServletRequest.isSecure} says so of the request, and
   * without on plain HTTP, where whoever is on the path can take the session over. For development
   * with and without TLS by one configuration. Behind a proxy that ends TLS the container must be
   * told so, or the cookie is never secure. A session begun with TLS cannot be changed without,
   * since user agents leave secure cookies alone then (RFC 6265bis §5.7). Neither a prefix nor
   * {@code SameSite=None} nor {@code Partitioned} goes with it.
   */
  public SessionCookie insecureOnPlainHttp() {
    return with(c -> c.secure = Secure.BY_REQUEST);
  }

  /**
   * This cookie on plain HTTP too: whoever is on the path can take the session over. For
   * development on hosts other than localhost.
   */
  public SessionCookie insecure() {
    return with(c -> c.secure = Secure.NEVER);
  }

  /** This cookie readable by scripts: one injected script can carry the session away. */
  public SessionCookie readableByScripts() {
    return with(c -> c.httpOnly = false);
  }

  /**
   * This cookie with the {@code Partitioned} attribute (CHIPS,
   * draft-cutler-httpbis-partitioned-cookies): a page that is embedded in several sites has one
   * session for each of them. Needs {@code Secure}; embedded pages also need {@code SameSite=None}.
   */
  public SessionCookie withPartitioned() {
    return with(c -> c.partitioned = true);
  }

  /**
   * This cookie with a {@code Max-Age} (RFC 6265bis §4.1.2.2), in whole seconds, at most 400 days:
   * the user agent keeps it that long after it was last written, over its own end too. Not {@code
   * Expires}, which every user agent in use needs as little. An unchanged session is written again
   * only at the policy's refresh point. Zero for none, the default.
   */
  public SessionCookie withMaxAge(Duration age) {
    return with(c -> c.maxAge = Objects.requireNonNull(age, "maxAge"));
  }

  /**
   * This cookie with one more attribute (RFC 6265bis §4.1.1, extension-av), for user agents that
   * know it, such as {@code Priority}.
   *
   * @param attribute none that has a method of its own here
   * @param value printable ASCII without semicolon; empty for the name alone
   */
  public SessionCookie withAttribute(String attribute, String value) {
    return with(c -> c.attributes.put(attribute, Objects.requireNonNull(value, "value")));
  }

  /** This cookie under another name. */
  public SessionCookie withName(String newName) {
    return with(c -> c.name = newName);
  }

  /** The cookie's name, 1 to 64 of {@code A-Z a-z 0-9 . _ -}. */
  public String name() {
    return settings.name;
  }

  /** The {@code Path} attribute: starts with a slash. */
  public String path() {
    return settings.path;
  }

  /** The {@code Domain} attribute; empty for none, which keeps the cookie to this one host. */
  public String domain() {
    return settings.domain;
  }

  /** The {@code SameSite} attribute, always written. */
  public SameSite sameSite() {
    return settings.sameSite;
  }

  /**
   * Whether the cookie travels on secure connections only; false only by {@link #insecure} and
   * {@link #insecureOnPlainHttp}.
   */
  public boolean secure() {
    return settings.secure == Secure.ALWAYS;
  }

  /** Whether {@code Secure} is written where the request is secure, and not elsewhere. */
  public boolean secureByRequest() {
    return settings.secure == Secure.BY_REQUEST;
  }

  /** Whether the {@code Partitioned} attribute is written. */
  public boolean partitioned() {
    return settings.partitioned;
  }

  /** The {@code Max-Age} attribute; zero for none. */
  public Duration maxAge() {
    return settings.maxAge;
  }

  /** Attributes beyond those that have a method here; an empty value for the name alone. */
  public Map<String, String> attributes() {
    return Collections.unmodifiableMap(settings.attributes);
  }

  /** Whether scripts are kept from reading it; false only by {@link #readableByScripts}. */
  public boolean httpOnly() {
    return settings.httpOnly;
  }

  /**
   * How many cookies one session may be spread over: 1 (the default) to 4. Browsers cap each at
   * 4096 bytes, servers and proxies all of them together, often at 8 KiB.
   */
  public int maxCookies() {
    return settings.maxCookies;
  }

  /** How many bytes the {@code Set-Cookie} lines of one session may have together. */
  public int totalLimit() {
    return settings.totalLimit;
  }

  /** Whether user agents protect the name. */
  boolean isPrefixed() {
    return settings.isPrefixed();
  }

  /** The name of a part: the cookie's own name for part 0, then {@code name.1}, {@code name.2}… */
  String partName(int part) {
    return part == 0 ? settings.name : settings.name + "." + part;
  }

  /**
   * The {@code Set-Cookie} value. The value's alphabet is base64url and the dot, so nothing is
   * quoted (BEHAVIOUR.md 70).
   */
  String line(int part, String value) {
    long seconds = settings.maxAge.toSeconds();
    return partName(part)
        + "="
        + value
        + (seconds == 0 ? "" : "; Max-Age=" + seconds)
        + settings.text();
  }

  /**
   * The {@code Set-Cookie} value that makes the client drop this part: same name, path and domain,
   * or it would drop another cookie (BEHAVIOUR.md 74).
   */
  String expiringLine(int part) {
    return partName(part) + "=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT" + settings.text();
  }

  /**
   * Characters a value may have so that the whole line of the longest part name is within {@link
   * #MAX_LINE_LENGTH}.
   */
  int valueCapacity() {
    return MAX_LINE_LENGTH - line(settings.maxCookies - 1, "").length();
  }

  /** The name and the attributes as they are written. */
  @Override
  public String toString() {
    return "SessionCookie[" + line(0, "").replaceFirst("=", "") + "]";
  }
}
