package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;

/** Sessions of asynchronous requests (BEHAVIOUR.md 36, 56). */
class AsynchronousTest extends ScenarioTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** One thread, so that requests follow each other on it. */
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  @AfterAll
  void stopThreads() {
    threads.shutdownNow();
    thread.shutdownNow();
  }

  @OnEachContainer
  @DisplayName("36, 56: set in another thread, then complete() without a flush")
  void asyncComplete(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
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
      TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
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
              new SilentAsyncListener() {
                @Override
                public void onTimeout(AsyncEvent event) {
                  ((HttpServletRequest) event.getAsyncContext().getRequest())
                      .getSession()
                      .setAttribute("a", "timeout");
                  event.getAsyncContext().complete();
                }
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
    TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
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
  @DisplayName("56: dispatch() comes back to the page, which sees what the thread did")
  void dispatchToItself(Container container) throws Exception {
    for (boolean arguments : new boolean[] {false, true}) {
      TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
    CompletableFuture<String> seen = new CompletableFuture<>();
    app.on(
        "/async",
        (q, r) -> {
          AsyncContext async = q.startAsync();
          async.addListener(
              new SilentAsyncListener() {
                @Override
                public void onComplete(AsyncEvent event) {
                  seen.complete(
                      (event.getAsyncContext() == async) + " " + session(async).getAttribute("a"));
                }
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
}
