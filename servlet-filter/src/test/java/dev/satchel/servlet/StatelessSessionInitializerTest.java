package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The filter that registers itself where the application is configured for it. */
class StatelessSessionInitializerTest {
  @TempDir private Path directory;

  private static void startup(ServletContext context) {
    try {
      new StatelessSessionInitializer().onStartup(null, context);
    } catch (ServletException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static void configured(ServletContext context) {
    context.setInitParameter("satchel.application", "shop");
    context.setInitParameter("satchel.keySource", "test:x");
    context.setInitParameter("satchel.idleTimeout", "PT5M");
    startup(context);
  }

  @OnEachContainer
  @DisplayName("78: by context parameters")
  void contextParameters(Container container) throws Exception {
    try (TestApp app =
        TestApp.start(container, null, StatelessSessionInitializerTest::configured)) {
      app.on("/a", (q, r) -> r.getWriter().print(q.getSession().getMaxInactiveInterval()));
      Client client = app.client();
      assertThat(client.get("/a").body()).isEqualTo("300");
      assertThat(client.cookies).containsOnlyKeys("__Host-Http-shop");
      assertThat(TestKeyProvider.opened.closed).isFalse();
    }
    assertThat(TestKeyProvider.opened.closed).isTrue();
  }

  @OnEachContainer
  @DisplayName("78: nothing is registered where nothing is configured")
  void unconfigured(Container container) throws Exception {
    try (TestApp app =
        TestApp.start(
            container,
            null,
            context -> {
              context.setInitParameter("satchelless", "x");
              startup(context);
            })) {
      app.on("/a", (q, r) -> r.getWriter().print(q.getServletContext().getFilterRegistrations()));
      app.on("/b", (q, r) -> q.getSession());
      assertThat(app.client().get("/a").body()).doesNotContain("satchel=");
      assertThat(app.client().get("/b").setCookies())
          .singleElement()
          .asString()
          .startsWith("JSESSIONID=");
    }
  }

  @OnEachContainer
  @DisplayName("78: wrong settings, and a filter that is registered as well, refuse the start")
  void refused(Container container) {
    assertRefused(
        container,
        context -> {
          context.setInitParameter("satchel.cookiename", "x");
          startup(context);
        },
        "context parameters satchel.*: unknown 'cookiename', allowed are [");
    StatelessSessionFilter own = StatelessSessionFilter.builder("shop", TestKeys.source()).build();
    assertRefused(
        container,
        context -> {
          own.register(context);
          configured(context);
        },
        "context parameters satchel.*: a filter named 'satchel' is already registered; ");
    assertRefused(
        container,
        context -> {
          configured(context);
          own.register(context);
        },
        "a filter named 'satchel' is already registered, by context parameters satchel.*; ");
    assertThatThrownBy(
            () ->
                TestApp.start(
                        container,
                        null,
                        context -> {
                          configured(context);
                          own.register(context, "own");
                        })
                    .close())
        .as("one cookie for two filters")
        .isNotNull();
  }

  /** Tomcat logs what startup threw, and says no more than that it did not start. */
  private static void assertRefused(
      Container container, Container.Startup startup, String message) {
    Throwable[] thrown = new Throwable[1];
    assertThatThrownBy(
            () ->
                TestApp.start(
                    container,
                    null,
                    context -> {
                      try {
                        startup.accept(context);
                      } catch (RuntimeException e) {
                        thrown[0] = e;
                        throw e;
                      }
                    }))
        .isNotNull();
    assertThat(thrown[0]).hasMessageStartingWith(message);
  }

  private Path write(String path, String text) throws Exception {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text, StandardCharsets.ISO_8859_1);
  }

  /** What is found in {@code classes}, {@code WEB-INF} and the context's parameters. */
  private InitParameters found(String... parameters) throws Exception {
    Map<String, String> values = new TreeMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      values.put(parameters[i], parameters[i + 1]);
    }
    URL classes = Files.createDirectories(directory.resolve("classes")).toUri().toURL();
    Path inside = directory.resolve("WEB-INF/satchel.properties");
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {classes}, getClass().getClassLoader())) {
      return DeployedSettings.of(
          (ServletContext)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {ServletContext.class},
                  (proxy, method, arguments) ->
                      switch (method.getName()) {
                        case "getClassLoader" -> loader;
                        case "getResource" ->
                            arguments[0].equals("/WEB-INF/satchel.properties")
                                    && Files.exists(inside)
                                ? inside.toUri().toURL()
                                : null;
                        case "getInitParameterNames" -> Collections.enumeration(values.keySet());
                        case "getInitParameter" -> values.get(arguments[0]);
                        default -> throw new UnsupportedOperationException(method.getName());
                      }));
    }
  }

  private void assertRefused(String message, String... parameters) {
    assertThatThrownBy(() -> found(parameters))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  @DisplayName("78: files and context parameters complete each other, and may agree")
  void places() throws Exception {
    assertThat(found()).isNull();
    write("classes/satchel.properties", "# keys\napplication = shop\nidleTimeout=PT5M\n");
    write("WEB-INF/satchel.properties", "keySource=test:x\n");
    assertThat(found("satchel.idleTimeout", "PT5M ").where())
        .contains("classes/satchel.properties", "WEB-INF/satchel.properties", "satchel.*");
    assertThat(found("satchel.transport", "header").toBuilder(new MutableClock()).settings.header)
        .isEqualTo("Satchel-Session");
  }

  @Test
  @DisplayName("78: what two places say differently, or one twice, is refused without its value")
  void contradictions() throws Exception {
    write("classes/satchel.properties", "application=shop\nkeySource=test:secret\n");
    assertThatThrownBy(() -> found("satchel.keySource", "test:other"))
        .hasMessageStartingWith("'keySource' has one value in file:")
        .hasMessageEndingWith(" and another in context parameters satchel.*, allowed is one")
        .hasMessageNotContaining("secret");
    write("WEB-INF/satchel.properties", "application=stall\n");
    assertRefused("'application' has one value in ");
    write("WEB-INF/satchel.properties", "secure=true\nsecure=true\n");
    assertRefused("'secure' has two values in file:");
  }

  @Test
  @DisplayName("78: a file that cannot be read is refused, and so is a name that is not known")
  void unreadable() throws Exception {
    write("WEB-INF/satchel.properties", "application=\u00e9\n");
    assertRefused("WEB-INF/satchel.properties cannot be read: it is not UTF-8");
    write("WEB-INF/satchel.properties", "application=\\u00zz\n");
    assertRefused("WEB-INF/satchel.properties cannot be read: ");
    write("WEB-INF/satchel.properties", "satchel.application=shop\n");
    assertRefused("WEB-INF/satchel.properties: unknown 'satchel.application', allowed are [");
  }

  @Test
  @DisplayName("78: an empty file is a configuration that lacks something")
  void empty() throws Exception {
    write("classes/satchel.properties", "");
    InitParameters empty = found();
    assertThatThrownBy(() -> empty.toBuilder(new MutableClock()))
        .hasMessageEndingWith("classes/satchel.properties: 'application' is missing");
  }
}
