package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;

/** Sessions over forwards, includes, error pages and asynchronous processing (BEHAVIOUR.md 3.D). */
class DispatchTest extends ScenarioTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterAll
  void stopThreads() {
    threads.shutdownNow();
  }

  @Override
  void startup(ServletContext context) {
    TestApp.named(context, "named", (q, r) -> q.getSession().setAttribute("a", "by name"));
  }

  private static void forward(HttpServletRequest q, HttpServletResponse r, String path)
      throws Exception {
    q.getRequestDispatcher(path).forward(q, r);
  }

  private static void include(HttpServletRequest q, HttpServletResponse r, String path)
      throws Exception {
    q.getRequestDispatcher(path).include(q, r);
  }

  private TestApp app(Container container) {
    return on(container)
        .on(
            "/get",
            (q, r) ->
                r.getWriter()
                    .print(
                        q.getSession(false) == null ? "none" : q.getSession().getAttribute("a")));
  }

  @OnEachContainer
  @DisplayName("53, F1: changed in the target of a forward, small page, no flush")
  void forward(Container container) throws Exception {
    TestApp app = app(container);
    app.on("/forward", (q, r) -> forward(q, r, "/target"));
    app.on(
        "/target",
        (q, r) -> {
          q.getSession().setAttribute("a", "forwarded");
          r.getWriter().print("view");
        });
    Client client = app.client();
    Client.Answer answer = client.get("/forward");
    assertThat(answer.body()).isEqualTo("view");
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("forwarded");
  }

  @OnEachContainer
  @DisplayName("53: created before a forward, read and changed after it, two levels deep")
  void nestedForward(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/one",
        (q, r) -> {
          q.getSession().setAttribute("a", "1");
          forward(q, r, "/two");
        });
    app.on(
        "/two",
        (q, r) -> {
          q.getSession().setAttribute("a", q.getSession().getAttribute("a") + "2");
          forward(q, r, "/three");
        });
    app.on(
        "/three",
        (q, r) -> q.getSession().setAttribute("a", q.getSession().getAttribute("a") + "3"));
    Client client = app.client();
    assertThat(client.get("/one").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("123");
  }

  @OnEachContainer
  @DisplayName("53: forward, then invalidate in the target")
  void forwardAndInvalidate(Container container) throws Exception {
    TestApp app = app(container);
    app.on("/set", (q, r) -> q.getSession().setAttribute("a", "1"));
    app.on("/forward", (q, r) -> forward(q, r, "/end"));
    app.on("/end", (q, r) -> q.getSession().invalidate());
    Client client = app.client();
    client.get("/set");
    assertThat(client.get("/forward").setCookies())
        .singleElement()
        .asString()
        .contains("Max-Age=0");
  }

  @OnEachContainer
  @DisplayName("55: dispatchers of the servlet context, by path and by name")
  void contextDispatchers(Container container) throws Exception {
    TestApp app = app(container);
    app.on("/path", (q, r) -> q.getServletContext().getRequestDispatcher("/target").forward(q, r));
    app.on("/name", (q, r) -> q.getServletContext().getNamedDispatcher("named").forward(q, r));
    app.on("/target", (q, r) -> q.getSession().setAttribute("a", "by path"));
    for (String way : List.of("path", "name")) {
      Client client = app.client();
      assertThat(client.get("/" + way).setCookies()).hasSize(1);
      assertThat(client.get("/get").body()).isEqualTo("by " + way);
    }
  }

  @OnEachContainer
  @DisplayName(
      "23, 55: one facade for the whole request, also through the application's own wrappers")
  void sameFacade(Container container) throws Exception {
    TestApp app = app(container);
    HttpSession[] seen = new HttpSession[3];
    app.on(
            "/outer",
            (q, r) -> {
              seen[0] = q.getSession();
              include(
                  new HttpServletRequestWrapper(q), new HttpServletResponseWrapper(r), "/included");
              forward(
                  new HttpServletRequestWrapper(q), new HttpServletResponseWrapper(r), "/inner");
            })
        .on("/included", (q, r) -> seen[1] = q.getSession());
    app.on(
        "/inner",
        (q, r) -> {
          seen[2] = q.getSession();
          seen[2].setAttribute("a", "wrapped");
        });
    Client client = app.client();
    assertThat(client.get("/outer").setCookies()).hasSize(1);
    assertThat(seen[1]).isSameAs(seen[0]);
    assertThat(seen[2]).isSameAs(seen[0]);
    assertThat(client.get("/get").body()).isEqualTo("wrapped");
  }

  @OnEachContainer
  @DisplayName(
      "54: created within an include, fifty of them: written as the body begins and at the end")
  void include(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/page",
        (q, r) -> {
          for (int i = 0; i < 50; i++) {
            include(q, r, "/part");
          }
          r.getWriter().print(".");
        });
    app.on(
        "/part",
        (q, r) -> {
          Object count = q.getSession().getAttribute("a");
          q.getSession().setAttribute("a", count == null ? 1 : (int) count + 1);
          r.getWriter().print("x");
        });
    Client client = app.client();
    Client.Answer answer = client.get("/page");
    assertThat(answer.body()).isEqualTo("x".repeat(50) + ".");
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(events.take()).containsExactly("issued", "issued");
    assertThat(client.get("/get").body()).isEqualTo("50");
  }

  @OnEachContainer
  @DisplayName("54, F3: an include that overflows the buffer with the session created in it")
  void includeOverflows(Container container) throws Exception {
    TestApp app = app(container);
    app.on("/page", (q, r) -> include(q, r, "/part"));
    app.on(
        "/part",
        (q, r) -> {
          q.getSession().setAttribute("a", "included");
          r.getWriter().print("x".repeat(100_000));
        });
    Client client = app.client();
    Client.Answer answer = client.get("/page");
    assertThat(answer.body()).hasSize(100_000);
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("included");
  }

  @OnEachContainer
  @DisplayName(
      "54: an include that closes the writer; what follows it is still sent, as without the filter")
  void includeCloses(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/page",
        (q, r) -> {
          q.getSession().setAttribute("a", "1");
          include(q, r, "/part");
        });
    app.on(
        "/part",
        (q, r) -> {
          r.getWriter().print("x");
          r.getWriter().close();
        });
    Client client = app.client();
    Client.Answer answer = client.get("/page");
    assertThat(answer.body()).isEqualTo("x");
    assertThat(answer.setCookies()).hasSize(1);
  }

  @OnEachContainer
  @DisplayName("46: the error page of sendError sees the session and may change it; one cookie")
  void sendErrorPage(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/fail",
        (q, r) -> {
          q.getSession().setAttribute("a", "before");
          r.sendError(418);
        });
    app.on(
        "/error",
        (q, r) -> {
          HttpSession session = q.getSession();
          r.getWriter().print(session.getAttribute("a"));
          session.setAttribute("a", "changed");
        });
    Client client = app.client();
    Client.Answer answer = client.get("/fail");
    assertThat(answer.status()).isEqualTo(418);
    assertThat(answer.body()).isEqualTo("before");
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("changed");
  }

  @OnEachContainer
  @DisplayName("46: a session that the error page creates")
  void errorPageCreates(Container container) throws Exception {
    TestApp app = app(container);
    app.on("/fail", (q, r) -> r.sendError(418));
    app.on("/error", (q, r) -> q.getSession().setAttribute("a", "error page"));
    Client client = app.client();
    assertThat(client.get("/fail").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("error page");
  }

  @OnEachContainer
  @DisplayName("47: an exception with an error page: what was changed before counts")
  void exceptionWithPage(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/throw",
        (q, r) -> {
          q.getSession().setAttribute("a", "before");
          throw new TestApp.Broken();
        });
    app.on(
        "/broken",
        (q, r) -> {
          r.getWriter().print(q.getSession().getAttribute("a"));
          q.getSession().setAttribute("b", "2");
        });
    Client client = app.client();
    Client.Answer answer = client.get("/throw");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).isEqualTo("before");
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("before");
  }

  @OnEachContainer
  @DisplayName("47: an exception without an error page")
  void exceptionWithoutPage(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/throw",
        (q, r) -> {
          q.getSession().setAttribute("a", "before");
          throw new IllegalArgumentException("on purpose");
        });
    Client client = app.client();
    Client.Answer answer = client.get("/throw");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("before");
  }

  @OnEachContainer
  @DisplayName("47, 68: after an exception the cookie has all its attributes")
  void exceptionKeepsAttributes(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/throw",
        (q, r) -> {
          q.getSession().setAttribute("a", "before");
          throw new IllegalArgumentException("on purpose");
        });
    String line = app.client().get("/throw").setCookies().get(0).toLowerCase(Locale.ROOT);
    assertThat(line.split("; ")).contains("path=/", "secure", "httponly", "samesite=lax");
  }

  @OnEachContainer
  @DisplayName("41: an error handler that resets the response keeps the session")
  void errorPageResets(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/fail",
        (q, r) -> {
          q.getSession().setAttribute("a", "kept");
          r.sendError(418);
        });
    app.on(
        "/error",
        (q, r) -> {
          r.reset();
          r.setStatus(418);
          r.getWriter().print("clean");
        });
    Client client = app.client();
    assertThat(client.get("/fail").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("kept");
  }

  @OnEachContainer
  @DisplayName("36, 56: set in another thread, then complete() without a flush")
  void asyncComplete(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/async",
        (q, r) -> {
          AsyncContext async = q.startAsync();
          threads.execute(
              () -> {
                HttpServletRequest request = (HttpServletRequest) async.getRequest();
                request.getSession().setAttribute("a", "async");
                async.complete();
              });
        });
    Client client = app.client();
    assertThat(client.get("/async").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("async");
  }

  @OnEachContainer
  @DisplayName("36, 56: startAsync(request, response), body by the writer")
  void asyncWithArguments(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/async",
        (q, r) -> {
          AsyncContext async = q.startAsync(new HttpServletRequestWrapper(q), r);
          assertThat(q.getAsyncContext()).isSameAs(async);
          async.start(
              () -> {
                try {
                  q.getSession().setAttribute("a", "async");
                  async.getResponse().getWriter().print("done");
                  async.complete();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
        });
    Client client = app.client();
    Client.Answer answer = client.get("/async");
    assertThat(answer.body()).isEqualTo("done");
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("async");
  }

  @OnEachContainer
  @DisplayName("56: dispatch to a path after changes in another thread")
  void asyncDispatch(Container container) throws Exception {
    for (boolean arguments : new boolean[] {false, true}) {
      TestApp app = app(container);
      app.on(
          "/async",
          (q, r) -> {
            AsyncContext async = arguments ? q.startAsync(q, r) : q.startAsync();
            threads.execute(
                () -> {
                  ((HttpServletRequest) async.getRequest())
                      .getSession()
                      .setAttribute("a", "thread");
                  async.dispatch("/target");
                });
          });
      app.on(
          "/target",
          (q, r) -> {
            r.getWriter().print(q.getSession().getAttribute("a"));
            q.getSession().setAttribute("a", "dispatched");
          });
      Client client = app.client();
      Client.Answer answer = client.get("/async");
      assertThat(answer.body()).isEqualTo("thread");
      assertThat(answer.setCookies()).hasSize(1);
      assertThat(client.get("/get").body()).isEqualTo("dispatched");
    }
  }

  @OnEachContainer
  @DisplayName(
      "56: a timeout without listener, and one whose listener changes the session and completes")
  void asyncTimeout(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/none",
        (q, r) -> {
          q.getSession().setAttribute("a", "before");
          q.startAsync().setTimeout(50);
        });
    app.on(
        "/listener",
        (q, r) -> {
          AsyncContext async = q.startAsync();
          async.setTimeout(50);
          async.addListener(
              new AsyncListener() {
                @Override
                public void onTimeout(AsyncEvent event) {
                  ((HttpServletRequest) event.getAsyncContext().getRequest())
                      .getSession()
                      .setAttribute("a", "timeout");
                  event.getAsyncContext().complete();
                }

                @Override
                public void onComplete(AsyncEvent event) {}

                @Override
                public void onError(AsyncEvent event) {}

                @Override
                public void onStartAsync(AsyncEvent event) {}
              });
        });
    Client client = app.client();
    assertThat(client.get("/none").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("before");
    assertThat(client.get("/listener").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("timeout");
  }

  @OnEachContainer
  @NotOn(
      value = Container.TOMCAT_10,
      because =
          "it closes the connection without an answer where a servlet throws right after startAsync,"
              + " with any filter or none")
  @DisplayName("56: an exception right after startAsync")
  void asyncError(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/async",
        (q, r) -> {
          q.getSession().setAttribute("a", "before");
          q.startAsync();
          throw new IllegalArgumentException("on purpose");
        });
    Client client = app.client();
    Client.Answer answer = client.get("/async");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("before");
  }

  @OnEachContainer
  @DisplayName("56: non-blocking output commits before it writes")
  void nonBlocking(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/async",
        (q, r) -> {
          AsyncContext async = q.startAsync();
          q.getSession().setAttribute("a", "nio");
          jakarta.servlet.ServletOutputStream out = r.getOutputStream();
          out.setWriteListener(
              new jakarta.servlet.WriteListener() {
                private int left = 20;

                @Override
                public void onWritePossible() throws java.io.IOException {
                  while (out.isReady()) {
                    if (left-- == 0) {
                      async.complete();
                      return;
                    }
                    out.write(new byte[10_000]);
                  }
                }

                @Override
                public void onError(Throwable t) {}
              });
        });
    Client client = app.client();
    Client.Answer answer = client.get("/async");
    assertThat(answer.bytes()).hasSize(200_000);
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("nio");
  }

  @OnEachContainer
  @DisplayName("32: the filter leaves body and parameters to the application")
  void body(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/echo",
        (q, r) -> {
          q.getSession();
          q.setCharacterEncoding("UTF-8");
          r.getWriter().print(q.getParameter("x"));
        });
    assertThat(app.client().get("/echo?x=1").body()).isEqualTo("1");
    Client.Answer answer =
        app.client()
            .send(
                "POST",
                "/echo",
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Length: 7",
                "\r\nx=a%20b");
    assertThat(answer.body()).isEqualTo("a b");
  }
}
