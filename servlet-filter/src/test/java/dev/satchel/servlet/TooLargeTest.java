package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionPolicy;
import dev.satchel.SessionTooLargeException;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;

/** A session that outgrows its cookie (BEHAVIOUR.md 71). */
class TooLargeTest extends ScenarioTest {

  @Override
  StatelessSessionFilter filter() {
    return builder().policy(SessionPolicy.defaults().withoutCompression()).build();
  }

  static String noise(int length) {
    StringBuilder noise = new StringBuilder(length);
    Random random = new Random(1);
    for (int i = 0; i < length; i++) {
      noise.append((char) ('a' + random.nextInt(26)));
    }
    return noise.toString();
  }

  private TestApp app(Container container) {
    return on(container)
        .on("/small", (q, r) -> q.getSession().setAttribute("a", "1"))
        .on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
  }

  @OnEachContainer
  @DisplayName("71: fails before anything is sent, and the client's token stays good")
  void atTheEnd(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/large",
        (q, r) -> {
          q.getSession().setAttribute("a", "2");
          q.getSession().setAttribute("large", noise(4000));
          r.getWriter().print("secret page");
        });
    Client client = app.client();
    client.get("/small");
    events.take();
    Client.Answer answer = client.get("/large");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("secret page");
    assertThat(answer.setCookies()).isEmpty();
    assertThat(events.take()).contains("not written SessionTooLargeException");
    assertThat(client.get("/get").body()).isEqualTo("1");
  }

  @OnEachContainer
  @DisplayName(
      "71: surfaces where the application commits, naming sizes; it may mend the session and go on")
  void mended(Container container) throws Exception {
    TestApp app = app(container);
    CompletableFuture<String> message = new CompletableFuture<>();
    app.on(
        "/large",
        (q, r) -> {
          q.getSession().setAttribute("a", "2");
          q.getSession().setAttribute("large", noise(4000));
          try {
            r.flushBuffer();
          } catch (SessionTooLargeException e) {
            message.complete(e.getMessage());
          }
          q.getSession().removeAttribute("large");
          r.getWriter().print("mended");
        });
    Client client = app.client();
    client.get("/small");
    Client.Answer answer = client.get("/large");
    assertThat(answer.body()).isEqualTo("mended");
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(message.get(20, TimeUnit.SECONDS))
        .startsWith("session token would be ")
        .contains("limit ")
        .endsWith("large=4002, a=3");
    assertThat(client.get("/get").body()).isEqualTo("2");
  }

  @OnEachContainer
  @DisplayName("71: in a forward and with an error page, which is still shown")
  void forwardWithErrorPage(Container container) throws Exception {
    TestApp app = app(container);
    app.on("/forward", (q, r) -> q.getRequestDispatcher("/large").forward(q, r));
    app.on(
        "/large",
        (q, r) -> {
          q.getSession().setAttribute("large", noise(4000));
          r.sendError(418);
        });
    app.on(
        "/error", (q, r) -> r.getWriter().print("error page " + q.getSession().getAttribute("a")));
    Client client = app.client();
    client.get("/small");
    for (String path : new String[] {"/large", "/forward"}) {
      Client.Answer answer = client.get(path);
      assertThat(answer.status()).isEqualTo(500); // sendError itself fails
      assertThat(answer.setCookies()).isEmpty();
    }
    assertThat(client.get("/get").body()).isEqualTo("1");
  }

  @OnEachContainer
  @DisplayName("71: the biggest session that fits fills the line to 4096 bytes at most")
  void limit(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/fill",
        (q, r) -> q.getSession().setAttribute("f", noise(Integer.parseInt(q.getParameter("n")))));
    int longest = 0;
    boolean refused = false;
    for (int n = 2700; n <= 3100; n += 5) {
      Client.Answer answer = app.client().get("/fill?n=" + n);
      if (answer.status() == 200) {
        assertThat(refused).isFalse();
        longest = Math.max(longest, answer.setCookies().get(0).length());
      } else {
        refused = true;
      }
    }
    assertThat(refused).isTrue();
    assertThat(longest).isBetween(4000, 4096);
  }

  @OnEachContainer
  @DisplayName(
      "71, 56: in complete(): an empty 500, the request ends, the caller gets the exception")
  void inComplete(Container container) throws Exception {
    TestApp app = app(container);
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    app.on(
        "/async",
        (q, r) -> {
          AsyncContext async = q.startAsync();
          async.start(
              () -> {
                try {
                  ((HttpServletRequest) async.getRequest())
                      .getSession()
                      .setAttribute("large", noise(4000));
                  async.getResponse().getWriter().print("page");
                  async.complete();
                  failure.complete(new AssertionError("no exception"));
                } catch (Exception e) {
                  failure.complete(e);
                }
              });
        });
    Client client = app.client();
    client.get("/small");
    Client.Answer answer = client.get("/async");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.setCookies()).isEmpty();
    assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(SessionTooLargeException.class);
    assertThat(client.get("/get").body()).isEqualTo("1");
  }
}
