package dev.satchel.servlet;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What needs another way on Undertow. After an uncaught exception it clears all headers, so what
 * was written to them is lost unless an error page writes it again; cookies given to {@code
 * addCookie} it keeps elsewhere until it sends (BEHAVIOUR.md 47). And in an include it takes none.
 */
final class UndertowResponse {
  /** Of its {@code HttpServletResponseImpl}, public as {@code isInsideInclude} is, since 2012. */
  private static final String INSIDE_INCLUDE = "setInsideInclude";

  private UndertowResponse() {}

  /** Told by the type's name: Undertow need not be there, and nothing else tells it apart. */
  static boolean is(ServletResponse response) {
    return innermost(response).getClass().getName().startsWith("io.undertow.");
  }

  private static ServletResponse innermost(ServletResponse response) {
    while (response instanceof ServletResponseWrapper wrapper) {
      response = wrapper.getResponse();
    }
    return response;
  }

  /**
   * Has the response take headers although a page is being included. Undertow ignores them then on
   * every response, the one captured at entry too, and may send those it has before the include is
   * over: where the buffer overflows, and where the included page forwards (BEHAVIOUR.md F3).
   *
   * @return whether it was in an include, to which it has to be taken back
   */
  static boolean leaveInclude(HttpServletResponse response, Warnings warnings) {
    if (!is(response)) {
      return false;
    }
    ContainerObject container = new ContainerObject(innermost(response));
    try {
      if (Boolean.FALSE.equals(container.call("isInsideInclude").object())) {
        return false;
      }
      container.call(INSIDE_INCLUDE, boolean.class, false);
      return true;
    } catch (ReflectiveOperationException e) {
      warnings.once(
          INSIDE_INCLUDE,
          "session: cannot be written while a page is included, since this Undertow is not known; a"
              + " change is lost if the included page overflows the buffer: "
              + e);
      return false;
    }
  }

  /** Undoes {@link #leaveInclude}. */
  static void reenterInclude(HttpServletResponse response) {
    try {
      new ContainerObject(innermost(response)).call(INSIDE_INCLUDE, boolean.class, true);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // cannot be: it was just called
    }
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

  /**
   * A response that takes headers although its body has the announced length. Undertow ignores
   * {@code addHeader} from then on, also after {@code resetBuffer}, while nothing is committed and
   * the session may be changed (BEHAVIOUR.md 39).
   */
  static HttpServletResponse ofFullBody(HttpServletResponse response, Warnings warnings) {
    return is(response) ? new FullBody(response, warnings) : response;
  }

  private static final class FullBody extends HttpServletResponseWrapper {
    private final Warnings warnings;

    FullBody(HttpServletResponse response, Warnings warnings) {
      super(response);
      this.warnings = warnings;
    }

    /** {@code setHeader} is not ignored, and the values that there are can be added to. */
    @Override
    @SuppressWarnings("unchecked") // HeaderValues is a List<String>
    public void addHeader(String name, String value) {
      try {
        Object values =
            new ContainerObject(innermost(getResponse()))
                .call("getExchange")
                .call("getResponseHeaders")
                .call("get", String.class, name);
        if (values == null) {
          setHeader(name, value);
        } else {
          ((List<String>) values).add(value);
        }
      } catch (ReflectiveOperationException e) {
        warnings.once(
            "full body",
            "session: may not be written once the body has its length, since this Undertow is not"
                + " known: "
                + e);
        super.addHeader(name, value);
      }
    }
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
