package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;

/**
 * What a response says to those who might store it, and when nothing is said (BEHAVIOUR.md 72, 73).
 */
class CachingTest extends ScenarioTest {
  @OnEachContainer
  @DisplayName("73, 82: no session asked for, nothing sent")
  void untouched(Container container) throws Exception {
    TestApp app = on(container).on("/plain", (q, r) -> r.getWriter().print("hi"));
    app.on("/create", (q, r) -> q.getSession());
    Client client = app.client();
    client.get("/create");
    events.take();
    Client.Answer answer = client.get("/plain");
    assertThat(answer.body()).isEqualTo("hi");
    assertThat(answer.setCookies()).isEmpty();
    assertThat(answer.header("Vary")).isNull();
    assertThat(events.take()).isEmpty(); // nothing was decoded
  }

  @OnEachContainer
  @DisplayName("72, 73: read only, Vary but no Set-Cookie")
  void readOnly(Container container) throws Exception {
    TestApp app = on(container).on("/set", (q, r) -> q.getSession().setAttribute("a", "1"));
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
    Client client = app.client();
    client.get("/set");
    Client.Answer answer = client.get("/get");
    assertThat(answer.body()).isEqualTo("1");
    assertThat(answer.setCookies()).isEmpty();
    assertThat(answer.header("Vary")).isEqualTo("Cookie");
    assertThat(answer.header("Cache-Control")).isNull();
  }

  @OnEachContainer
  @DisplayName("72: an anonymous look varies too")
  void anonymousLook(Container container) throws Exception {
    TestApp app = on(container).on("/look", (q, r) -> r.getWriter().print(q.getSession(false)));
    Client.Answer answer = app.client().get("/look");
    assertThat(answer.body()).isEqualTo("null");
    assertThat(answer.header("Vary")).isEqualTo("Cookie");
    assertThat(answer.setCookies()).isEmpty();
  }

  @OnEachContainer
  @DisplayName("72: the application's own Vary and Cache-Control stay")
  void ownCaching(Container container) throws Exception {
    TestApp app =
        on(container)
            .on(
                "/own",
                (q, r) -> {
                  r.setHeader("Vary", "Accept, cookie");
                  r.setHeader("Cache-Control", "private");
                  q.getSession();
                });
    Client.Answer answer = app.client().get("/own");
    assertThat(answer.all("Vary")).containsExactly("Accept, cookie");
    assertThat(answer.all("Cache-Control")).containsExactly("private");
    assertThat(answer.setCookies()).hasSize(1);
  }
}
