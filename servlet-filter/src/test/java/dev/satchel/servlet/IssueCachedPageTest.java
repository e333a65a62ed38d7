package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;

/** A shared cache must not hand one user's page or token to another. */
class IssueCachedPageTest extends ScenarioTest {

  @OnEachContainer
  @DisplayName("a session read only after the headers were sent: they say Vary all the same")
  void readLate(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/set", (q, r) -> q.getSession().setAttribute("a", "bob"));
    app.on(
        "/late",
        (q, r) -> {
          r.flushBuffer();
          r.getWriter().print(q.getSession(false).getAttribute("a"));
        });
    Client client = app.client();
    client.get("/set");
    Client.Answer answer = client.get("/late");
    assertThat(answer.body()).isEqualTo("bob");
    assertThat(answer.header("Vary")).isEqualTo("Cookie");
  }

  @OnEachContainer
  @DisplayName("public and s-maxage do not stand beside a token; what else was said does")
  void publicPage(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/page",
        (q, r) -> {
          r.setHeader("Cache-Control", q.getHeader("X-Says"));
          q.getSession().setAttribute("a", "1");
        });
    String[][] cases = {
      {"public, max-age=60", "max-age=60, private"},
      {"max-age=60, s-maxage=90", "max-age=60, private"},
      {"public", "private"},
      {"max-age=60", "max-age=60, private"},
      {"no-store", "no-store"},
      {"private, max-age=1", "private, max-age=1"},
    };
    for (String[] each : cases) {
      Client.Answer answer = app.client().get("/page", "X-Says: " + each[0]);
      assertThat(answer.setCookies()).hasSize(1);
      assertThat(answer.all("Cache-Control")).as(each[0]).containsExactly(each[1]);
    }
  }

  /**
   * Where no error page is, Undertow clears our Cache-Control too, and keeps the cookie; a 500 that
   * says nothing of its age may not be stored (RFC 9111 §3; RFC 9110 §15.1: it is not heuristically
   * cacheable). Jetty says no-store itself.
   */
  @OnEachContainer
  @DisplayName("47, 72: the answer to an uncaught exception brings a token, and is not cacheable")
  void failedPage(Container container) throws Exception {
    TestApp app = on(container);
    for (boolean errorPage : new boolean[] {true, false}) {
      app.on(
          "/page",
          (q, r) -> {
            r.setHeader("Cache-Control", "public, max-age=60");
            r.setDateHeader("Expires", Long.MAX_VALUE / 1_000_000);
            q.getSession().setAttribute("a", "1");
            throw errorPage ? new TestApp.Broken() : new IllegalStateException("on purpose");
          });
      app.on("/broken", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
      Client.Answer answer = app.client().get("/page");
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.setCookies()).hasSize(1);
      String said = String.join(", ", answer.all("Cache-Control"));
      if (said.isEmpty() && !errorPage) {
        assertThat(answer.all("Expires")).isEmpty();
      } else {
        assertThat(said).containsPattern("private|no-store").doesNotContain("public");
        assertThat(said.contains("no-store") || answer.all("Vary").contains("Cookie")).isTrue();
      }
    }
  }
}
