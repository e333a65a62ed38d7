package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;

/** Filters that rewrite the body, as frameworks bring them, inside and outside ours (49, 48). */
class BodyFiltersTest {

  /** Sends the body to a stream of the filter's. */
  private static class Redirected extends HttpServletResponseWrapper {
    private final OutputStream body;
    private PrintWriter writer;
    private ServletOutputStream stream;

    Redirected(HttpServletResponse response, OutputStream body) {
      super(response);
      this.body = body;
    }

    @Override
    public PrintWriter getWriter() {
      if (writer == null) {
        writer = new PrintWriter(new OutputStreamWriter(body, StandardCharsets.UTF_8));
      }
      return writer;
    }

    @Override
    public ServletOutputStream getOutputStream() {
      if (stream == null) {
        stream = new Forwarding(body);
      }
      return stream;
    }

    @Override
    public void flushBuffer() throws IOException {
      if (writer != null) {
        writer.flush();
      }
      body.flush();
    }

    @Override
    public void setContentLength(int length) {} // another one now

    @Override
    public void setContentLengthLong(long length) {}
  }

  private static final class Forwarding extends ServletOutputStream {
    private final OutputStream body;

    Forwarding(OutputStream body) {
      this.body = body;
    }

    @Override
    public void write(int b) throws IOException {
      body.write(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      body.write(bytes, from, length);
    }

    @Override
    public void flush() throws IOException {
      body.flush();
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      throw new IllegalStateException("blocking only");
    }
  }

  /** Compresses as it goes, so that it reaches the container's buffer at moments of its own. */
  private static void compress(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletResponse http = (HttpServletResponse) response;
    http.setHeader("Content-Encoding", "gzip");
    OutputStream[] opened = new OutputStream[1];
    OutputStream lazily =
        new OutputStream() {
          private OutputStream gzip() throws IOException {
            if (opened[0] == null) {
              opened[0] = new GZIPOutputStream(http.getOutputStream(), 512, true);
            }
            return opened[0];
          }

          @Override
          public void write(int b) throws IOException {
            gzip().write(b);
          }

          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            gzip().write(bytes, from, length);
          }

          @Override
          public void flush() throws IOException {
            gzip().flush();
          }
        };
    Redirected redirected = new Redirected(http, lazily);
    chain.doFilter(request, redirected);
    if (redirected.writer != null) {
      redirected.writer.flush();
    }
    if (opened[0] != null) {
      opened[0].close();
    }
  }

  /** Holds the page back to name it by its content, and answers 304 to who has it already. */
  private static void entityTag(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletResponse http = (HttpServletResponse) response;
    ByteArrayOutputStream held = new ByteArrayOutputStream();
    Redirected redirected = new Redirected(http, held);
    chain.doFilter(request, redirected);
    if (redirected.writer != null) {
      redirected.writer.flush();
    }
    CRC32 sum = new CRC32();
    sum.update(held.toByteArray());
    String tag = "\"" + Long.toHexString(sum.getValue()) + "\"";
    http.setHeader("ETag", tag);
    if (tag.equals(((HttpServletRequest) request).getHeader("If-None-Match"))) {
      http.setStatus(304);
    } else {
      http.setContentLength(held.size());
      held.writeTo(http.getOutputStream());
    }
  }

  private static TestApp start(Container container, Filter filter, boolean inside)
      throws Exception {
    TestApp app =
        TestApp.start(
            container,
            StatelessSessionFilter.builder("shop", TestKeys.source()).build(),
            context -> {
              FilterRegistration.Dynamic registration = context.addFilter("body", filter);
              // Declared before ours: outside, unless it asks to come after.
              registration.addMappingForUrlPatterns(
                  EnumSet.of(DispatcherType.REQUEST), inside, "/page");
              registration.setAsyncSupported(true);
            });
    app.on(
        "/page",
        (q, r) -> {
          q.getSession().setAttribute("a", "before");
          r.setContentType("text/plain;charset=UTF-8");
          int lines = Integer.parseInt(q.getParameter("n"));
          if (q.getParameter("stream") == null) {
            for (int i = 0; i < lines; i++) {
              r.getWriter().print(line(i));
            }
          } else {
            for (int i = 0; i < lines; i++) {
              r.getOutputStream().write(line(i).getBytes(StandardCharsets.UTF_8));
            }
          }
          if (q.getParameter("flush") != null) {
            r.flushBuffer();
          }
        });
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
    return app;
  }

  /** Noise, so that it does not shrink to nothing. */
  private static String line(int i) {
    return "zeile \u00fc " + Integer.toHexString(i * 0x9E3779B9) + "\n";
  }

  private static String page(int lines) {
    StringBuilder page = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      page.append(line(i));
    }
    return page.toString();
  }

  @OnEachContainer
  @DisplayName("49: a compressing filter inside and outside ours: the same bytes, and the cookie")
  void compressed(Container container) throws Exception {
    for (boolean inside : new boolean[] {true, false}) {
      try (TestApp app = start(container, BodyFiltersTest::compress, inside)) {
        for (int lines : new int[] {1, 700, 30_000}) {
          for (String way : new String[] {"", "&stream", "&flush"}) {
            String where = way + " " + lines + (inside ? " inside" : " outside");
            Client client = app.client();
            Client.Answer answer = client.get("/page?n=" + lines + way);
            assertThat(answer.setCookies()).as(where).hasSize(1);
            assertThat(answer.header("Content-Encoding")).as(where).isEqualTo("gzip");
            String body =
                new String(
                    new GZIPInputStream(new ByteArrayInputStream(answer.bytes())).readAllBytes(),
                    StandardCharsets.UTF_8);
            assertThat(body.equals(page(lines))).as(where).isTrue();
            assertThat(client.get("/get").body()).as(where).isEqualTo("before");
          }
        }
      }
    }
  }

  @OnEachContainer
  @DisplayName("49, 48: an ETag filter inside and outside ours, and the 304 that it makes")
  void tagged(Container container) throws Exception {
    for (boolean inside : new boolean[] {true, false}) {
      try (TestApp app = start(container, BodyFiltersTest::entityTag, inside)) {
        for (int lines : new int[] {1, 3000}) {
          String where = lines + (inside ? " inside" : " outside");
          Client client = app.client();
          Client.Answer answer = client.get("/page?n=" + lines);
          assertThat(answer.setCookies()).as(where).hasSize(1);
          assertThat(answer.body().equals(page(lines))).as(where).isTrue();
          Client other = app.client();
          Client.Answer same =
              other.get("/page?n=" + lines, "If-None-Match: " + answer.header("ETag"));
          assertThat(same.status()).as(where).isEqualTo(304);
          assertThat(same.bytes()).as(where).isEmpty();
          assertThat(same.setCookies()).as(where).hasSize(1);
          assertThat(other.get("/get").body()).as(where).isEqualTo("before");
        }
      }
    }
  }
}
