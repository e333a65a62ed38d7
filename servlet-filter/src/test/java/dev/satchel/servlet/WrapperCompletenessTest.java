package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each public method of the Servlet API on the class path, 6.1 or 6.0, is overridden, or stands
 * here with the reason why it need not be. Predecessors lost sessions on methods that nobody had
 * thought of, or that a new release of the API brought (F4).
 */
@Tag(ServletApi.TAG)
class WrapperCompletenessTest {
  private static final String READS = "reads the request, does not touch session or response";
  private static final String ANSWERS = "answers from the container's response, sends nothing";
  private static final String SETS = "sets what is sent later";

  @Test
  @DisplayName("F4: HttpServletRequest")
  void request() {
    assertComplete(
        HttpServletRequest.class,
        SessionRequest.class,
        Map.ofEntries(
            Map.entry("newPushBuilder", "the container's, unchanged (34); deprecated"),
            Map.entry("getRequestDispatcher", "its dispatches come through the filter"),
            Map.entry("setAttribute", "the request's attribute, which no session has"),
            Map.entry("removeAttribute", "the request's attribute, which no session has"),
            Map.entry("setCharacterEncoding", READS),
            Map.entry("getInputStream", "the application's (32)"),
            Map.entry("getReader", "the application's (32)"),
            Map.entry("getPart", "the application's (32)"),
            Map.entry("getParts", "the application's (32)"),
            Map.entry("getParameter", "the application's (32)"),
            Map.entry("getParameterMap", "the application's (32)"),
            Map.entry("getParameterNames", "the application's (32)"),
            Map.entry("getParameterValues", "the application's (32)"),
            Map.entry("getAttribute", READS),
            Map.entry("getAttributeNames", READS),
            Map.entry("getCharacterEncoding", READS),
            Map.entry("getContentLength", READS),
            Map.entry("getContentLengthLong", READS),
            Map.entry("getContentType", READS),
            Map.entry("getContextPath", READS),
            Map.entry("getDispatcherType", READS),
            Map.entry("getHttpServletMapping", READS),
            Map.entry("getLocalAddr", READS),
            Map.entry("getLocalName", READS),
            Map.entry("getLocalPort", READS),
            Map.entry("getLocale", READS),
            Map.entry("getLocales", READS),
            Map.entry("getMethod", READS),
            Map.entry("getPathInfo", READS),
            Map.entry("getPathTranslated", READS),
            Map.entry("getProtocol", READS),
            Map.entry("getProtocolRequestId", READS),
            Map.entry("getQueryString", READS),
            Map.entry("getRemoteAddr", READS),
            Map.entry("getRemoteHost", READS),
            Map.entry("getRemotePort", READS),
            Map.entry("getRequestId", READS),
            Map.entry("getRequestURI", READS),
            Map.entry("getRequestURL", READS),
            Map.entry("getScheme", READS),
            Map.entry("getServerName", READS),
            Map.entry("getServerPort", READS),
            Map.entry("getServletConnection", READS),
            Map.entry("getServletContext", READS),
            Map.entry("getServletPath", READS),
            Map.entry("getTrailerFields", READS),
            Map.entry("isAsyncStarted", READS),
            Map.entry("isAsyncSupported", READS),
            Map.entry("isSecure", READS),
            Map.entry("isTrailerFieldsReady", READS)));
  }

  @Test
  @DisplayName("F4: HttpServletResponse")
  void response() {
    assertComplete(
        HttpServletResponse.class,
        SessionResponse.class,
        Map.ofEntries(
            Map.entry("addCookie", SETS),
            Map.entry("addDateHeader", "no Content-Length is a date"),
            Map.entry("setDateHeader", "no Content-Length is a date"),
            Map.entry("setBufferSize", "the size is asked at each write"),
            Map.entry("setCharacterEncoding", "known when the writer is made"),
            Map.entry("setContentType", "known when the writer is made"),
            Map.entry("setLocale", "known when the writer is made"),
            Map.entry("setStatus", SETS),
            Map.entry("setTrailerFields", SETS),
            Map.entry("containsHeader", ANSWERS),
            Map.entry("getBufferSize", ANSWERS),
            Map.entry("getCharacterEncoding", ANSWERS),
            Map.entry("getContentType", ANSWERS),
            Map.entry("getHeader", ANSWERS),
            Map.entry("getHeaderNames", ANSWERS),
            Map.entry("getHeaders", ANSWERS),
            Map.entry("getLocale", ANSWERS),
            Map.entry("getStatus", ANSWERS),
            Map.entry("getTrailerFields", ANSWERS),
            Map.entry("isCommitted", ANSWERS)));
  }

