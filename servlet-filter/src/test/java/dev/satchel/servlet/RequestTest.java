package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.DisplayName;

/** What the request says, and what the filter leaves to the container (BEHAVIOUR.md 3.B, 52). */
class RequestTest extends ScenarioTest {
  private final Set<String> revoked = ConcurrentHashMap.newKeySet();

  /** Revokes what ended or got another id, as an application with a store would. */
  private final class Revoking implements SessionEvents {
    @Override
    public void renewed(String oldId, String newId, Instant expiresAt) {
      revoked.add(oldId);
    }
  }

  @Override
  StatelessSessionFilter filter() {
    return StatelessSessionFilter.builder("shop", TestKeys.source())
        .clock(clock)
        .events(new Revoking())
        .revocationCheck(state -> revoked.contains(state.id()))
        .build();
  }

  @Override
  void startup(ServletContext context) {
    ServletRegistration.Dynamic upload =
        context.addServlet(
            "upload",
            new HttpServlet() {
              private static final long serialVersionUID = 1L;

              @Override
              protected void doPost(HttpServletRequest q, HttpServletResponse r)
                  throws IOException, jakarta.servlet.ServletException {
                q.getSession().setAttribute("a", "1");
                q.setCharacterEncoding("UTF-8");
                r.setCharacterEncoding("UTF-8");
                Part part = q.getPart("file");
                String content =
                    new String(part.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                r.getWriter().print(content + " " + q.getParameter("title"));
              }
            });
    upload.addMapping("/upload");
    upload.setMultipartConfig(new MultipartConfigElement(""));
  }

  @OnEachContainer
  @DisplayName("26: the old id's token works on, unless a revocation check refuses it")
  void oldId(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet().on("/change", (q, r) -> q.changeSessionId());
    Client client = app.client();
    client.get("/set");
    Client thief = app.client();
    thief.cookies.putAll(client.cookies);
    assertThat(client.get("/change").setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("1");
    assertThat(thief.get("/get").body()).isEqualTo("none");

    try (TestApp lenient =
        TestApp.start(
            container, StatelessSessionFilter.builder("shop", TestKeys.source()).build())) {
      lenient
          .on("/set", (q, r) -> q.getSession().setAttribute("a", "1"))
          .on("/change", (q, r) -> q.changeSessionId())
          .on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
      Client one = lenient.client();
      one.get("/set");
      Client two = lenient.client();
      two.cookies.putAll(one.cookies);
      one.get("/change");
      assertThat(two.get("/get").body()).isEqualTo("1");
    }
  }

  @OnEachContainer
  @DisplayName("25: changeSessionId after reading keeps every attribute, also those never read")
  void changedIdKeepsAll(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/many",
        (q, r) -> {
          for (int i = 0; i < 5; i++) {
            q.getSession().setAttribute("n" + i, i);
          }
        });
    app.on(
        "/login",
        (q, r) -> {
          HttpSession before = q.getSession();
          before.getAttribute("n1");
          q.changeSessionId();
          before.setAttribute("user", "alice"); // through the reference from before
          r.getWriter().print(before == q.getSession());
        });
    app.on(
        "/names",
        (q, r) -> r.getWriter().print(Collections.list(q.getSession().getAttributeNames())));
    Client client = app.client();
    client.get("/many");
    assertThat(client.get("/login").body()).isEqualTo("true");
    assertThat(client.get("/names").body()).isEqualTo("[n0, n1, n2, n3, n4, user]");
  }

  /** HTTP/1.1 cannot push; what counts is that no token and no session id gets into a builder. */
  @OnEachContainer
  @DisplayName("34: newPushBuilder is the container's, and holds no token")
  @SuppressWarnings({"deprecation", "removal"})
  void pushBuilder(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/push",
        (q, r) -> {
          q.getSession().setAttribute("a", "2");
          jakarta.servlet.http.PushBuilder builder = q.newPushBuilder();
          r.getWriter()
              .print(
                  builder == null
                      ? "none"
                      : builder.getPath() + builder.getSessionId() + builder.getHeaderNames());
        });
    Client client = app.client();
    client.get("/set");
    String token = client.cookies.get(COOKIE);
    assertThat(client.get("/push").body()).isEqualTo("none").doesNotContain(token);
    assertThat(client.get("/get").body()).isEqualTo("2");
  }

