package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.SessionCookieConfig;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The cookie as the application configures its container's (BEHAVIOUR.md 66 to 68). */
class ContextCookieTest {

  private static StatelessSessionFilter.Builder filter() {
    return StatelessSessionFilter.builder("shop", TestKeys.source());
  }

  private static TestApp start(
      Container container, StatelessSessionFilter filter, Consumer<SessionCookieConfig> config)
      throws Exception {
    TestApp app =
        TestApp.start(
            container, filter, context -> config.accept(context.getSessionCookieConfig()));
    app.on("/set", (q, r) -> q.getSession().setAttribute("a", "1"));
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
    app.on("/end", (q, r) -> q.getSession().invalidate());
    return app;
  }

  /** The cookie without its value. */
  private static String cookie(Client.Answer answer) {
    assertThat(answer.setCookies()).hasSize(1);
    return answer.setCookies().get(0).replaceFirst("=[^;]*", "");
  }

  @OnEachContainer
  @DisplayName("66: name, path, domain, Secure, Max-Age and attributes are the application's")
  void everything(Container container) throws Exception {
    StatelessSessionFilter filter = filter().cookieFromContext(UnaryOperator.identity()).build();
    try (TestApp app =
        start(
            container,
            filter,
            config -> {
              config.setName("SHOPSESSION");
              config.setPath("/");
              config.setDomain(".Example.org");
              config.setSecure(true);
              config.setHttpOnly(true);
              config.setMaxAge(600);
              config.setAttribute("SameSite", "strict");
              config.setAttribute("Partitioned", "true");
              config.setAttribute("Priority", "High");
            })) {
      Client client = app.client();
      assertThat(cookie(client.get("/set")))
          .isEqualTo(
              "SHOPSESSION; Max-Age=600; Path=/; Domain=example.org; Secure; HttpOnly; SameSite=Strict; Partitioned; Priority=High");
      assertThat(client.get("/get").body()).isEqualTo("1");
      assertThat(cookie(client.get("/end"))).startsWith("SHOPSESSION; Max-Age=0; ");
    }
  }

  @OnEachContainer
  @DisplayName("66, 68: of an application that configures nothing, Secure is as the request is")
  void nothing(Container container) throws Exception {
    try (TestApp app =
        start(
            container,
            filter().cookieFromContext(UnaryOperator.identity()).build(),
            config -> {})) {
      assertThat(cookie(app.client().get("/set")))
          .isEqualTo("shop-session; Path=/; HttpOnly; SameSite=Lax");
    }
  }

  @OnEachContainer
  @DisplayName("66: Secure alone gives the name its prefix; what is varied is the filter's")
  void secure(Container container) throws Exception {
    try (TestApp app =
        start(
            container,
            filter().cookieFromContext(configured -> configured.withMaxCookies(2)).build(),
            config -> config.setSecure(true))) {
      assertThat(cookie(app.client().get("/set")))
          .isEqualTo("__Host-Http-shop; Path=/; Secure; HttpOnly; SameSite=Lax");
    }
  }

  @OnEachContainer
  @DisplayName("66: a name for two, with an excluded path, keeps the filter from starting")
  void excluded(Container container) throws Exception {
    assertThatThrownBy(
            () ->
                start(
                        container,
                        filter()
                            .cookieFromContext(UnaryOperator.identity())
                            .exclude("/native/*")
                            .build(),
                        config -> config.setName("SHOPSESSION"))
                    .close())
        .isNotNull();
    try (TestApp app =
        start(
            container,
            filter()
                .cookieFromContext(configured -> configured.withName("ours"))
                .exclude("/native")
                .build(),
            config -> config.setName("SHOPSESSION"))) {
      app.on("/native", (q, r) -> q.getSession());
      Client client = app.client();
      client.get("/set");
      client.get("/native");
      assertThat(client.cookies).containsOnlyKeys("ours", "SHOPSESSION");
    }
  }

  @OnEachContainer
  @DisplayName("66: what is no session's cookie keeps the filter from starting")
  void refused(Container container) {
    for (Consumer<SessionCookieConfig> wrong :
        List.<Consumer<SessionCookieConfig>>of(
            config -> config.setMaxAge(0),
            config -> config.setName("__Host-shop"), // without Secure
            config -> config.setAttribute("SameSite", "some"))) {
      assertThatThrownBy(
              () ->
                  start(
                          container,
                          filter().cookieFromContext(UnaryOperator.identity()).build(),
                          wrong)
                      .close())
          .isNotNull();
    }
  }

  @OnEachContainer
  @DisplayName("68: Secure by the request: with TLS at the container, and without")
  void secureByRequest(Container container) throws Exception {
    StatelessSessionFilter filter =
        filter().cookie(SessionCookie.named("s").insecureOnPlainHttp()).build();
    try (TestApp app =
        TestApp.start(container, filter, ContextCookieTest::tlsWhereAParameterSaysSo)) {
      app.on("/set", (q, r) -> q.getSession().setAttribute("a", "1"));
      app.on("/end", (q, r) -> q.getSession().invalidate());
      Client client = app.client();
      assertThat(cookie(client.get("/set"))).isEqualTo("s; Path=/; HttpOnly; SameSite=Lax");
      assertThat(cookie(client.get("/end"))).endsWith("GMT; Path=/; HttpOnly; SameSite=Lax");
      assertThat(cookie(client.get("/set?tls")))
          .isEqualTo("s; Path=/; Secure; HttpOnly; SameSite=Lax");
      assertThat(cookie(client.get("/end?tls")))
          .endsWith("GMT; Path=/; Secure; HttpOnly; SameSite=Lax");
    }
  }

  /** What a connector with TLS, or a proxy that is trusted, makes of a request. */
  private static void tlsWhereAParameterSaysSo(ServletContext context) {
    FilterRegistration.Dynamic tls =
        context.addFilter(
            "tls",
            (request, response, chain) ->
                chain.doFilter(
                    new jakarta.servlet.http.HttpServletRequestWrapper(
                        (jakarta.servlet.http.HttpServletRequest) request) {
                      @Override
                      public boolean isSecure() {
                        return "tls".equals(getQueryString());
                      }
                    },
                    response));
    tls.setAsyncSupported(true);
    tls.addMappingForUrlPatterns(
        java.util.EnumSet.of(jakarta.servlet.DispatcherType.REQUEST), false, "/*");
  }

  @Test
  @DisplayName("66: set once, and not beside a cookie or a header")
  void builder() {
    assertThatThrownBy(
            () ->
                filter()
                    .cookie(SessionCookie.host("shop"))
                    .cookieFromContext(UnaryOperator.identity()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> filter().cookieFromContext(UnaryOperator.identity()).header("Session"))
        .isInstanceOf(IllegalStateException.class);
  }
}
