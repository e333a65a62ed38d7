package dev.satchel.servlet;

import dev.satchel.Rejection;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The token in a header: the client sends the one it has, and takes every one a response brings. An
 * empty response header tells it to drop its token.
 */
final class HeaderTransport implements SessionTransport {
  /**
   * Most servers allow 8 KiB for all headers of a message, each way (BEHAVIOUR.md §8); half of it
   * leaves room for the others.
   */
  static final int MAX_LINE_LENGTH = 4096;

  /** Headers with a meaning of their own, which the container, proxies or browsers act upon. */
  private static final Set<String> RESERVED =
      Set.of(
          "accept",
          "age",
          "allow",
          "alt-svc",
          "authorization",
          "cache-control",
          "clear-site-data",
          "connection",
          "cookie",
          "cookie2",
          "date",
          "dnt",
          "early-data",
          "etag",
          "expect",
          "expires",
          "forwarded",
          "from",
          "host",
          "keep-alive",
          "last-modified",
          "link",
          "location",
          "max-forwards",
          "origin",
          "pragma",
          "priority",
          "range",
          "referer",
          "refresh",
          "retry-after",
          "server",
          "set-cookie",
          "strict-transport-security",
          "te",
          "traceparent",
          "tracestate",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "upgrade-insecure-requests",
          "user-agent",
          "vary",
          "via",
          "warning",
          "www-authenticate",
          "x-content-type-options",
          "x-frame-options",
          "x-http-method-override",
          "x-real-ip",
          "x-requested-with");

  /** Families of such headers. */
  private static final List<String> RESERVED_PREFIXES =
      List.of(
          "accept-",
          "access-control-",
          "content-",
          "cross-origin-",
          "if-",
          "proxy-",
          "sec-",
          "x-forwarded-");

  private final String name;

  HeaderTransport(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (RESERVED.contains(lower) || RESERVED_PREFIXES.stream().anyMatch(lower::startsWith)) {
      throw new IllegalArgumentException(
          "session header: name is '"
              + name
              + "', allowed is a name without a meaning in HTTP, such as Satchel-Session");
    }
    this.name = name;
  }

  @Override
  public TokenContext context(String application) {
    return TokenContext.header(application, name);
  }

  @Override
  public PresentedTokens read(HttpServletRequest request) {
    Enumeration<String> fields = SessionTransport.fields(request, name);
    if (!fields.hasMoreElements()) {
      return PresentedTokens.NONE;
    }
    String value = fields.nextElement();
    while (fields.hasMoreElements()) {
      // No client of ours sends two; whoever added the second must not choose the
      // session.
      if (!fields.nextElement().equals(value)) {
        return PresentedTokens.refused(Rejection.AMBIGUOUS, 1);
      }
    }
    return value.isEmpty() ? PresentedTokens.NONE : PresentedTokens.of(List.of(value), 1);
  }

  @Override
  public int capacity() {
    return Math.min(MAX_LINE_LENGTH - name.length() - ": ".length(), TokenCodec.MAX_TOKEN_LENGTH);
  }

  @Override
  public String responseField() {
    return name;
  }

  @Override
  public List<String> lines(String token, PresentedTokens presented) {
    return List.of(token);
  }

  @Override
  public List<String> expiringLines(PresentedTokens presented) {
    return List.of("");
  }

  @Override
  public boolean owns(String line) {
    return true;
  }

  @Override
  public String requestField() {
    return name;
  }

  @Override
  public boolean carries(String fieldName) {
    return fieldName.equalsIgnoreCase(name);
  }

  @Override
  public @Nullable String withoutToken(String fieldValue) {
    return null;
  }

  @Override
  public boolean isOurCookie(String cookieName) {
    return false;
  }

  @Override
  public boolean isCookie() {
    return false;
  }

  @Override
  public String toString() {
    return "header " + name;
  }
}