  @Test
  @DisplayName("F4: ServletOutputStream")
  void outputStream() {
    assertComplete(ServletOutputStream.class, SessionOutputStream.class, Map.of());
  }

  @Test
  @DisplayName("F4: PrintWriter: what is not overridden prints through the sink")
  void writer() {
    Set<String> sunk =
        Set.of(
            "write", "print", "println", "printf", "format",
            "append"); // java.io.PrintWriter writes them to `out`
    Set<String> missing = missing(PrintWriter.class, SessionWriter.class);
    missing.removeIf(signature -> sunk.contains(name(signature)));
    assertThat(missing).isEmpty();
    Class<?> sink =
        Arrays.stream(SessionWriter.class.getDeclaredClasses()).findFirst().orElseThrow();
    for (Method method : Writer.class.getDeclaredMethods()) {
      if (Modifier.isAbstract(method.getModifiers())) {
        assertThat(overrides(sink, method)).as(method.toString()).isTrue();
      }
    }
  }

  @Test
  @DisplayName("F4: HttpSession")
  void session() {
    assertComplete(
        HttpSession.class,
        TokenHttpSession.class,
        ServletApi.IS_6_1 ? Map.of("getAccessor", "null is the lawful default (20)") : Map.of());
  }

  @Test
  @DisplayName("F4: AsyncContext")
  void asyncContext() {
    assertComplete(AsyncContext.class, SessionAsyncContext.class, Map.of());
  }

  private static void assertComplete(Class<?> api, Class<?> ours, Map<String, String> harmless) {
    Set<String> missing = missing(api, ours);
    Set<String> unneeded = new TreeSet<>(harmless.keySet());
    unneeded.removeAll(missing.stream().map(WrapperCompletenessTest::name).toList());
    assertThat(unneeded).as("said to be harmless, but overridden or no method of it").isEmpty();
    missing.removeIf(signature -> harmless.containsKey(name(signature)));
    assertThat(missing)
        .as("neither overridden by " + ours.getSimpleName() + " nor harmless")
        .isEmpty();
  }

  @Test
  @DisplayName("F4: what 6.1 added is there for its callers, without naming its types")
  void of61() throws Exception {
    Class<?> text = String.class;
    for (Class<?>[] parameters :
        new Class<?>[][] {
          {text, int.class}, {text, boolean.class}, {text, int.class, boolean.class}
        }) {
      assertThat(SessionResponse.class.getDeclaredMethod("sendRedirect", parameters)).isNotNull();
    }
    assertThat(SessionOutputStream.class.getDeclaredMethod("write", ByteBuffer.class)).isNotNull();
  }

  private static String name(String signature) {
    return signature.substring(0, signature.indexOf('('));
  }

  private static Set<String> missing(Class<?> api, Class<?> ours) {
    Set<String> missing = new TreeSet<>();
    for (Method method : api.getMethods()) {
      boolean ofObject = method.getDeclaringClass() == Object.class;
      boolean nullStream = Modifier.isStatic(method.getModifiers());
      if (!ofObject && !nullStream && !overrides(ours, method)) {
        missing.add(
            method.getName()
                + Arrays.toString(method.getParameterTypes()).replace('[', '(').replace(']', ')'));
      }
    }
    return missing;
  }

  private static boolean overrides(Class<?> ours, Method method) {
    return Arrays.stream(ours.getDeclaredMethods())
        .anyMatch(
            m ->
                m.getName().equals(method.getName())
                    && Arrays.equals(m.getParameterTypes(), method.getParameterTypes()));
  }
}
