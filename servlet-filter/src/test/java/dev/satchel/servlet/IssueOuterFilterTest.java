package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.AttributeCodec;
import dev.satchel.AttributeTypes;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;

/** Filters in front of ours that write, buffer or read what is ours. */
class IssueOuterFilterTest extends ScenarioTest {
  private final AtomicInteger written = new AtomicInteger();

  @Override
  StatelessSessionFilter filter() {
    return builder()
        .exclude("/excluded")
        .attributeTypes(
            AttributeTypes.builder().register("counted", Counted.class, new Counting()).build())
        .build();
  }

  @Override
  void startup(ServletContext context) {
    before(
        context,
        "/prelude",
        (request, response, chain) -> {
          for (int left = response.getBufferSize() - 100; left > 0; left -= 100) {
            response.getOutputStream().write(new byte[100]);
          }
          chain.doFilter(request, response);
        });
    before(
        context,
        "/buffered",
        (request, response, chain) -> {
          Buffering buffering = new Buffering((HttpServletResponse) response);
          chain.doFilter(request, buffering);
          response.getOutputStream().write(buffering.bytes.toByteArray());
        });
  }

  private static void before(ServletContext context, String path, Filter filter) {
    FilterRegistration.Dynamic registration = context.addFilter(path, filter);
    registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, path);
  }

  @OnEachContainer
  @DisplayName(
      "a filter before ours has all but filled the buffer: the session is sent all the same")
  void prelude(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/prelude",
        (q, r) -> {
          q.getSession().setAttribute("a", "1");
          for (int i = 0; i < 30; i++) {
            r.getOutputStream().write(new byte[100]);
          }
        });
    assertThat(app.client().get("/prelude").setCookies()).hasSize(1);
  }

  @OnEachContainer
  @DisplayName(
      "behind a filter that buffers, a byte of the body does not cost a look at the session")
  void buffered(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/set", (q, r) -> q.getSession().setAttribute("c", new Counted()));
    app.on(
        "/buffered",
        (q, r) -> {
          q.getSession().getAttribute("c");
          for (int i = 0; i < 200_000; i++) {
            r.getOutputStream().write('x');
          }
        });
    Client client = app.client();
    client.get("/set");
    written.set(0);
    assertThat(client.get("/buffered").bytes()).hasSize(200_000);
    // Nothing tells a filter that buffers from a container until twice the buffer is written.
    assertThat(written.get()).isLessThan(70_000);
  }

  @OnEachContainer
  @DisplayName(
      "an excluded page that forwards to one that is not: one request, one kind of session")
  void excludedForwards(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/excluded",
        (q, r) -> {
          q.getSession().setAttribute("a", "native");
          q.getRequestDispatcher("/view").forward(q, r);
        });
    app.on("/view", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
    Client.Answer answer = app.client().get("/excluded");
    assertThat(answer.body()).isEqualTo("native");
    assertThat(answer.setCookies()).noneMatch(line -> line.startsWith(COOKIE));
  }

  @OnEachContainer
  @DisplayName("getIntHeader and getDateHeader do not tell the token")
  void numbers(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/set", (q, r) -> q.getSession().setAttribute("a", "1"));
    app.on(
        "/numbers",
        (q, r) -> r.getWriter().print(q.getIntHeader("Cookie") + " " + q.getDateHeader("cookie")));
    Client client = app.client();
    client.get("/set");
    assertThat(client.get("/numbers").body()).isEqualTo("-1 -1");
  }

  private static final class Counted {}

  private final class Counting implements AttributeCodec<Counted> {
    @Override
    public String write(Counted value) {
      written.incrementAndGet();
      return "";
    }

    @Override
    public Counted read(String text) {
      return new Counted();
    }
  }

  private static final class Buffering extends HttpServletResponseWrapper {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Buffering(HttpServletResponse response) {
      super(response);
    }

    @Override
    public ServletOutputStream getOutputStream() {
      return new CollectedBytes(bytes);
    }
  }
}
