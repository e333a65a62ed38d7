package dev.satchel.servlet;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What needs another way on Undertow. After an uncaught exception it clears all headers, so what
 * was written to them is lost unless an error page writes it again; cookies given to {@code
 * addCookie} it keeps elsewhere until it sends (BEHAVIOUR.md 47).
 */
final class UndertowResponse {
  private UndertowResponse() {}

  /** Told by the type's name: Undertow need not be there, and nothing else tells it apart. */
  static boolean is(ServletResponse response) {
    while (response instanceof ServletResponseWrapper wrapper) {
      response = wrapper.getResponse();
    }
    return response.getClass().getName().startsWith("io.undertow.");
  }

  /**
   * Adds a {@code Set-Cookie} line as a cookie that outlives the clearing of headers. A later one
   * of the same name, path and domain replaces it.
   */
  static void addCookie(HttpServletResponse response, String line) {
    String[] parts = line.split("; ", -1);
    int equals = parts[0].indexOf('=');
    LineCookie cookie =
        new LineCookie(parts[0].substring(0, equals), parts[0].substring(equals + 1));
    for (int i = 1; i < parts.length; i++) {
      String attribute = parts[i];
      String value = attribute.substring(attribute.indexOf('=') + 1);
      switch (attribute.substring(0, attribute.length() - value.length())) {
        case "Path=" -> cookie.setPath(value);
        case "Domain=" -> cookie.setDomain(value);
        case "Max-Age=" -> cookie.setMaxAge(Integer.parseInt(value));
        case "Expires=" -> {} // Undertow derives it from Max-Age
        default -> cookie.set(attribute);
      }
    }
    response.addCookie(cookie);
  }

  /** Undertow writes no SameSite of such a cookie, but whatever attributes it does not know. */
  private static final class LineCookie extends Cookie {
    private static final long serialVersionUID = 1L;

    private final Map<String, String> others = new LinkedHashMap<>();

    LineCookie(String name, String value) {
      super(name, value);
    }

    void set(String attribute) {
      switch (attribute) {
        case "Secure" -> setSecure(true);
        case "HttpOnly" -> setHttpOnly(true);
        default -> others.put(attribute, "");
      }
    }

    @Override
    public Map<String, String> getAttributes() {
      return others;
    }
  }
}
