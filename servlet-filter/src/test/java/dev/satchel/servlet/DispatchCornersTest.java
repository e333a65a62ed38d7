package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;

/** The less trodden ways through a request (BEHAVIOUR.md 3.D). */
class DispatchCornersTest extends ScenarioTest {
  /** One thread, so that requests follow each other on it. */
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  @AfterAll
  void stopThread() {
    thread.shutdownNow();
  }

  @Override
  void startup(ServletContext context) {
    TestApp.named(
        context,
        "included",
        (q, r) -> {
          q.getSession().setAttribute("a", "included by name");
          r.getWriter().print("x");
        });
  }

  private TestApp app(Container container) {
    return on(container)
        .on("/set", (q, r) -> q.getSession().setAttribute("a", "1"))
        .on(
            "/get",
            (q, r) ->
                r.getWriter()
                    .print(
                        q.getSession(false) == null ? "none" : q.getSession().getAttribute("a")));
  }

  @OnEachContainer
  @DisplayName(
      "54, 24: after the commit an include cannot create a session, but use the one there is")
  void includeAfterCommit(Container container) throws Exception {
    TestApp app = app(container);
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
    TestApp app = app(container);
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
    TestApp app = app(container);
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
    TestApp app = app(container);
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

  @OnEachContainer
  @DisplayName("53, 46: an error page that forwards, from a page that was forwarded to")
  void errorPageForwards(Container container) throws Exception {
    TestApp app = app(container);
    app.on("/page", (q, r) -> q.getRequestDispatcher("/fails").forward(q, r));
    app.on(
        "/fails",
        (q, r) -> {
          q.getSession().setAttribute("a", "1");
          r.sendError(418);
        });
    app.on("/error", (q, r) -> q.getRequestDispatcher("/view").forward(q, r));
    app.on(
        "/view",
        (q, r) -> {
          q.getSession().setAttribute("a", q.getSession().getAttribute("a") + "2");
          r.getWriter().print("view");
        });
    Client client = app.client();
    Client.Answer answer = client.get("/page");
    assertThat(answer.status()).isEqualTo(418);
    assertThat(answer.body()).isEqualTo("view");
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("12");
  }

  @OnEachContainer
  @DisplayName("56: dispatch() comes back to the page, which sees what the thread did")
  void dispatchToItself(Container container) throws Exception {
    for (boolean arguments : new boolean[] {false, true}) {
      TestApp app = app(container);
      app.on(
          "/again",
          (q, r) -> {
            if (q.getDispatcherType() == DispatcherType.ASYNC) {
              r.getWriter().print(q.getSession().getAttribute("a"));
              q.getSession().setAttribute("a", "dispatched");
              return;
            }
            AsyncContext async = arguments ? q.startAsync(q, r) : q.startAsync();
            thread.execute(
                () -> {
                  session(async).setAttribute("a", "thread");
                  async.dispatch();
                });
          });
      Client client = app.client();
      Client.Answer answer = client.get("/again");
      assertThat(answer.body()).isEqualTo("thread");
      assertThat(answer.setCookies()).hasSize(1);
      assertThat(client.get("/get").body()).isEqualTo("dispatched");
    }
  }

  @OnEachContainer
  @DisplayName("56: dispatch(context, path), and a forward from where it leads")
  void dispatchToContext(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/start",
        (q, r) -> {
          AsyncContext async = q.startAsync();
          thread.execute(
              () -> {
                session(async).setAttribute("a", "thread");
                async.dispatch(q.getServletContext(), "/there");
              });
        });
    app.on("/there", (q, r) -> q.getRequestDispatcher("/view").forward(q, r));
    app.on(
        "/view",
        (q, r) -> {
          r.getWriter().print(q.getSession().getAttribute("a"));
          q.getSession().setAttribute("a", "forwarded");
        });
    Client client = app.client();
    Client.Answer answer = client.get("/start");
    assertThat(answer.body()).isEqualTo("thread");
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("forwarded");
  }

