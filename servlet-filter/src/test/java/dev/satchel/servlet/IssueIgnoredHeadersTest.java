package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.DisplayName;

/** Where a container ignores headers, and used to lose the session, though nothing was sent yet. */
class IssueIgnoredHeadersTest extends ScenarioTest {
  private static final int MANY = 100_000;

  @Override
  void startup(ServletContext context) {
    TestApp.named(
        context,
        "large",
        (q, r) -> {
          q.getSession().setAttribute("a", "named");
          r.getWriter().print("x".repeat(MANY));
        });
    TestApp.named(context, "small", (q, r) -> q.getSession().setAttribute("a", "named"));
  }

  private TestApp app(Container container) {
    return on(container)
        .on("/create", (q, r) -> q.getSession().setAttribute("a", "created"))
        .on("/small", (q, r) -> q.getSession().setAttribute("a", "forwarded"))
        .on("/forward", (q, r) -> forward(q, r, "/small"))
        .on("/twice", (q, r) -> forward(q, r, "/forward"))
        .on(
            "/get",
            (q, r) -> {
              HttpSession session = q.getSession(false);
              r.getWriter().print(session == null ? "none" : session.getAttribute("a"));
            });
  }

  private static void forward(HttpServletRequest q, HttpServletResponse r, String path)
      throws Exception {
    q.getRequestDispatcher(path).forward(q, r);
  }

  private static void include(HttpServletRequest q, HttpServletResponse r, String path)
      throws Exception {
    q.getRequestDispatcher(path).include(q, r);
  }

  private static String changedBy(TestApp app, String path) throws Exception {
    Client client = app.client();
    assertThat(client.get(path).setCookies()).hasSize(1);
    return client.get("/get").body();
  }

  @OnEachContainer
  @DisplayName("53, 54: an included page forwards: what the target changes is sent")
  void forwardWithinInclude(Container container) throws Exception {
    TestApp app = app(container);
    app.on("/page", (q, r) -> include(q, r, "/forward"));
    app.on("/deep", (q, r) -> include(q, r, "/page"));
    app.on("/deeper", (q, r) -> include(q, r, "/twice"));
    app.on("/named", (q, r) -> include(q, r, "/toName"));
    app.on("/toName", (q, r) -> q.getServletContext().getNamedDispatcher("small").forward(q, r));
    assertThat(changedBy(app, "/page")).isEqualTo("forwarded");
    assertThat(changedBy(app, "/deep")).isEqualTo("forwarded");
    assertThat(changedBy(app, "/deeper")).isEqualTo("forwarded");
    assertThat(changedBy(app, "/named")).isEqualTo("named");
  }

  @OnEachContainer
  @DisplayName("53, 54: an included page forwards to one that signs out")
  void signedOutWithinInclude(Container container) throws Exception {
    TestApp app = app(container);
    app.on("/page", (q, r) -> include(q, r, "/part"));
    app.on("/part", (q, r) -> forward(q, r, "/end"));
    app.on("/end", (q, r) -> q.getSession().invalidate());
    Client client = app.client();
    client.get("/create");
    client.get("/page");
    assertThat(client.cookies).isEmpty();
  }

  @OnEachContainer
  @DisplayName("54, 55: an include by name that overflows the buffer")
  void namedInclude(Container container) throws Exception {
    TestApp app = app(container);
    app.on("/page", (q, r) -> q.getServletContext().getNamedDispatcher("large").include(q, r));
    assertThat(app.client().get("/page").body()).hasSize(MANY);
    assertThat(changedBy(app, "/page")).isEqualTo("named");
  }

  @OnEachContainer
  @DisplayName("54: an included page redirects after it signed in")
  void redirectWithinInclude(Container container) throws Exception {
    TestApp app = app(container);
    app.on("/page", (q, r) -> include(q, r, "/part"));
    app.on(
        "/part",
        (q, r) -> {
          q.getSession().setAttribute("a", "included");
          r.sendRedirect("/get");
        });
    assertThat(changedBy(app, "/page")).isEqualTo("included");
  }

  @OnEachContainer
  @DisplayName("54: headers that the application sets in an include go where they went")
  void headersOfInclude(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/page",
        (q, r) -> {
          include(q, r, "/part");
          r.addHeader("X-After", "1");
        });
    app.on(
        "/part",
        (q, r) -> {
          q.getSession().setAttribute("a", "included");
          r.getWriter().print("x"); // writes ours
          r.addHeader("X-Within", "1");
        });
    Client.Answer answer = app.client().get("/page");
    assertThat(answer.header("X-After")).isEqualTo("1");
    assertThat(answer.header("X-Within")).isNull();
    assertThat(answer.setCookies()).hasSize(1);
  }

  @OnEachContainer
  @DisplayName("46, 47: an exception after sendError: what was done to the session counts")
  void exceptionAfterSendError(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/plain",
        (q, r) -> {
          q.getSession().setAttribute("a", "before");
          r.sendError(404);
          throw new IllegalStateException("on purpose");
        });
    app.on(
        "/broken-after",
        (q, r) -> {
          q.getSession().setAttribute("a", "before");
          r.sendError(418);
          throw new TestApp.Broken();
        });
    app.on("/broken", (q, r) -> r.getWriter().print("error page"));
    assertThat(changedBy(app, "/plain")).isEqualTo("before");
    assertThat(changedBy(app, "/broken-after")).isEqualTo("before");
  }

  /** Most containers close such a response, and the change is refused; Undertow does not. */
  @OnEachContainer
  @DisplayName("39, 43: a change after the announced length is refused or sent, never lost")
  void changedAfterLength(Container container) throws Exception {
    TestApp app = app(container);
    String[] expected = new String[1];
    app.on(
        "/page",
        (q, r) -> {
          expected[0] = "created";
          r.addHeader("Set-Cookie", "one=1");
          q.getSession();
          r.addHeader("Set-Cookie", "two=2");
          r.setContentLength(3);
          r.getWriter().print("abc");
          try {
            q.getSession().setAttribute("a", "changed");
            expected[0] = "changed";
          } catch (IllegalStateException e) {
            // refused
          }
        });
    Client client = app.client();
    client.get("/create");
    assertThat(client.get("/page").body()).isEqualTo("abc");
    assertThat(client.cookies).containsOnlyKeys("one", "two", COOKIE);
    assertThat(client.get("/get").body()).isEqualTo(expected[0]);
  }

  @OnEachContainer
  @DisplayName("39, 53: a forward after the announced length, where that is still possible")
  void forwardAfterLength(Container container) throws Exception {
    TestApp app = app(container);
    String[] expected = new String[1];
    app.on(
        "/page",
        (q, r) -> {
          expected[0] = "created";
          r.setContentLength(3);
          r.getWriter().print("abc");
          try {
            forward(q, r, "/target");
          } catch (IllegalStateException e) {
            // the body was not expected by then
          }
        });
    app.on(
        "/target",
        (q, r) -> {
          q.getSession().setAttribute("a", "forwarded");
          expected[0] = "forwarded";
        });
    Client client = app.client();
    client.get("/create");
    client.get("/page");
    assertThat(client.get("/get").body()).isEqualTo(expected[0]);
  }
}
