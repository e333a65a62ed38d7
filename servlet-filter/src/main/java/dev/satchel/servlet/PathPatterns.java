package dev.satchel.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/**
 * Paths that the filter leaves alone, in the forms of servlet mappings: {@code /exact}, {@code
 * /below/*}, {@code *.suffix}.
 */
final class PathPatterns {
  private final List<String> patterns;

  /**
   * @throws IllegalArgumentException if a pattern has another form
   */
  PathPatterns(List<String> patterns) {
    for (String pattern : patterns) {
      boolean below =
          pattern.startsWith("/")
              && pattern.endsWith("/*")
              && pattern.indexOf('*') == pattern.length() - 1;
      boolean exact = pattern.startsWith("/") && pattern.indexOf('*') < 0;
      boolean suffix =
          pattern.startsWith("*.") && pattern.length() > 2 && pattern.indexOf('*', 1) < 0;
      if (pattern.equals("/*")) {
        throw new IllegalArgumentException(
            "excluded path is '/*', which leaves nothing to the filter; allowed is less");
      }
      if (pattern.contains(";") || pattern.contains("..")) {
        throw new IllegalArgumentException(
            "excluded path is '"
                + pattern
                + "', which no path of a request matches; allowed is without ';' and '..'");
      }
      if (!below && !exact && !suffix) {
        throw new IllegalArgumentException(
            "excluded path is '" + pattern + "', allowed is /exact, /below/* or *.suffix");
      }
    }
    this.patterns = List.copyOf(patterns);
  }

  boolean matches(HttpServletRequest request) {
    if (patterns.isEmpty()) {
      return false;
    }
    String servletPath = request.getServletPath();
    String path = request.getPathInfo() == null ? servletPath : servletPath + request.getPathInfo();
    for (String pattern : patterns) {
      if (matches(pattern, path)) {
        return true;
      }
    }
    return false;
  }

  static boolean matches(String pattern, String path) {
    if (pattern.startsWith("*")) {
      return path.endsWith(pattern.substring(1));
    }
    if (pattern.endsWith("/*")) {
      String folder = pattern.substring(0, pattern.length() - 2);
      return path.equals(folder) || path.startsWith(folder + "/");
    }
    return path.equals(pattern);
  }
}
