package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;

/** What forwards and includes do to the session (BEHAVIOUR.md 53 to 55). */
class ForwardsAndIncludesTest extends ScenarioTest {
  @Override
  void startup(ServletContext context) {
    TestApp.named(context, "named", (q, r) -> q.getSession().setAttribute("a", "by name"));
    TestApp.named(
        context,
        "included",
        (q, r) -> {
          q.getSession().setAttribute("a", "included by name");
          r.getWriter().print("x");
        });
  }

  private static void forward(HttpServletRequest q, HttpServletResponse r, String path)
      throws Exception {
    q.getRequestDispatcher(path).forward(q, r);
  }

  private static void include(HttpServletRequest q, HttpServletResponse r, String path)
      throws Exception {
    q.getRequestDispatcher(path).include(q, r);
  }

  @OnEachContainer
  @DisplayName("53, F1: changed in the target of a forward, small page, no flush")
  void forward(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
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
  @DisplayName(
      "54, 24: after the commit an include cannot create a session, but use the one there is")
  void includeAfterCommit(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    List<String> seen = new ArrayList<>();
    app.on(
        "/page",
        (q, r) -> {
          r.flushBuffer();
          q.getRequestDispatcher("/part").include(q, r);
          r.getWriter().print(".");
        });
    app.on(
        "/part",
        (q, r) -> {
          try {
            seen.add(String.valueOf(q.getSession().getAttribute("a")));
          } catch (IllegalStateException e) {
            seen.add(e.getMessage());
          }
        });
    Client client = app.client();
    assertThat(client.get("/page").body()).isEqualTo(".");
    client.get("/set");
    assertThat(client.get("/page").body()).isEqualTo(".");
    assertThat(seen)
        .containsExactly("cannot create a session: the response was committed by flushBuffer", "1");
  }

  @OnEachContainer
  @DisplayName("54, F3: an include over the buffer without a session, one created after it throws")
  void createAfterLargeInclude(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    CompletableFuture<String> message = new CompletableFuture<>();
    app.on(
        "/page",
        (q, r) -> {
          q.getRequestDispatcher("/large").include(q, r);
          try {
            q.getSession();
            message.complete("created");
          } catch (IllegalStateException e) {
            message.complete(e.getMessage());
          }
        });
    app.on("/large", (q, r) -> r.getWriter().print("x".repeat(100_000)));
    Client.Answer answer = app.client().get("/page");
    assertThat(answer.body()).hasSize(100_000);
    assertThat(answer.setCookies()).isEmpty();
    assertThat(message.get(20, TimeUnit.SECONDS))
        .startsWith("cannot create a session: the response was committed by ");
  }

  @OnEachContainer
  @DisplayName("54: changed after an include that filled half the buffer; the same line, replaced")
  void changedAfterInclude(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/page",
        (q, r) -> {
          q.getRequestDispatcher("/part").include(q, r);
          q.getSession().setAttribute("a", "after");
        });
    app.on(
        "/part",
        (q, r) -> {
          q.getSession().setAttribute("a", "within");
          r.getWriter().print("x".repeat(r.getBufferSize() / 2));
        });
    Client client = app.client();
    assertThat(client.get("/page").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("after");
  }

  @OnEachContainer
  @DisplayName("55: included by the servlet context's dispatcher, by path and by name")
  void contextIncludes(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/path",
        (q, r) -> {
          q.getServletContext().getRequestDispatcher("/set").include(q, r);
          r.getWriter().print(".");
        });
    app.on(
        "/name",
        (q, r) -> {
          q.getServletContext().getNamedDispatcher("included").include(q, r);
          r.getWriter().print(".");
        });
    Client client = app.client();
    assertThat(client.get("/path").body()).isEqualTo(".");
    assertThat(client.get("/get").body()).isEqualTo("1");
    assertThat(client.get("/name").body()).isEqualTo("x.");
    assertThat(client.get("/get").body()).isEqualTo("included by name");
  }
}
