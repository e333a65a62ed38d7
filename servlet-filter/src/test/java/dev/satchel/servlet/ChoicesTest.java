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
}
