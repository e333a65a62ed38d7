package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;

/** Sessions of requests that fail, and of their error pages (BEHAVIOUR.md 41, 46, 47). */
class ErrorPagesTest extends ScenarioTest {
  @OnEachContainer
  @DisplayName("46: the error page of sendError sees the session and may change it; one cookie")
  void sendErrorPage(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
    app.on("/fail", (q, r) -> r.sendError(418));
    app.on("/error", (q, r) -> q.getSession().setAttribute("a", "error page"));
    Client client = app.client();
    assertThat(client.get("/fail").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("error page");
  }

  @OnEachContainer
  @DisplayName("47: an exception with an error page: what was changed before counts")
  void exceptionWithPage(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
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
  @DisplayName("53, 46: an error page that forwards, from a page that was forwarded to")
  void errorPageForwards(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
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
  @DisplayName("46, 23: the request of an error page has the session that the failed page had")
  void errorPageFacade(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
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
    TestApp app = on(container).withSetAndGet();
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
