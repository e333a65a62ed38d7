package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Settings that are wrong keep the application from starting; the message says what, what is
 * allowed, and where.
 */
class InitParametersTest {
  private static final String WHERE = "init parameters of filter 'sessions'";

  private static StatelessSessionFilter.Builder read(String... pairs) {
    Map<String, String> values =
        new java.util.HashMap<>(Map.of("application", "shop", "keySource", "test:x"));
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i + 1] == null) {
        values.remove(pairs[i]);
      } else {
        values.put(pairs[i], pairs[i + 1]);
      }
    }
    return new InitParameters(values, WHERE).toBuilder(InstantSource.system());
  }

  private static void assertRefused(String message, String... pairs) {
    assertThatThrownBy(() -> read(pairs).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(WHERE)
        .hasMessageContaining(message);
  }

  /** An application that declares the filter by name, as web.xml does. */
  private static Container.Startup configured(Map<String, String> parameters) {
    return context -> {
      FilterRegistration.Dynamic filter =
          context.addFilter("sessions", new StatelessSessionFilter());
      filter.setInitParameters(parameters);
      filter.setAsyncSupported(true);
      filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
    };
  }

  @Test
  @DisplayName("all settings at once")
  void all() {
    read(
            "transport", "cookie",
            "cookieName", "sid",
            "cookiePath", "/shop",
            "cookieDomain", "example.org",
            "sameSite", "strict",
            "secure", "true",
            "httpOnly", "true",
            "maxCookies", "4",
            "totalLimit", "16384",
            "absoluteLifetime", "PT12H",
            "idleTimeout", "PT1H",
            "clockSkew", "PT10S",
            "refreshPercent", "0",
            "compressionThreshold", "1024",
            "secretAttributes", "csrf, otp",
            "attributeTypes", "bean=" + Bean.class.getName() + ", state = java.lang.Thread$State",
            "lateChange", "warn",
            "unserializable", "refuse",
            "activationEvents", "false",
            "ownToken", "show",
            "emptySession", "skip",
            "unreadable", "drop",
            "uncaughtException", "rollback",
            "containerListeners", "ignore",
            "exclude", "/static/*, *.css")
        .build();
    read("transport", "header", "headerName", "X-Session").build();
    read("cookieName", "s", "secure", "auto", "cookieMaxAge", "P30D").build();
    read("partitioned", "true", "sameSite", "None").build();
    read("cookieConfig", "context", "cookieName", "s", "httpOnly", "false", "maxCookies", "2")
        .build();
    read("unreadable", "invalidate").build();
    read("absoluteLifetime", "PT10M").build(); // the default idle timeout is cut to it
  }

  @Test
  @DisplayName("unknown settings are refused with the known ones")
  void unknown() {
    assertRefused(
        "unknown 'cookiename', allowed are [absoluteLifetime, activationEvents, application, attributeTypes, ",
        "cookiename",
        "x");
  }

  @Test
  @DisplayName("what is missing")
  void missing() {
    assertRefused("'application' is missing", "application", null);
    assertRefused("'application' is missing", "application", " ");
    assertRefused("'keySource' is missing", "keySource", null);
  }

  @Test
  @DisplayName("what is wrong, and what is allowed")
  void wrong() {
    assertRefused("'transport' is 'url', allowed is one of [cookie, header]", "transport", "url");
    assertRefused("'sameSite' is 'off', allowed is one of [Lax, Strict, None]", "sameSite", "off");
    assertRefused("'secure' is 'yes', allowed is one of [true, false, auto]", "secure", "yes");
    assertThat(read("maxCookies", "3", "totalLimit", "9000").settings.cookie.totalLimit())
        .isEqualTo(9000);
    assertRefused("'totalLimit' has no effect", "transport", "header", "totalLimit", "9000");
    assertRefused("'maxCookies' is 'many', allowed is a whole number", "maxCookies", "many");
    assertRefused("maxCookies is 9, allowed is 1 to 4", "maxCookies", "9");
    assertRefused(
        "'idleTimeout' is '30', allowed is an ISO 8601 duration such as PT30M",
        "idleTimeout",
        "30");
    assertRefused("session policy: idleTimeout is PT9H, allowed is ", "idleTimeout", "PT9H");
    assertRefused(
        "session policy: refreshPercent is 90, allowed is 0 to 50", "refreshPercent", "90");
    assertRefused(
        "'lateChange' is 'ignore', allowed is one of [error, warn]", "lateChange", "ignore");
    assertRefused(
        "'unserializable' is 'keep', allowed is one of [drop, refuse]", "unserializable", "keep");
    assertRefused(
        "'containerListeners' is 'no', allowed is one of [tell, ignore]",
        "containerListeners",
        "no");
    assertRefused("name is __Host-Http-shop without Secure", "secure", "false");
    assertRefused("name is __Host-s with path /x", "cookieName", "__Host-s", "cookiePath", "/x");
    assertRefused(
        "sameSite is None without Secure",
        "cookieName",
        "s",
        "secure",
        "false",
        "sameSite",
        "None");
    assertRefused(
        "'cookieName' has no effect with transport header",
        "transport",
        "header",
        "cookieName",
        "x");
    assertRefused("'headerName' has no effect with transport cookie", "headerName", "x");
    assertRefused(
        "name is __Host-Http-shop without Secure on plain HTTP, allowed is", "secure", "auto");
    for (String name :
        Set.of("cookiePath", "cookieDomain", "sameSite", "secure", "partitioned", "cookieMaxAge")) {
      assertRefused(
          "'" + name + "' has no effect with cookieConfig context",
          "cookieConfig",
          "context",
          name,
          name.equals("cookieMaxAge") ? "PT1H" : name.equals("sameSite") ? "Lax" : "true");
    }
  }

  /** An attribute's type. */
  public static final class Bean {
    private int count;

    public int getCount() {
      return count;
    }

    public void setCount(int newCount) {
      count = newCount;
    }
  }

  @Test
  @DisplayName("wrong attribute types: the pair, its alias, its class")
  void attributeTypes() {
    assertRefused(
        "attributeTypes: 'Cart', allowed is alias=class, such as cart=com.example.Cart",
        "attributeTypes",
        "Cart");
    String bean = Bean.class.getName();
    assertRefused(
        "attributeTypes: attribute alias is 'Bean', allowed is ", "attributeTypes", "Bean=" + bean);
    assertRefused(
        "attribute alias 'bean' is already registered for " + bean,
        "attributeTypes",
        "bean=" + bean + ",bean=java.lang.Thread$State");
    assertRefused(
        "attributeTypes: class 'com.example.Cart' cannot be loaded, allowed are ",
        "attributeTypes",
        "cart=com.example.Cart");
    assertRefused("attributeTypes: ", "attributeTypes", "file=java.io.File");
  }

  @OnEachContainer
  @DisplayName("17: a bean of a type that init parameters name is changed in place and saved")
  void attributeTypes_inContainer(Container container) throws Exception {
    try (TestApp app =
        TestApp.start(
            container,
            null,
            configured(
                Map.of(
                    "application", "shop",
                    "keySource", "test:x",
                    "attributeTypes", "bean=" + Bean.class.getName())))) {
      app.on("/put", (q, r) -> q.getSession().setAttribute("bean", new Bean()));
      app.on(
          "/count",
          (q, r) -> {
            Bean bean = (Bean) q.getSession().getAttribute("bean");
            bean.setCount(bean.getCount() + 1);
            r.getWriter().print(bean.getCount());
          });
      Client client = app.client();
      client.get("/put");
      client.get("/count");
      assertThat(client.get("/count").body()).isEqualTo("2");
    }
  }

  @Test
  @DisplayName(
      "a wrong key source is refused without repeating its location, which may hold a password")
  void keySource() {
    assertThatThrownBy(() -> read("keySource", "/secret/path"))
        .hasMessageContaining("'keySource' is no URI with a scheme")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> read("keySource", "a b:secret"))
        .hasMessageContaining("'keySource' is no URI")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> read("keySource", "nosuch:x"))
        .hasMessageContaining("no key source for scheme 'nosuch'");
    assertThatThrownBy(() -> read("keySource", "test:missing")).hasMessage("no ring there");
  }

  @OnEachContainer
  @DisplayName(
      "by init parameters in a container; a key source that the filter opened is closed with it")
  void inContainer(Container container) throws Exception {
    try (TestApp app =
        TestApp.start(
            container,
            null,
            configured(
                Map.of("application", "shop", "keySource", "test:x", "idleTimeout", "PT5M")))) {
      app.on("/a", (q, r) -> r.getWriter().print(q.getSession().getMaxInactiveInterval()));
      assertThat(app.client().get("/a").body()).isEqualTo("300");
      assertThat(TestKeyProvider.opened.closed).isFalse();
    }
    assertThat(TestKeyProvider.opened.closed).isTrue();
  }

  @OnEachContainer
  @DisplayName("a wrong init parameter keeps the application from starting")
  void refusesToStart(Container container) {
    for (Map<String, String> parameters :
        java.util.List.of(
            Map.of("application", "shop", "keySource", "test:x", "sameSite", "off"),
            Map.of("application", "shop", "keySource", "test:x", "cookieName", "JSESSIONID"))) {
      assertThatThrownBy(() -> TestApp.start(container, null, configured(parameters))).isNotNull();
    }
    assertThat(TestKeyProvider.opened.closed).isTrue();
  }
}
