package dev.satchel.servlet;

import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The token in a cookie. Written as a raw {@code Set-Cookie} field, not by {@code addCookie}, so
 * that all containers send the same bytes and show the field to {@code getHeaders} (BEHAVIOUR.md
 * 69).
 */
final class CookieTransport implements SessionTransport {
  private final SessionCookie cookie;
  private final SessionCookie plain;
  private final CookieHeader header;
  private final int valueCapacity;

  CookieTransport(SessionCookie cookie) {
    this.cookie = cookie;
    this.plain = cookie.secureByRequest() ? cookie.insecure() : cookie;
    this.header = new CookieHeader(cookie);
    this.valueCapacity = cookie.valueCapacity();
  }

  @Override
  public TokenContext context(String application) {
    return TokenContext.cookie(application, cookie.name());
  }

  @Override
  public PresentedTokens read(HttpServletRequest request) {
    PresentedTokens presented = header.read(SessionTransport.fields(request, "Cookie"));
    return plain == cookie || request.isSecure() ? presented : presented.onPlainHttp();
  }

  @Override
  public int capacity() {
    int most = valueCapacity;
    int overhead = cookie.line(0, "").length();
    for (int parts = 2; parts <= cookie.maxCookies(); parts++) {
      overhead += cookie.line(parts - 1, "").length();
      int values = Math.min(parts * valueCapacity, cookie.totalLimit() - overhead);
      most = Math.max(most, values - 2); // the first gives two characters to their number
    }
    return Math.min(most, TokenCodec.MAX_TOKEN_LENGTH);
  }

  @Override
  public String responseField() {
    return "Set-Cookie";
  }

  private SessionCookie cookie(PresentedTokens presented) {
    return presented.isOnPlainHttp() ? plain : cookie;
  }

  @Override
  public List<String> lines(String token, PresentedTokens presented) {
    SessionCookie written = cookie(presented);
    List<String> lines = new ArrayList<>(1);
    String value = token;
    if (token.length() > valueCapacity) {
      int parts = (token.length() + 2 + valueCapacity - 1) / valueCapacity;
      value = parts + "." + token;
    }
    for (int from = 0; from < value.length(); from += valueCapacity) {
      lines.add(
          written.line(
              lines.size(), value.substring(from, Math.min(value.length(), from + valueCapacity))));
    }
    // A session that shrank leaves parts behind: expired in the same response.
    for (int part = lines.size(); part < SessionCookie.MAX_COOKIES; part++) {
      if (presented.hasPart(part)) {
        lines.add(written.expiringLine(part));
      }
    }
    return lines;
  }

  @Override
  public List<String> expiringLines(PresentedTokens presented) {
    SessionCookie written = cookie(presented);
    List<String> lines = new ArrayList<>(1);
    for (int part = 0; part < SessionCookie.MAX_COOKIES; part++) {
      if (presented.hasPart(part)) {
        lines.add(written.expiringLine(part));
      }
    }
    return lines.isEmpty() ? List.of(written.expiringLine(0)) : lines;
  }

  @Override
  public boolean owns(String line) {
    int equals = line.indexOf('=');
    return equals > 0 && header.isOurs(line.substring(0, equals));
  }

  @Override
  public String requestField() {
    return "Cookie";
  }

  @Override
  public boolean carries(String fieldName) {
    return fieldName.equalsIgnoreCase("Cookie");
  }

  @Override
  public @Nullable String withoutToken(String fieldValue) {
    return header.without(fieldValue);
  }

  @Override
  public boolean isOurCookie(String name) {
    return header.isOurs(name);
  }

  @Override
  public boolean isCookie() {
    return true;
  }

  @Override
  public String toString() {
    return "cookie " + cookie.name();
  }
}
