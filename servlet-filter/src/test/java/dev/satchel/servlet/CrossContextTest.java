package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.KeySource;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.DisplayName;

/** A page that forwards to, or includes, a page of another application (BEHAVIOUR.md 57). */
class CrossContextTest {
  private final KeySource keys = TestKeys.source();

  private Container.Startup application(String name, boolean filtered) {
    return context -> {
      page(context, "set", (q, r) -> q.getSession().setAttribute("a", name));
      page(context, "get", (q, r) -> r.getWriter().print(a(q)));
      page(
          context,
          "across",
          (q, r) -> {
            q.getSession().setAttribute("a", name);
            RequestDispatcher there =
                context.getContext("/two").getRequestDispatcher("/" + q.getParameter("page"));
            if (q.getParameter("include") == null) {
              there.forward(q, r);
            } else {
              there.include(q, r);
            }
          });
      page(
          context,
          "visited",
          (q, r) -> {
            String before = a(q);
            q.getSession().setAttribute("a", name + " visited");
            r.getWriter().print(before + " " + q.getSession().getServletContext().getContextPath());
          });
      if (filtered) {
        StatelessSessionFilter.builder(name, keys).build().register(context);
      }
    };
  }

  private static void page(ServletContext context, String name, TestApp.Page page) {
    TestApp.named(context, name, page);
    context.getServletRegistration(name).addMapping("/" + name);
  }

  private static String a(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    return session == null ? "none" : String.valueOf(session.getAttribute("a"));
  }

  @OnEachContainer
  @DisplayName(
      "57, 85: a forward, with the filter in both: each application keeps to its own session")
  void forward(Container container) throws Exception {
    try (Container.Started both =
        TwoContexts.start(container, application("one", true), application("two", true))) {
      Client client = new Client(both.port());
      client.get("/two/set");
      assertThat(client.get("/one/across?page=visited").body()).isEqualTo("two /two");
      assertThat(client.get("/one/get").body()).isEqualTo("one");
      assertThat(client.get("/two/get").body()).isEqualTo("two visited");
      assertThat(client.cookies).containsOnlyKeys("__Host-Http-one", "__Host-Http-two");
    }
  }

  /** What the included application changes may get lost: there its headers go nowhere (F3). */
  @OnEachContainer
  @DisplayName(
      "57, 85: an include, with the filter in both: it reads its own session, ours is kept")
  void include(Container container) throws Exception {
    try (Container.Started both =
        TwoContexts.start(container, application("one", true), application("two", true))) {
      Client client = new Client(both.port());
      client.get("/two/set");
      assertThat(client.get("/one/across?include=1&page=visited").body()).isEqualTo("two /two");
      assertThat(client.get("/one/get").body()).isEqualTo("one");
      assertThat(client.get("/two/get").body()).isIn("two", "two visited");
    }
  }

  @OnEachContainer
  @DisplayName("57: without a session there, the other application's is none, and never ours")
  void nothingLeaks(Container container) throws Exception {
    try (Container.Started both =
        TwoContexts.start(container, application("one", true), application("two", true))) {
      Client client = new Client(both.port());
      assertThat(client.get("/one/across?page=get").body()).isEqualTo("none");
      assertThat(client.cookies).containsOnlyKeys("__Host-Http-one");
    }
  }

  @OnEachContainer
  @DisplayName("57: an application without the filter does not see ours when it is forwarded to")
  void otherUnfiltered(Container container) throws Exception {
    try (Container.Started both =
        TwoContexts.start(container, application("one", true), application("two", false))) {
      Client client = new Client(both.port());
      Client.Answer answer = client.get("/one/across?page=visited");
      assertThat(answer.body()).isEqualTo("none /two");
      assertThat(client.get("/one/get").body()).isEqualTo("one");
    }
  }
}
