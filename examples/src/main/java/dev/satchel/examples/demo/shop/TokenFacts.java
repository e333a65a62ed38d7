package dev.satchel.examples.demo.shop;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Enumeration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Size and key id of the token that a request bore, for show. An application has no use for them,
 * and could not get at them: the session filter hides its own cookie. So this stands in front of
 * it.
 *
 * @param bytes the token's length
 * @param kid the key id from its header; not verified, and text of the client's choosing
 */
public record TokenFacts(int bytes, String kid) {
  private static final String ATTRIBUTE = TokenFacts.class.getName();
  private static final Pattern KID = Pattern.compile("\"kid\":\"([A-Za-z0-9_.-]{1,24})\"");

  /** What the request bore, if it bore a token that looks like one. */
  static Optional<TokenFacts> of(HttpServletRequest request) {
    return Optional.ofNullable((TokenFacts) request.getAttribute(ATTRIBUTE));
  }

  /** Reads the facts off a token. */
  public static Optional<TokenFacts> read(String token) {
    int dot = token.indexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    try {
      byte[] header = Base64.getUrlDecoder().decode(token.substring(0, dot));
      Matcher kid = KID.matcher(new String(header, StandardCharsets.UTF_8));
      return kid.find()
          ? Optional.of(new TokenFacts(token.length(), kid.group(1)))
          : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** A filter to stand before the session filter. */
  public static Filter reader(String cookieName) {
    return (request, response, chain) ->
        read((HttpServletRequest) request, response, cookieName, chain);
  }

  private static void read(
      HttpServletRequest request, ServletResponse response, String cookieName, FilterChain chain)
      throws IOException, ServletException {
    String token = cookie(request, cookieName);
    if (token != null) {
      read(token).ifPresent(facts -> request.setAttribute(ATTRIBUTE, facts));
    }
    chain.doFilter((ServletRequest) request, response);
  }

  private static @Nullable String cookie(HttpServletRequest request, String name) {
    Enumeration<String> lines = request.getHeaders("Cookie");
    while (lines.hasMoreElements()) {
      for (String pair : lines.nextElement().split("; ?")) {
        if (pair.startsWith(name + "=")) {
          return pair.substring(name.length() + 1);
        }
      }
    }
    return null;
  }
}
