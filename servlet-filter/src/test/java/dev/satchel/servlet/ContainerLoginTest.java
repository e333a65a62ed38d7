package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;

/** Whoever signs in with the container has two sessions, which leave each other alone (35, 66). */
class ContainerLoginTest {
  private static final String COOKIE = ScenarioTest.COOKIE;

  /** The container's own, on each of them unless set otherwise. */
  private static final String NATIVE = "JSESSIONID";

  private static TestApp start(Container container) throws Exception {
    return start(container, () -> {});
  }

  private static TestApp start(Container container, Runnable asked) throws Exception {
    return TestApp.start(
            container,
            StatelessSessionFilter.builder("shop", TestKeys.source()).build(),
            context -> {},
            ContainerLogin.on(container, asked))
        .on("/set", (q, r) -> q.getSession().setAttribute("a", "1"))
        .on("/get", (q, r) -> r.getWriter().print(user(q) + " " + q.getSession().getAttribute("a")))
        .on("/login", (q, r) -> r.getWriter().print("form"))
        .on("/failed", (q, r) -> r.getWriter().print("failed"))
        .on(
            "/private",
            (q, r) -> {
              q.getSession().setAttribute("b", "2");
              r.getWriter().print(user(q) + " " + q.getSession().getAttribute("a"));
            });
  }

  private static String user(HttpServletRequest request) {
    return request.getUserPrincipal() == null ? null : request.getUserPrincipal().getName();
  }

  private static Client.Answer submit(Client client, String password) throws Exception {
    String form = "j_username=" + ContainerLogin.USER + "&j_password=" + password;
    return client.send(
        "POST",
        "/j_security_check",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Length: " + form.length(),
        "\r\n" + form);
  }

  @OnEachContainer
  @DisplayName("35, 66: FORM login keeps its session under its name, beside ours under ours")
  void formLogin(Container container) throws Exception {
    try (TestApp app = start(container)) {
      Client client = app.client();
      client.get("/set");
      assertThat(client.cookies).containsOnlyKeys(COOKIE);
      Client.Answer form = client.get("/private");
      assertThat(form.body() + form.header("Location")).containsAnyOf("form", "/login");
      assertThat(client.cookies).containsOnlyKeys(COOKIE, NATIVE);

      assertThat(submit(client, "wrong").body()).doesNotContain("alice");
      client.get("/private");
      Client.Answer signedIn = submit(client, ContainerLogin.PASSWORD);
      assertThat(signedIn.status()).isIn(302, 303);
      Client.Answer page = client.get("/private");
      assertThat(page.body()).isEqualTo("alice 1");
      assertThat(page.setCookies()).allMatch(line -> line.startsWith(COOKIE + "="));
      assertThat(client.get("/get").body()).isEqualTo("alice 1"); // a page that needs nobody
      // The principal is the container's session's, the attributes are ours.
      String natively = client.cookies.remove(NATIVE);
      assertThat(client.get("/get").body()).isEqualTo("null 1");
      client.cookies.put(NATIVE, natively);
      client.cookies.remove(COOKIE);
      assertThat(client.get("/private").body()).isEqualTo("alice null");
    }
  }

  @OnEachContainer
  @DisplayName("35: login, logout and authenticate are the container's, and do not end our session")
  void byProgram(Container container) throws Exception {
    try (TestApp app = start(container)) {
      app.on(
          "/in-and-out",
          (q, r) -> {
            StringBuilder seen = new StringBuilder();
            seen.append(user(q)).append(' ');
            q.login(ContainerLogin.USER, ContainerLogin.PASSWORD);
            seen.append(user(q)).append(' ').append(q.isUserInRole("user")).append(' ');
            q.getSession().setAttribute("a", "3");
            q.logout();
            seen.append(user(q));
            r.getWriter().print(seen);
          });
      app.on(
          "/ask",
          (q, r) -> {
            q.getSession().setAttribute("a", "4");
            if (q.authenticate(r)) {
              r.getWriter().print("known");
            }
          });
      Client client = app.client();
      client.get("/set");
      assertThat(client.get("/in-and-out").body()).isEqualTo("null alice true null");
      assertThat(client.get("/get").body()).isEqualTo("null 3");
      Client.Answer asked = client.get("/ask");
      assertThat(asked.body() + asked.header("Location")).containsAnyOf("form", "/login");
      assertThat(client.get("/get").body()).endsWith(" 4");
    }
  }

  @OnEachContainer
  @DisplayName("25, 35: login gives our session a new id, as containers give theirs")
  void newId(Container container) throws Exception {
    try (TestApp app = start(container)) {
      app.on(
          "/in",
          (q, r) -> {
            String before = q.getSession().getId();
            q.login(ContainerLogin.USER, ContainerLogin.PASSWORD);
            r.getWriter().print(before.equals(q.getSession().getId()) + " " + user(q));
          });
      Client client = app.client();
      client.get("/set");
      Client.Answer in = client.get("/in");
      assertThat(in.body()).isEqualTo("false alice");
      assertThat(in.setCookies()).anyMatch(line -> line.startsWith(COOKIE + "="));
    }
  }

  @OnEachContainer
  @DisplayName("35, 16: while one thread signs in, another gets our session and the user at once")
  void whileSigningIn(Container container) throws Exception {
    AtomicReference<Runnable> asked = new AtomicReference<>(() -> {});
    try (TestApp app = start(container, () -> asked.get().run())) {
      List<Object> seen = new CopyOnWriteArrayList<>();
      app.on(
          "/in",
          (q, r) -> {
            HttpSession ours = q.getSession();
            asked.set(() -> seen.addAll(elsewhere(() -> List.of(q.getSession(), "" + user(q)))));
            q.login(ContainerLogin.USER, ContainerLogin.PASSWORD);
            asked.set(() -> {});
            seen.add(q.getSession(false));
            ours.setAttribute("a", q.isUserInRole("user"));
            seen.removeIf(session -> session == ours);
          });
      Client client = app.client();
      assertThat(client.get("/in").status()).isEqualTo(200);
      assertThat(seen).as("sessions but ours, and the user before the answer").containsOnly("null");
      assertThat(client.get("/get").body()).endsWith(" true");
    }
  }

  /** Asks a thread that is none of the container's, while the caller waits. */
  private static <T> T elsewhere(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question).orTimeout(20, TimeUnit.SECONDS).join();
  }
}
