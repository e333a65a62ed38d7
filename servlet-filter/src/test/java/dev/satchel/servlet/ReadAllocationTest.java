package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.satchel.Decoded;
import dev.satchel.SessionPolicy;
import dev.satchel.TokenCodec;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.Base64;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What the filter itself adds in garbage to a request that reads one attribute: without a
 * container, and without what the codec takes, each by the thread's own counter. Counts, not times.
 * The token is so long that whoever copies it once more than is needed sees it here.
 */
class ReadAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** As many as make classes load and caches fill. */
  private static final int REQUESTS = 300;

  /**
   * Beside the one copy of the token, which is the text that the codec reads: both wrappers, the
   * exchange, the session with what holds one attribute that was read, and the entry by which
   * overlapping requests would find it: 1,290 bytes on JDK 17. Room for another JDK's layout of
   * objects, not for a list per object, let alone a token.
   */
  private static final long READING = 1_450;

  /** So much that the token is long. */
  private static String noise() {
    byte[] noise = new byte[2_000];
    new Random(1).nextBytes(noise);
    return Base64.getEncoder().encodeToString(noise);
  }

  private final FilterSetup setup =
      FilterSetup.of(
          StatelessSessionFilter.builder("shop", TestKeys.source())
              .ignoreContainerListeners()
              .policy(SessionPolicy.defaults().withoutCompression())
              .settings,
          nothing(ServletContext.class));
  private final SessionPipeline pipeline = new SessionPipeline(setup);

  /** Of these, all that is asked beyond what the classes below answer is null, zero or false. */
  private static <T> T nothing(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                method.getReturnType() == boolean.class
                    ? (Object) false
                    : method.getReturnType() == int.class ? 0 : null));
  }

  private static final class Request extends HttpServletRequestWrapper {
    private final List<String> cookies;
    private final ServletContext context;
    private @Nullable Object attribute;

    Request(List<String> cookies, ServletContext context) {
      super(nothing(HttpServletRequest.class));
      this.cookies = cookies;
      this.context = context;
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
      return Collections.enumeration(cookies);
    }

    @Override
    public @Nullable Object getAttribute(String name) {
      return attribute;
    }

    @Override
    public void setAttribute(String name, Object value) {
      attribute = value;
    }

    @Override
    public DispatcherType getDispatcherType() {
      return DispatcherType.REQUEST;
    }

    @Override
    public boolean isAsyncStarted() {
      return false;
    }

    @Override
    public ServletContext getServletContext() {
      return context;
    }
  }

  private static final class Response extends HttpServletResponseWrapper {
    private @Nullable String vary;

    Response() {
      super(nothing(HttpServletResponse.class));
    }

    @Override
    public boolean isCommitted() {
      return false;
    }

    @Override
    public @Nullable String getHeader(String name) {
      return vary;
    }

    @Override
    public void addHeader(String name, String value) {
      vary = value;
    }
  }

  private long ofRequest(String token, FilterChain page) throws Exception {
    Request request = new Request(List.of("__Host-Http-shop=" + token), setup.servletContext());
    Response response = new Response();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    pipeline.handle(request, response, page);
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(response.vary).isEqualTo("Cookie");
    return bytes;
  }

  private static long ofCodec(TokenCodec codec, String token) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    codec.awaitsKey(token);
    Object user = ((Decoded.Accepted) codec.decode(token)).state().attribute("user");
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(user).isEqualTo("ada");
    return bytes;
  }

  @Test
  void read_takesTheTokenOnceAndLittleBeside() throws Exception {
    TokenCodec codec = setup.codec();
    String token =
        codec.encode(codec.create().withAttribute("user", "ada").withAttribute("text", noise()));
    FilterChain page =
        (request, response) -> {
          Object user = ((HttpServletRequest) request).getSession(false).getAttribute("user");
          if (!"ada".equals(user)) {
            throw new IllegalStateException("not read");
          }
        };

    long request = Long.MAX_VALUE;
    long codecAlone = Long.MAX_VALUE;
    for (int i = 0; i < REQUESTS; i++) { // in turns, so that what is compiled meanwhile hits both
      request = Math.min(request, ofRequest(token, page));
      codecAlone = Math.min(codecAlone, ofCodec(codec, token));
    }
    long beside = request - codecAlone - token.length();

    assertThat(token.length()).isGreaterThan(2_600);
    assertThat(beside).isBetween(0L, READING);
  }
}
