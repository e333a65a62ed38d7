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
   * Bytes of the written form, all its parts together. A longer request is kept as one for the
   * application's root. That is a third of what a token's usual cookie holds once it is encrypted
   * and in Base64 (BEHAVIOUR.md 71), even if nothing in it can be compressed, so that nobody makes
   * the sign-in fail by a long address.
   */
  static final int MAX_BYTES = 1_000;

  /** Whoever repeats the request asks these of the saved one, and not of the browser's. */
  private static final List<String> HEADERS = List.of("Accept", "User-Agent");

  private static final int MAX_HEADER_LENGTH = 256;
  private static final int MAX_LOCALES = 4;
  private static final int MAX_LOCALE_LENGTH = 35; // RFC 5646, 4.4.1: enough for all usual tags
  private static final int MAX_NAME_LENGTH = 255; // RFC 1035, 2.3.4: of a host; with its quotes

  /** Of a scheme, and of the marking parameter; "https" and "continue" as a rule. */
  private static final int MAX_WORD_LENGTH = 64;

  /** A host that is none (RFC 2606, 2): half of a long name might be somebody else's. */
  private static final String NO_SERVER = "invalid";

  private SavedRequests() {}

  static List<?> split(DefaultSavedRequest request) {
    Map<String, List<String>> fields = fields(request);
    Map<String, List<String>> headers = headers(request);
    List<Locale> locales = locales(request);
    List<?> whole =
        Parts.list(
            request.getMethod(),
            request.getScheme(),
            bounded(request.getServerName(), MAX_NAME_LENGTH, NO_SERVER),
            request.getServerPort(),
            request.getRequestURI(),
            request.getQueryString(),
            marker(request),
            Objects.requireNonNullElse(request.getContextPath(), ""),
            request.getServletPath(),
            request.getPathInfo(),
            headers,
            locales,
            fields.isEmpty() ? null : fields);
    if (WrittenLength.of(whole) <= MAX_BYTES) {
      return whole;
    }
    List<?> root = root(request, headers, locales);
    return WrittenLength.of(root) <= MAX_BYTES ? root : root(request, Map.of(), List.of());
  }

  private static List<?> root(
      DefaultSavedRequest request, Map<String, List<String>> headers, List<Locale> locales) {
    // As the client wrote it, which may be longer than the application's name for itself.
    String root = bounded(request.getContextPath(), MAX_NAME_LENGTH, "");
    String marker = marker(request);
    return Parts.list(
        "GET",
        bounded(request.getScheme(), MAX_WORD_LENGTH, "https"),
        bounded(request.getServerName(), MAX_NAME_LENGTH, NO_SERVER),
        request.getServerPort(),
        root + "/",
        null,
        marker == null ? null : bounded(marker, MAX_WORD_LENGTH, ""),
        root,
        "/",
        null,
        headers,
        locales);
  }

  private static String bounded(@Nullable String text, int length, String otherwise) {
    return text == null || WrittenLength.of(text) > length ? otherwise : text;
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

  private static List<Locale> locales(DefaultSavedRequest request) {
    return request.getLocales().stream()
        .filter(locale -> locale.toLanguageTag().length() <= MAX_LOCALE_LENGTH)
        .limit(MAX_LOCALES)
        .toList();
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
