package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.DisplayName;

/** What an application can choose to have otherwise than by default. */
class ChoicesTest extends ScenarioTest {

  @OnEachContainer
  @DisplayName("31: on request the application sees our cookie, or our header")
  void showToken(Container container) throws Exception {
    try (TestApp cookie = TestApp.start(container, builder().showToken().build());
        TestApp header =
            TestApp.start(container, builder().header("X-Session").showToken().build())) {
      cookie.on("/set", (q, r) -> q.getSession());
      cookie.on(
          "/seen",
          (q, r) ->
              r.getWriter()
                  .print(
                      COOKIE
                          + "="
                          + q.getCookies()[0].getValue()
                          + q.getHeader("Cookie")
                          + Collections.list(q.getHeaders("cookie")).size()));
      Client client = cookie.client();
      client.get("/set");
      String pair = COOKIE + "=" + client.cookies.get(COOKIE);
      assertThat(client.get("/seen").body()).isEqualTo(pair + pair + "1");

      header.on("/set", (q, r) -> q.getSession());
      header.on("/seen", (q, r) -> r.getWriter().print(q.getHeader("X-Session")));
      String token = header.client().get("/set").header("X-Session");
      assertThat(header.client().get("/seen", "X-Session: " + token).body()).isEqualTo(token);
    }
  }

  @OnEachContainer
  @DisplayName("15: on request a session is sent once it has an attribute, and not before")
  void skipEmpty(Container container) throws Exception {
    try (TestApp app = TestApp.start(container, builder().skipEmptySessions().build())) {
      app.on("/look", (q, r) -> r.getWriter().print(q.getSession().isNew()));
      app.on("/end", (q, r) -> q.getSession().invalidate());
      app.on("/set", (q, r) -> q.getSession().setAttribute("a", "1"));
      app.on("/remove", (q, r) -> q.getSession().removeAttribute("a"));
      app.on(
          "/flush",
          (q, r) -> {
            q.getSession().setAttribute("a", "1");
            r.getWriter().print("begun"); // brings the token into the headers, which stay open
            q.getSession().removeAttribute("a");
          });
      app.on(
          "/renew",
          (q, r) -> {
            q.getSession().invalidate();
            q.getSession();
          });
      Client client = app.client();
      assertThat(client.get("/look").setCookies()).isEmpty();
      assertThat(client.get("/look").body()).isEqualTo("true");
      assertThat(client.get("/end").setCookies()).isEmpty();
      assertThat(client.get("/flush").setCookies()).as("taken back").isEmpty();
      assertThat(client.get("/set").setCookies()).hasSize(1);
      assertThat(client.get("/remove").setCookies()).as("the client holds it").hasSize(1);
      assertThat(client.get("/look").body()).isEqualTo("false");
      assertThat(client.get("/renew").setCookies().get(0))
          .as("the old one is expired, the new one kept back")
          .contains("Max-Age=0");
      assertThat(events.take()).noneMatch(line -> line.startsWith("late"));
    }
  }
}
