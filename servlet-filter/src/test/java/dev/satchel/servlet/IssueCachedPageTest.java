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
}
