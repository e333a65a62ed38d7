package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;

/** Undertow takes no header while a page is included, not even one more cookie (F3). */
class IncludeOverflowTest extends ScenarioTest {
  private static final int MANY = 100_000;

  private TestApp app(Container container) {
    return on(container)
        .on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
  }

  private static void include(
      jakarta.servlet.http.HttpServletRequest q,
      jakarta.servlet.http.HttpServletResponse r,
      String path)
      throws Exception {
    q.getRequestDispatcher(path).include(q, r);
  }

  @OnEachContainer
  @DisplayName("54, F3: bytes before, in and after an include that overflows keep their order")
  void stream(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/page",
        (q, r) -> {
          r.getOutputStream().print("before ");
          include(q, r, "/part");
          r.getOutputStream().print(" between ");
          include(q, r, "/part");
          r.getOutputStream().print(" after");
        });
    app.on(
        "/part",
        (q, r) -> {
          q.getSession().setAttribute("a", "included");
          r.getOutputStream().write("x".repeat(MANY).getBytes(StandardCharsets.US_ASCII));
          r.getOutputStream().print(true);
          r.getOutputStream().flush();
          for (int i = 0; i < 3; i++) {
            r.getOutputStream().write('y');
          }
        });
    Client client = app.client();
    Client.Answer answer = client.get("/page");
    String part = "x".repeat(MANY) + "trueyyy";
    assertThat(answer.body()).isEqualTo("before " + part + " between " + part + " after");
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("included");
  }

  @OnEachContainer
  @DisplayName("54, F3: an include within an include, by the writer, that ends the page")
  void nested(Container container) throws Exception {
    TestApp app = app(container);
    app.on("/page", (q, r) -> include(q, r, "/outer"));
    app.on(
        "/outer",
        (q, r) -> {
          r.getWriter().print("outer ");
          include(q, r, "/inner");
          r.getWriter().print(" outer");
        });
    app.on(
        "/inner",
        (q, r) -> {
          q.getSession().setAttribute("a", "inner");
          for (int i = 0; i < MANY; i++) {
            r.getWriter().print('x');
          }
          assertThat(r.getWriter().checkError()).isFalse();
        });
    Client client = app.client();
    Client.Answer answer = client.get("/page");
    assertThat(answer.body()).isEqualTo("outer " + "x".repeat(MANY) + " outer");
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("inner");
  }

  @OnEachContainer
  @DisplayName("54, F3: signed out within an include that overflows")
  void invalidated(Container container) throws Exception {
    TestApp app = app(container);
    app.on("/create", (q, r) -> q.getSession().setAttribute("a", "1"));
    app.on("/page", (q, r) -> include(q, r, "/part"));
    app.on(
        "/part",
        (q, r) -> {
          q.getSession().invalidate();
          r.getWriter().print("x".repeat(MANY));
        });
    Client client = app.client();
    client.get("/create");
    assertThat(client.get("/page").body()).hasSize(MANY);
    assertThat(client.cookies).isEmpty();
  }

  @OnEachContainer
  @DisplayName("42: the application's own cookies are neither lost nor repeated beside ours")
  void otherCookies(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/page",
        (q, r) -> {
          r.addCookie(new jakarta.servlet.http.Cookie("one", "1"));
          q.getSession().setAttribute("a", "1");
          r.getWriter().print("x"); // writes ours
          r.addCookie(new jakarta.servlet.http.Cookie("two", "2"));
          r.addHeader("Set-Cookie", "three=3");
          q.getSession().setAttribute("a", "2");
        });
    Client client = app.client();
    assertThat(client.get("/page").setCookies()).hasSize(4);
    assertThat(client.cookies).containsKeys("one", "two", "three", COOKIE).hasSize(4);
    assertThat(client.get("/get").body()).isEqualTo("2");
  }

  @OnEachContainer
  @DisplayName("69: the line is the same on all containers, and shown by getHeaders")
  void sameBytes(Container container) throws Exception {
    TestApp app = app(container);
    String[] shown = new String[1];
    app.on(
        "/page",
        (q, r) -> {
          q.getSession().setAttribute("a", "1");
          r.getWriter().print("x"); // writes ours
          shown[0] = String.join("|", r.getHeaders("Set-Cookie"));
        });
    String sent = app.client().get("/page").setCookies().get(0);
    assertThat(sent)
        .isEqualTo(shown[0])
        .matches(COOKIE + "=[A-Za-z0-9_.-]+; Path=/; Secure; HttpOnly; SameSite=Lax");
  }

  @OnEachContainer
  @DisplayName("42, 47: a session that the error page ends is expired, by one line")
  void endedByErrorPage(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/throw",
        (q, r) -> {
          q.getSession().setAttribute("a", "1");
          throw new TestApp.Broken();
        });
    app.on("/broken", (q, r) -> q.getSession().invalidate());
    Client client = app.client();
    client.get("/get");
    assertThat(client.get("/throw").setCookies())
        .singleElement()
        .asString()
        .contains("1970 00:00:00 GMT");
  }
}
