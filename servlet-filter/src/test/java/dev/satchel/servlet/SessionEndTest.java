package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.DisplayName;

/** Sessions that the application ends (BEHAVIOUR.md 2, 12 to 14, 74). */
class SessionEndTest extends ScenarioTest {
  @OnEachContainer
  @DisplayName("74: invalidate expires the cookie")
  void invalidate(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/create", (q, r) -> q.getSession());
    app.on(
        "/end",
        (q, r) -> {
          q.getSession().invalidate();
          r.getWriter().print(q.getSession(false) + " " + q.isRequestedSessionIdValid());
        });
    Client client = app.client();
    client.get("/create");
    Client.Answer answer = client.get("/end");
    assertThat(answer.body()).isEqualTo("null false");
    assertThat(answer.setCookies())
        .containsExactly(
            COOKIE
                + "=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; Secure; HttpOnly; SameSite=Lax");
    assertThat(client.cookies).isEmpty();
  }

  @OnEachContainer
  @DisplayName("13: invalidate, then a new session: one cookie, the new one")
  void invalidateThenCreate(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/create", (q, r) -> q.getSession().setAttribute("a", "old"));
    app.on(
        "/renew",
        (q, r) -> {
          String old = q.getSession().getId();
          q.getSession().invalidate();
          HttpSession fresh = q.getSession();
          r.getWriter()
              .print(
                  old.equals(fresh.getId()) + " " + fresh.isNew() + " " + fresh.getAttribute("a"));
        });
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession(false).getAttribute("a")));
    Client client = app.client();
    client.get("/create");
    Client.Answer answer = client.get("/renew");
    assertThat(answer.body()).isEqualTo("false true null");
    assertThat(answer.setCookies()).singleElement().asString().startsWith(COOKIE + "=eyJ");
    assertThat(client.get("/get").body()).isEqualTo("null");
  }

  @OnEachContainer
  @DisplayName("14: created and invalidated in one request: no cookie")
  void createThenInvalidate(Container container) throws Exception {
    TestApp app = on(container).on("/both", (q, r) -> q.getSession().invalidate());
    assertThat(app.client().get("/both").setCookies()).isEmpty();
  }

  @OnEachContainer
  @DisplayName(
      "14, 42: the same after the cookie was already in the headers: taken back, other cookies stay")
  void takenBack(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/nothing", (q, r) -> {});
    app.on(
        "/both",
        (q, r) -> {
          r.addHeader("Set-Cookie", "x=1");
          HttpSession session = q.getSession();
          r.getOutputStream()
              .write(new byte[r.getBufferSize() / 4]); // commits early, headers stay open
          r.addHeader("Set-Cookie", "y=2");
          r.resetBuffer();
          session.invalidate();
        });
    assertThat(app.client().get("/both").setCookies()).containsExactly("x=1", "y=2");
  }

  @OnEachContainer
  @DisplayName("2: after invalidate only some methods still answer")
  void afterInvalidate(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/ended",
        (q, r) -> {
          HttpSession s = q.getSession();
          s.invalidate();
          StringBuilder refused = new StringBuilder();
          refuses(refused, s::getCreationTime);
          refuses(refused, s::getLastAccessedTime);
          refuses(refused, () -> s.getAttribute("a"));
          refuses(refused, s::getAttributeNames);
          refuses(refused, () -> s.setAttribute("a", "b"));
          refuses(refused, () -> s.removeAttribute("a"));
          refuses(refused, s::isNew);
          refuses(refused, s::invalidate);
          s.setMaxInactiveInterval(5);
          r.getWriter()
              .print(
                  refused
                      + " "
                      + s.getMaxInactiveInterval()
                      + " "
                      + (s.getId() != null)
                      + (s.getServletContext() != null));
        });
    assertThat(app.client().get("/ended").body()).isEqualTo("!!!!!!!! 5 truetrue");
  }

  private static void refuses(StringBuilder refused, Runnable call) {
    try {
      call.run();
      refused.append('.');
    } catch (IllegalStateException e) {
      refused.append('!');
    }
  }
}
