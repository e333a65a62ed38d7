package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.SessionPolicy;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;

/** How long a session lasts, and when its token is written afresh (BEHAVIOUR.md 4 to 7). */
class SessionLifetimeTest extends ScenarioTest {
  @OnEachContainer
  @DisplayName(
      "7: idle for too long: no session, then a new one without the old data; the cookie is expired once")
  void idleExpiry(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/create", (q, r) -> q.getSession().setAttribute("a", "1"));
    app.on("/look", (q, r) -> r.getWriter().print(q.getSession(false)));
    app.on(
        "/new",
        (q, r) ->
            r.getWriter().print(q.getSession().isNew() + " " + q.getSession().getAttribute("a")));
    Client client = app.client();
    client.get("/create");
    String old = client.cookies.get(COOKIE);
    clock.advance(Duration.ofMinutes(32)); // 30 and the skew
    events.take();
    Client.Answer look = client.get("/look");
    assertThat(look.body()).isEqualTo("null");
    assertThat(look.setCookies()).singleElement().asString().startsWith(COOKIE + "=; Max-Age=0");
    assertThat(client.cookies).isEmpty();
    assertThat(events.take()).containsExactly("rejected IDLE k1", "ended by time", "expired");
    assertThat(client.get("/look").setCookies()).isEmpty();

    client.cookies.put(COOKIE, old);
    assertThat(client.get("/new").body()).isEqualTo("true null");
  }

  @OnEachContainer
  @DisplayName("6: idle expiry is checked when the session is loaded, not while a request runs")
  void slowRequest(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/create", (q, r) -> q.getSession().setMaxInactiveInterval(60));
    app.on(
        "/slow",
        (q, r) -> {
          q.getSession(false);
          clock.advance(Duration.ofMinutes(5));
          r.getWriter().print(q.getSession(false) != null);
        });
    Client client = app.client();
    client.get("/create");
    assertThat(client.get("/slow").body()).isEqualTo("true");
  }

  @OnEachContainer
  @DisplayName("absolute expiry ends a session however busy it is")
  void absoluteExpiry(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/touch", (q, r) -> r.getWriter().print(q.getSession().isNew()));
    Client client = app.client();
    client.get("/touch");
    for (int i = 0; i < 8 * 3; i++) { // eight hours, every twenty minutes
      assertThat(client.get("/touch").body()).isEqualTo("false");
      clock.advance(Duration.ofMinutes(20));
    }
    clock.advance(Duration.ofMinutes(2)); // and the skew
    assertThat(client.get("/touch").body()).isEqualTo("true");
  }

  @OnEachContainer
  @DisplayName("5: the inactive interval travels with the session; zero or less is for ever")
  void maxInactiveInterval(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getMaxInactiveInterval()));
    app.on("/never", (q, r) -> q.getSession().setMaxInactiveInterval(-1));
    Client client = app.client();
    assertThat(client.get("/get").body()).isEqualTo("1800");
    client.get("/never");
    clock.advance(Duration.ofHours(7));
    assertThat(client.get("/get").body()).isEqualTo("0");
  }

  @OnEachContainer
  @DisplayName(
      "3, 4: last access is the previous request's; an unchanged session is written again only when due")
  void refresh(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/times",
        (q, r) -> {
          HttpSession s = q.getSession();
          r.getWriter().print(s.getLastAccessedTime() - s.getCreationTime());
          s.getAttribute("x");
        });
    Client client = app.client();
    assertThat(client.get("/times").body()).isEqualTo("0");
    clock.advance(Duration.ofMinutes(1));
    assertThat(client.get("/times").setCookies()).isEmpty();
    clock.advance(Duration.ofMinutes(3)); // 10 % of 30 minutes
    assertThat(client.get("/times").setCookies()).hasSize(1);
    clock.advance(Duration.ofMinutes(1));
    Client.Answer later = client.get("/times");
    assertThat(later.body()).isEqualTo("240000");
    assertThat(later.setCookies()).isEmpty();
  }

  @OnEachContainer
  @DisplayName("5: the application's session timeout is the idle timeout, unless one is set here")
  void sessionTimeout(Container container) throws Exception {
    for (boolean policy : new boolean[] {false, true}) {
      StatelessSessionFilter.Builder builder =
          StatelessSessionFilter.builder("shop", TestKeys.source());
      if (policy) {
        builder.policy(SessionPolicy.defaults().withIdleTimeout(Duration.ofMinutes(7)));
      }
      try (TestApp app =
          TestApp.start(container, builder.build(), context -> context.setSessionTimeout(3))) {
        app.on("/a", (q, r) -> r.getWriter().print(q.getSession().getMaxInactiveInterval()));
        assertThat(app.client().get("/a").body()).isEqualTo(policy ? "420" : "180");
      }
    }
  }
}
