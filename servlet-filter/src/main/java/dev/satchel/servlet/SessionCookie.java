package dev.satchel.servlet;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * How the session cookie is named and scoped. Immutable; start from {@link #host} or {@link #named}
 * and vary. A variation that is malformed, or contradicts the rest, throws {@link
 * IllegalArgumentException} and says which part, what was got and what is allowed.
 *
 * <p>What is not offered is left out on purpose: no {@code Max-Age}, since a session cookie should
 * end with the browser and the token carries its own expiry.
 *
 * <p>A prefix of the name is a promise that user agents enforce and this type checks (RFC 6265bis
 * §4.1.3): {@code __Secure-} needs {@code Secure}; {@code __Host-} also {@code Path=/} and no
 * {@code Domain}; {@code __Http-} and {@code __Host-Http-} also {@code HttpOnly}.
 */
public final class SessionCookie {
  private final String name;
  private final String path;
  private final String domain;
  private final SameSite sameSite;
  private final boolean secure;
  private final boolean httpOnly;
  private final int maxCookies;
  private final int totalLimit;

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

  /**
   * The characters of {@link dev.satchel.TokenContext} names, which are also RFC 6265 tokens and
   * need no quoting anywhere.
   */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~!$&'()*+,=:@%/-]{0,255}");
  private static final Pattern DOMAIN =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

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

    private final String text;

    SameSite(String text) {
      this.text = text;
    }
  }

  private SessionCookie(
      String name,
      String path,
      String domain,
      SameSite sameSite,
      boolean secure,
      boolean httpOnly,
      int maxCookies,
      int totalLimit) {
    Objects.requireNonNull(sameSite, "sameSite");
    require(NAME.matcher(name).matches(), "name", quoted(name), NAME.pattern());
    require(PATH.matcher(path).matches(), "path", quoted(path), PATH.pattern());
    require(
        domain.isEmpty() || DOMAIN.matcher(domain).matches() && domain.length() <= 253,
        "domain",
        quoted(domain),
        "a host name of several labels in lower case without leading dot, no address, or empty");
    require(
        maxCookies >= 1 && maxCookies <= MAX_COOKIES,
        "maxCookies",
        maxCookies,
        "1 to " + MAX_COOKIES);
    require(
        totalLimit >= MAX_LINE_LENGTH && totalLimit <= MAX_COOKIES * MAX_LINE_LENGTH,
        "totalLimit",
        totalLimit,
        MAX_LINE_LENGTH + " to " + MAX_COOKIES * MAX_LINE_LENGTH);
    require(
        sameSite != SameSite.NONE || secure,
        "sameSite",
        "None without Secure",
        "None with Secure, Lax or Strict");
    // Compared without regard to case, as user agents do: "__host-x" would be refused by them, not
    // taken as an ordinary name.
    if (hasPrefix(name, "__Secure-") || hasPrefix(name, "__Http-") || hasPrefix(name, "__Host-")) {
      require(secure, "name", name + " without Secure", "a name without this prefix, or Secure");
    }
    if (hasPrefix(name, "__Http-") || hasPrefix(name, "__Host-Http-")) {
      require(
          httpOnly, "name", name + " without HttpOnly", "a name without this prefix, or HttpOnly");
    }
    if (hasPrefix(name, "__Host-")) {
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
    this.name = name;
    this.path = path;
    this.domain = domain;
    this.sameSite = sameSite;
    this.secure = secure;
    this.httpOnly = httpOnly;
    this.maxCookies = maxCookies;
    this.totalLimit = totalLimit;
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
    return new SessionCookie(name, "/", "", SameSite.LAX, true, true, 1, TOTAL_LIMIT);
  }

  /**
   * This cookie for a path and what lies below it. A path is no protection: scripts of other paths
   * can reach the cookie.
   */
  public SessionCookie withPath(String newPath) {
    return new SessionCookie(
        name, newPath, domain, sameSite, secure, httpOnly, maxCookies, totalLimit);
  }

  /** This cookie for a domain and all hosts below it, each of which can then replace it. */
  public SessionCookie withDomain(String newDomain) {
    return new SessionCookie(
        name, path, newDomain, sameSite, secure, httpOnly, maxCookies, totalLimit);
  }

  /** This cookie with another SameSite attribute. */
  public SessionCookie withSameSite(SameSite newSameSite) {
    return new SessionCookie(
        name, path, domain, newSameSite, secure, httpOnly, maxCookies, totalLimit);
  }

  /**
   * This cookie spread over up to this many cookies where the session outgrows one. All of them
   * together stay within {@link #totalLimit}, so more than two need {@link #withTotalLimit} too.
   */
  public SessionCookie withMaxCookies(int parts) {
    return new SessionCookie(name, path, domain, sameSite, secure, httpOnly, parts, totalLimit);
  }

  /**
   * This cookie with up to this many bytes in all its {@code Set-Cookie} lines, 4096 to 16384;
   * default 7168. Only for those who have raised the header limits of the container and of all
   * proxies before it, which are 8 KiB by default: a client whose cookies exceed them gets no
   * answer but 400 or 431 until it deletes them.
   */
  public SessionCookie withTotalLimit(int bytes) {
    return new SessionCookie(name, path, domain, sameSite, secure, httpOnly, maxCookies, bytes);
  }

  /**
   * This cookie on plain HTTP too: whoever is on the path can take the session over. For
   * development on hosts other than localhost.
   */
  public SessionCookie insecure() {
    return new SessionCookie(name, path, domain, sameSite, false, httpOnly, maxCookies, totalLimit);
  }

  /** This cookie readable by scripts: one injected script can carry the session away. */
  public SessionCookie readableByScripts() {
    return new SessionCookie(name, path, domain, sameSite, secure, false, maxCookies, totalLimit);
  }

  /** The cookie's name, 1 to 64 of {@code A-Z a-z 0-9 . _ -}. */
  public String name() {
    return name;
  }

  /** The {@code Path} attribute: starts with a slash. */
  public String path() {
    return path;
  }

  /** The {@code Domain} attribute; empty for none, which keeps the cookie to this one host. */
  public String domain() {
    return domain;
  }

  /** The {@code SameSite} attribute, always written. */
  public SameSite sameSite() {
    return sameSite;
  }

  /** Whether the cookie travels on secure connections only; false only by {@link #insecure}. */
  public boolean secure() {
    return secure;
  }

  /** Whether scripts are kept from reading it; false only by {@link #readableByScripts}. */
  public boolean httpOnly() {
    return httpOnly;
  }

  /**
   * How many cookies one session may be spread over: 1 (the default) to 4. Browsers cap each at
   * 4096 bytes, servers and proxies all of them together, often at 8 KiB.
   */
  public int maxCookies() {
    return maxCookies;
  }

  /** How many bytes the {@code Set-Cookie} lines of one session may have together. */
  public int totalLimit() {
    return totalLimit;
  }

  /** Whether user agents protect the name. */
  boolean isPrefixed() {
    return hasPrefix(name, "__Secure-") || hasPrefix(name, "__Http-") || hasPrefix(name, "__Host-");
  }

  /** The name of a part: the cookie's own name for part 0, then {@code name.1}, {@code name.2}… */
  String partName(int part) {
    return part == 0 ? name : name + "." + part;
  }

  /**
   * The {@code Set-Cookie} value. The value's alphabet is base64url and the dot, so nothing is
   * quoted (BEHAVIOUR.md 70).
   */
  String line(int part, String value) {
    return partName(part) + "=" + value + attributes();
  }

  /**
   * The {@code Set-Cookie} value that makes the client drop this part: same name, path and domain,
   * or it would drop another cookie (BEHAVIOUR.md 74).
   */
  String expiringLine(int part) {
    return partName(part) + "=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT" + attributes();
  }

  /**
   * Characters a value may have so that the whole line of the longest part name is within {@link
   * #MAX_LINE_LENGTH}.
   */
  int valueCapacity() {
    return MAX_LINE_LENGTH - line(maxCookies - 1, "").length();
  }

  private String attributes() {
    return "; Path="
        + path
        + (domain.isEmpty() ? "" : "; Domain=" + domain)
        + (secure ? "; Secure" : "")
        + (httpOnly ? "; HttpOnly" : "")
        + "; SameSite="
        + sameSite.text;
  }

  private static boolean hasPrefix(String name, String prefix) {
    return name.regionMatches(true, 0, prefix, 0, prefix.length());
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