  @OnEachContainer
  @DisplayName("32: an upload with an encoding that the application sets is the application's")
  void multipart(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    Client client = app.client();
    String body =
        String.join(
            "\r\n",
            "--b",
            "Content-Disposition: form-data; name=\"title\"",
            "",
            "grün",
            "--b",
            "Content-Disposition: form-data; name=\"file\"; filename=\"x.txt\"",
            "Content-Type: text/plain;charset=UTF-8",
            "",
            "content ü",
            "--b--",
            "");
    String bytes = new String(body.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    Client.Answer answer =
        client.send(
            "POST",
            "/upload",
            "Content-Type: multipart/form-data; boundary=b",
            "Content-Length: " + bytes.length(),
            "\r\n" + bytes);
    assertThat(answer.body()).startsWith("content ü ").contains("gr");
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("1");
  }

  @OnEachContainer
  @DisplayName("31: a request saved with its cookies and headers does not grow with each visit")
  void savedRequest(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/save",
        (q, r) -> {
          StringBuilder saved = new StringBuilder();
          for (String name : Collections.list(q.getHeaderNames())) {
            saved.append(name).append(Collections.list(q.getHeaders(name)));
          }
          saved.append(q.getCookies() == null ? "" : q.getCookies()[0].getValue());
          q.getSession().setAttribute("saved", saved.toString());
        });
    Client client = app.client();
    client.get("/save");
    int length = client.cookies.get(COOKIE).length();
    for (int i = 0; i < 3; i++) {
      client.get("/save");
      assertThat(client.cookies.get(COOKIE).length()).isEqualTo(length);
    }
  }

  @OnEachContainer
  @DisplayName("27: an id in the address stands for no session and is no way into one")
  void fixation(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on("/who", (q, r) -> r.getWriter().print(q.getSession().getId()));
    Client victim = app.client();
    String id = victim.get("/who").body();
    assertThat(app.client().get("/get;jsessionid=" + id).body()).isEqualTo("none");
    Client planted = app.client();
    planted.cookies.put("JSESSIONID", id);
    assertThat(planted.get("/get").body()).isEqualTo("none");
    assertThat(planted.get("/who").body()).isNotEqualTo(id);
  }

  @OnEachContainer
  @DisplayName(
      "23, 66: the application has one session, and the container sets no cookie of its own")
  void oneKindOfSession(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    Client client = app.client();
    assertThat(client.get("/set").setCookies())
        .allMatch(line -> line.startsWith(COOKIE + "="))
        .hasSize(1);
    assertThat(client.cookies).containsOnlyKeys(COOKIE);
  }

  @OnEachContainer
  @DisplayName("27, 28, 29: what the request says of the session it asked for")
  void requestedSession(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/create", (q, r) -> r.getWriter().print(q.getSession().getId()));
    app.on(
        "/asked",
        (q, r) ->
            r.getWriter()
                .print(
                    q.getRequestedSessionId()
                        + " "
                        + q.isRequestedSessionIdValid()
                        + " "
                        + q.isRequestedSessionIdFromCookie()
                        + " "
                        + q.isRequestedSessionIdFromURL()));
    Client client = app.client();
    assertThat(client.get("/asked").body()).isEqualTo("null false false false");
    assertThat(client.get("/asked;jsessionid=abc").body()).isEqualTo("abc false false true");
    String id = client.get("/create").body();
    assertThat(client.get("/asked").body()).isEqualTo(id + " true true false");
    client.cookies.put(COOKIE, "nonsense");
    assertThat(client.get("/asked").body()).isEqualTo("refused false true false");
  }

  @OnEachContainer
  @DisplayName("31: our cookie is hidden from the application, others are not")
  void hiddenCookie(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/create", (q, r) -> q.getSession());
    app.on(
        "/cookies",
        (q, r) -> {
          StringBuilder names = new StringBuilder();
          if (q.getCookies() != null) {
            for (jakarta.servlet.http.Cookie cookie : q.getCookies()) {
              names.append(cookie.getName()).append(cookie.getValue());
            }
          }
          boolean listed =
              Collections.list(q.getHeaderNames()).stream()
                  .anyMatch(name -> name.equalsIgnoreCase("cookie"));
          r.getWriter()
              .print(
                  (q.getCookies() == null ? "none" : names)
                      + "|"
                      + q.getHeader("COOKIE")
                      + "|"
                      + Collections.list(q.getHeaders("cookie"))
                      + "|"
                      + listed);
        });
    Client client = app.client();
    client.get("/create");
    assertThat(client.get("/cookies").body()).isEqualTo("none|null|[]|false");
    String token = client.cookies.get(COOKIE);
    String mixed = "Cookie: a=1; " + COOKIE + "=" + token + "; b=2";
    assertThat(client.get("/cookies", mixed).body()).isEqualTo("a1b2|a=1; b=2|[a=1; b=2]|true");
  }

  @OnEachContainer
  @DisplayName("52: addresses are not rewritten")
  void encodeUrl(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/url",
        (q, r) -> {
          q.getSession();
          r.getWriter().print(r.encodeURL("/x?y") + r.encodeRedirectURL("/z"));
        });
    assertThat(app.client().get("/url").body()).isEqualTo("/x?y/z");
  }

  @OnEachContainer
  @DisplayName("32: the filter leaves body and parameters to the application")
  void body(Container container) throws Exception {
    TestApp app = on(container).withSetAndGet();
    app.on(
        "/echo",
        (q, r) -> {
          q.getSession();
          q.setCharacterEncoding("UTF-8");
          r.getWriter().print(q.getParameter("x"));
        });
    assertThat(app.client().get("/echo?x=1").body()).isEqualTo("1");
    Client.Answer answer =
        app.client()
            .send(
                "POST",
                "/echo",
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Length: 7",
                "\r\nx=a%20b");
    assertThat(answer.body()).isEqualTo("a b");
  }
}
