package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.KeySource;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;

/** Where the filter stands among others, and what it is mapped to (BEHAVIOUR.md 78, 79). */
class FilterMappingTest extends ScenarioTest {
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @Override
  void startup(ServletContext context) {
    // Declared before ours and matched as declared filters are: it still comes after.
    FilterRegistration.Dynamic declared =
        context.addFilter(
            "declared",
            (q, r, chain) -> {
              seen.add(q.getDispatcherType() + " " + q.getClass().getSimpleName());
              if (q.getParameter("touch") != null) {
                ((HttpServletRequest) q).getSession().setAttribute("a", "by a filter");
              }
              chain.doFilter(q, r);
            });
    declared.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
    declared.setAsyncSupported(true);
  }

  @Override
  StatelessSessionFilter filter() {
    return builder().build();
  }

  @BeforeEach
  void forget() {
    seen.clear();
  }

  @OnEachContainer
  @DisplayName("78: a declared filter, whenever it was added, sees our request and our session")
  void first(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/page", (q, r) -> {});
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
    Client client = app.client();
    assertThat(client.get("/page?touch=1").setCookies())
        .singleElement()
        .asString()
        .startsWith(COOKIE + "=");
    assertThat(seen).containsExactly("REQUEST SessionRequest");
    assertThat(client.get("/get").body()).isEqualTo("by a filter");
  }

  @OnEachContainer
  @DisplayName("78: a filter that answers itself, without the page, has its session sent")
  void answeredByFilter(Container container) throws Exception {
    try (TestApp app =
        TestApp.start(
            container,
            builder().build(),
            context ->
                context
                    .addFilter(
                        "guard",
                        (q, r, chain) -> {
                          ((HttpServletRequest) q).getSession().setAttribute("a", "guarded");
                          r.getWriter().print("stop");
                        })
                    .addMappingForUrlPatterns(
                        EnumSet.of(DispatcherType.REQUEST), true, "/guarded"))) {
      app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
      Client client = app.client();
      assertThat(client.get("/guarded").body()).isEqualTo("stop");
      assertThat(client.get("/get").body()).isEqualTo("guarded");
    }
  }

  @OnEachContainer
  @DisplayName(
      "79: mapped once more, for every dispatch, it still acts once: one cookie, one event")
  void mappedTwice(Container container) throws Exception {
    StatelessSessionFilter filter = builder().build();
    try (TestApp app =
        TestApp.start(
            container,
            null,
            context ->
                filter
                    .register(context)
                    .addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*"))) {
      app.on("/set", (q, r) -> q.getRequestDispatcher("/target").forward(q, r));
      app.on(
          "/target",
          (q, r) -> {
            q.getSession().setAttribute("a", "1");
            r.sendError(418);
          });
      app.on("/error", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
      Client.Answer answer = app.client().get("/set");
      assertThat(answer.status()).isEqualTo(418);
      assertThat(answer.body()).isEqualTo("1");
      assertThat(answer.setCookies()).hasSize(1);
      assertThat(events.take().stream().filter("issued"::equals)).hasSize(1);
    }
  }

  @OnEachContainer
  @DisplayName(
      "79, 80, 85: two filters, one mapped twice, and an excluded path that has the container's sessions")
  void severalFilters(Container container) throws Exception {
    KeySource keys = TestKeys.source();
    StatelessSessionFilter shop =
        StatelessSessionFilter.builder("shop", keys).exclude("/static/*").build();
    StatelessSessionFilter outer = StatelessSessionFilter.builder("outer", keys).build();
    try (TestApp app =
        TestApp.start(
            container,
            shop,
            context -> {
              FilterRegistration.Dynamic other = context.addFilter("outer", outer);
              other.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/both/*");
              other.setAsyncSupported(true);
            })) {
      app.on("/both/set", (q, r) -> q.getSession().setAttribute("a", "1"));
      app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
      app.on("/static/x", (q, r) -> q.getSession());
      Client client = app.client();
      assertThat(client.get("/both/set").setCookies()).hasSize(1);
      // Which of the two is inside is the container's order; its cookie is the only one.
      String name = client.cookies.keySet().iterator().next();
      assertThat(name).startsWith("__Host-Http-");
      assertThat(client.get("/static/x").setCookies())
          .singleElement()
          .asString()
          .startsWith("JSESSIONID=");
      // Another application's token is refused although the keys are the same.
      Client foreign = app.client();
      foreign.get("/both/set");
      String token = foreign.cookies.values().iterator().next();
      String swapped = name.endsWith("shop") ? "__Host-Http-outer" : "__Host-Http-shop";
      app.on("/both/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
      Client thief = app.client();
      thief.cookies.put(swapped, token);
      assertThat(thief.get("/both/get").body()).isEqualTo("null");
    }
  }
}
