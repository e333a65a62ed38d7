package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.DisplayName;

/** The token in a header (BEHAVIOUR.md 75). */
class HeaderTransportTest extends ScenarioTest {

  @Override
  StatelessSessionFilter filter() {
    return builder().header("X-Session").build();
  }

  private TestApp app(Container container) {
    return on(container)
        .withSetAndGet()
        .on(
            "/large",
            (q, r) -> {
              q.getSession().setAttribute("a", "2");
              r.getWriter().print("x".repeat(100_000));
            })
        .on("/end", (q, r) -> q.getSession().invalidate())
        .on(
            "/seen",
            (q, r) ->
                r.getWriter()
                    .print(
                        q.getHeader("x-session")
                            + Collections.list(q.getHeaders("X-Session"))
                            + Collections.list(q.getHeaderNames()).stream()
                                .anyMatch("X-Session"::equalsIgnoreCase)
                            + q.isRequestedSessionIdFromCookie()
                            + q.isRequestedSessionIdFromURL()
                            + q.isRequestedSessionIdValid()));
  }

  @OnEachContainer
  @DisplayName("75, 29, 31: header in, header out on each change, hidden from the application")
  void roundTrip(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    Client.Answer set = client.get("/set");
    assertThat(set.setCookies()).isEmpty();
    assertThat(set.header("Vary")).isEqualTo("X-Session");
    assertThat(set.header("Cache-Control")).isEqualTo("no-store");
    String header = "X-Session: " + set.header("X-Session");
    Client.Answer get = client.get("/get", header);
    assertThat(get.body()).isEqualTo("1");
    assertThat(get.header("X-Session")).isNull();
    assertThat(client.get("/seen", header).body()).isEqualTo("null[]falsefalsefalsetrue");
    Client.Answer large = client.get("/large", header);
    assertThat(client.get("/get", "X-Session: " + large.header("X-Session")).body()).isEqualTo("2");
    Client.Answer end = client.get("/end", header);
    assertThat(end.header("X-Session")).isEmpty();
  }

  @OnEachContainer
  @DisplayName("75: nonsense, two different values and a token in a cookie are no session")
  void refused(Container container) throws Exception {
    TestApp app = app(container);
    Client client = app.client();
    String token = client.get("/set").header("X-Session");
    Client.Answer nonsense = client.get("/get", "X-Session: nonsense");
    assertThat(nonsense.body()).isEqualTo("none");
    assertThat(nonsense.header("X-Session")).isEmpty();
    assertThat(client.get("/get", "X-Session: " + token, "X-Session: nonsense").body())
        .isEqualTo("none");
    assertThat(client.get("/get", "X-Session: " + token + ", " + token).body()).isEqualTo("none");
    assertThat(client.get("/get", "Cookie: X-Session=" + token).body()).isEqualTo("none");
    assertThat(client.get("/get", "Cookie: " + COOKIE + "=" + token).body()).isEqualTo("none");
  }
}