  @OnEachContainer
  @DisplayName("56, 36: one dispatch starts the next asynchronous part; one session through all")
  void dispatchedTwice(Container container) throws Exception {
    TestApp app = app(container);
    HttpSession[] seen = new HttpSession[3];
    app.on(
        "/one",
        (q, r) -> {
          seen[0] = q.getSession();
          q.startAsync().dispatch("/two");
        });
    app.on(
        "/two",
        (q, r) -> {
          seen[1] = q.getSession();
          seen[1].setAttribute("a", "two");
          AsyncContext async = q.startAsync();
          thread.execute(
              () -> {
                seen[2] = session(async);
                seen[2].setAttribute("a", "three");
                async.complete();
              });
        });
    Client client = app.client();
    assertThat(client.get("/one").setCookies()).hasSize(1);
    assertThat(seen[1]).isSameAs(seen[0]);
    assertThat(seen[2]).isSameAs(seen[0]);
    assertThat(client.get("/get").body()).isEqualTo("three");
  }

  @OnEachContainer
  @DisplayName("56: users that follow each other on one thread keep to their own sessions")
  void threadReuse(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/work",
        (q, r) -> {
          String user = q.getParameter("user");
          AsyncContext async = q.startAsync();
          thread.execute(
              () -> {
                HttpSession session = session(async);
                String before = String.valueOf(session.getAttribute("user"));
                session.setAttribute("user", user);
                try {
                  async.getResponse().getWriter().print(before);
                } catch (java.io.IOException e) {
                  throw new IllegalStateException(e);
                }
                async.complete();
              });
        });
    List<Client> users = List.of(app.client(), app.client(), app.client());
    for (int round = 0; round < 3; round++) {
      for (int user = 0; user < users.size(); user++) {
        String expected = round == 0 ? "null" : "user" + user;
        assertThat(users.get(user).get("/work?user=user" + user).body()).isEqualTo(expected);
      }
      // One who has none comes in between.
      assertThat(app.client().get("/get").body()).isEqualTo("none");
    }
  }

  @OnEachContainer
  @DisplayName("56: the listener hears of the end with our context, and can still read the session")
  void onComplete(Container container) throws Exception {
    TestApp app = app(container);
    CompletableFuture<String> seen = new CompletableFuture<>();
    app.on(
        "/async",
        (q, r) -> {
          AsyncContext async = q.startAsync();
          async.addListener(
              new AsyncListener() {
                @Override
                public void onComplete(AsyncEvent event) {
                  seen.complete(
                      (event.getAsyncContext() == async) + " " + session(async).getAttribute("a"));
                }

                @Override
                public void onTimeout(AsyncEvent event) {}

                @Override
                public void onError(AsyncEvent event) {}

                @Override
                public void onStartAsync(AsyncEvent event) {}
              });
          thread.execute(
              () -> {
                session(async).setAttribute("a", "done");
                async.complete();
              });
        });
    Client client = app.client();
    client.get("/async");
    assertThat(seen.get(20, TimeUnit.SECONDS)).isEqualTo("true done");
    assertThat(client.get("/get").body()).isEqualTo("done");
  }

  private static HttpSession session(AsyncContext async) {
    return ((HttpServletRequest) async.getRequest()).getSession();
  }

  @OnEachContainer
  @DisplayName("46, 23: the request of an error page has the session that the failed page had")
  void errorPageFacade(Container container) throws Exception {
    TestApp app = app(container);
    HttpSession[] seen = new HttpSession[2];
    app.on(
        "/fails",
        (q, r) -> {
          seen[0] = q.getSession();
          throw new TestApp.Broken();
        });
    app.on("/broken", (q, r) -> seen[1] = q.getSession());
    app.client().get("/fails");
    assertThat(seen[1]).isNotNull().isSameAs(seen[0]);
  }

  @OnEachContainer
  @DisplayName(
      "47: a page that fails after its headers were sent loses nothing that went with them")
  void failsAfterCommit(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/fails",
        (q, r) -> {
          q.getSession().setAttribute("a", "sent");
          flush(r);
          throw new IllegalArgumentException("on purpose");
        });
    Client client = app.client();
    assertThat(client.get("/fails").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("sent");
  }

  private static void flush(HttpServletResponse response) throws java.io.IOException {
    response.getWriter().print("begun");
    response.flushBuffer();
  }
}
