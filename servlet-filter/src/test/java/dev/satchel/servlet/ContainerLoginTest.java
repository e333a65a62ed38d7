package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.DisplayName;

/** Whoever signs in with the container has two sessions, which leave each other alone (35, 66). */
class ContainerLoginTest {
  private static final String COOKIE = ScenarioTest.COOKIE;

  /** The container's own, on each of them unless set otherwise. */
  private static final String NATIVE = "JSESSIONID";

  private static TestApp start(Container container) throws Exception {
    return TestApp.start(
            container,
            StatelessSessionFilter.builder("shop", TestKeys.source()).build(),
            context -> {},
            ContainerLogin.on(container))
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
}
