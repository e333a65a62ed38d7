package dev.satchel.servlet.spring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.savedrequest.DefaultSavedRequest;
import org.springframework.security.web.util.UrlUtils;

/**
 * The request that a sign-in interrupted, condensed to what repeats it: method, address, a form's
 * fields, and the few headers that decide what is answered. Cookies and other headers would put the
 * token's size into the client's hands; the browser sends them again anyway.
 */
final class SavedRequests {
  /**
   * Characters of what a client chose. A longer request is kept as one for the application's root:
   * half of a token's room (BEHAVIOUR.md 71) is left for the rest, and nobody can make the sign-in
   * fail by a long address.
   */
  static final int MAX_LENGTH = 2_000;

  /** Whoever repeats the request asks these of the saved one, and not of the browser's. */
  private static final List<String> HEADERS = List.of("Accept", "User-Agent");

  private static final int MAX_HEADER_LENGTH = 256;
  private static final int MAX_LOCALES = 4;

  private SavedRequests() {}

  static List<?> split(DefaultSavedRequest request) {
    Map<String, List<String>> fields = fields(request);
    String root = Objects.requireNonNullElse(request.getContextPath(), "");
    boolean fits = length(request, fields) <= MAX_LENGTH;
    return Parts.list(
        fits ? request.getMethod() : "GET",
        request.getScheme(),
        request.getServerName(),
        request.getServerPort(),
        fits ? request.getRequestURI() : root + "/",
        fits ? request.getQueryString() : null,
        marker(request),
        root,
        fits ? request.getServletPath() : "/",
        fits ? request.getPathInfo() : null,
        headers(request),
        request.getLocales().stream().limit(MAX_LOCALES).toList(),
        fits && !fields.isEmpty() ? fields : null);
  }

  static DefaultSavedRequest join(Parts parts) {
    DefaultSavedRequest.Builder request = new DefaultSavedRequest.Builder();
    String scheme = parts.text(1);
    String server = parts.text(2);
    int port = parts.get(3, Integer.class);
    String uri = parts.text(4);
    request
        .setMethod(parts.text(0))
        .setScheme(scheme)
        .setServerName(server)
        .setServerPort(port)
        .setRequestURI(uri)
        .setRequestURL(UrlUtils.buildFullRequestUrl(scheme, server, port, uri, null))
        .setContextPath(parts.text(7))
        .setHeaders(texts(parts.get(10, Map.class)))
        .setLocales(locales(parts.get(11, List.class)));
    // Spring's builder takes null for these, though its signatures do not say so.
    String query = parts.optional(5, String.class);
    if (query != null) {
      request.setQueryString(query);
    }
    String marker = parts.optional(6, String.class);
    if (marker != null) {
      request.setMatchingRequestParameterName(marker);
    }
    String servletPath = parts.optional(8, String.class);
    if (servletPath != null) {
      request.setServletPath(servletPath);
    }
    String pathInfo = parts.optional(9, String.class);
    if (pathInfo != null) {
      request.setPathInfo(pathInfo);
    }
    Map<?, ?> fields = parts.optional(12, Map.class);
    if (fields != null) {
      Map<String, String[]> parameters = new TreeMap<>();
      texts(fields).forEach((name, values) -> parameters.put(name, values.toArray(String[]::new)));
      request.setParameters(parameters);
    }
    return request.build();
  }

  /** A query brings its parameters back by itself, a body does not. */
  private static Map<String, List<String>> fields(DefaultSavedRequest request) {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
      request.getParameterMap().forEach((name, values) -> fields.put(name, List.of(values)));
    }
    return fields;
  }

  private static int length(DefaultSavedRequest request, Map<String, List<String>> fields) {
    int length = request.getMethod().length() + request.getRedirectUrl().length();
    length += length(request.getServletPath()) + length(request.getPathInfo());
    for (Map.Entry<String, List<String>> field : fields.entrySet()) {
      length += field.getKey().length();
      length += field.getValue().stream().mapToInt(String::length).sum();
    }
    return length;
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  /**
   * The parameter that marks the repeated request, {@code continue} unless told otherwise. The
   * saved request has no getter for it, but puts it at the end of the address.
   */
  private static @Nullable String marker(DefaultSavedRequest request) {
    String url = request.getRedirectUrl();
    String query = url.indexOf('?') < 0 ? null : url.substring(url.indexOf('?') + 1);
    return query == null || query.equals(request.getQueryString())
        ? null
        : query.substring(query.lastIndexOf('&') + 1);
  }

  private static Map<String, List<String>> headers(DefaultSavedRequest request) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String name : HEADERS) {
      List<String> values = request.getHeaderValues(name);
      if (!values.isEmpty()
          && values.stream().mapToInt(String::length).sum() <= MAX_HEADER_LENGTH) {
        headers.put(name, List.copyOf(values));
      }
    }
    return headers;
  }

  private static Map<String, List<String>> texts(Map<?, ?> written) {
    Map<String, List<String>> texts = new LinkedHashMap<>();
    written.forEach(
        (name, values) ->
            texts.put((String) name, ((List<?>) values).stream().map(String.class::cast).toList()));
    return texts;
  }

  private static List<Locale> locales(List<?> written) {
    List<Locale> locales = new ArrayList<>();
    written.forEach(locale -> locales.add((Locale) locale));
    return locales;
  }
}
