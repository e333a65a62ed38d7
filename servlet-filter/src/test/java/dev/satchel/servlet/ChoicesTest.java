package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.AttributeTypes;
import dev.satchel.KeySource;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an application can choose to have otherwise than by default. */
class ChoicesTest extends ScenarioTest {
  @OnEachContainer
  @DisplayName("31: on request the application sees our cookie, or our header")
  void showToken(Container container) throws Exception {
    try (TestApp cookie = TestApp.start(container, builder().showToken().build());
        TestApp header =
            TestApp.start(container, builder().header("X-Session").showToken().build())) {
      cookie.on("/set", (q, r) -> q.getSession());
      cookie.on(
          "/seen",
          (q, r) ->
              r.getWriter()
                  .print(
                      COOKIE
                          + "="
                          + q.getCookies()[0].getValue()
                          + q.getHeader("Cookie")
                          + Collections.list(q.getHeaders("cookie")).size()));
      Client client = cookie.client();
      client.get("/set");
      String pair = COOKIE + "=" + client.cookies.get(COOKIE);
      assertThat(client.get("/seen").body()).isEqualTo(pair + pair + "1");

      header.on("/set", (q, r) -> q.getSession());
      header.on("/seen", (q, r) -> r.getWriter().print(q.getHeader("X-Session")));
      String token = header.client().get("/set").header("X-Session");
      assertThat(header.client().get("/seen", "X-Session: " + token).body()).isEqualTo(token);
    }
  }

  @OnEachContainer
  @DisplayName("15: on request a session is sent once it has an attribute, and not before")
  void skipEmpty(Container container) throws Exception {
    try (TestApp app = TestApp.start(container, builder().skipEmptySessions().build())) {
      app.on("/look", (q, r) -> r.getWriter().print(q.getSession().isNew()));
      app.on("/end", (q, r) -> q.getSession().invalidate());
      app.on("/set", (q, r) -> q.getSession().setAttribute("a", "1"));
      app.on("/remove", (q, r) -> q.getSession().removeAttribute("a"));
      app.on(
          "/flush",
          (q, r) -> {
            q.getSession().setAttribute("a", "1");
            r.getWriter().print("begun"); // brings the token into the headers, which stay open
            q.getSession().removeAttribute("a");
          });
      app.on(
          "/renew",
          (q, r) -> {
            q.getSession().invalidate();
            q.getSession();
          });
      Client client = app.client();
      assertThat(client.get("/look").setCookies()).isEmpty();
      assertThat(client.get("/look").body()).isEqualTo("true");
      assertThat(client.get("/end").setCookies()).isEmpty();
      client.get("/flush");
      assertThat(client.cookies).as("taken back").isEmpty();
      assertThat(client.get("/set").setCookies()).hasSize(1);
      assertThat(client.get("/remove").setCookies()).as("the client holds it").hasSize(1);
      assertThat(client.get("/look").body()).isEqualTo("false");
      assertThat(client.get("/renew").setCookies().get(0))
          .as("the old one is expired, the new one kept back")
          .contains("Max-Age=0");
      assertThat(events.take()).noneMatch(line -> line.startsWith("late"));
    }
  }

  /** Registered on one node only. */
  public record Point(int x, int y) {}

  /** A client with a session of which this node reads the attribute a, but not p. */
  private static void fill(Container container, KeySource keys, MutableClock clock, Client client)
      throws Exception {
    AttributeTypes types = AttributeTypes.builder().register("point", Point.class).build();
    StatelessSessionFilter.Builder knowing =
        StatelessSessionFilter.builder("shop", keys).clock(clock).attributeTypes(types);
    try (TestApp app = TestApp.start(container, knowing.build())) {
      app.on(
          "/set",
          (q, r) -> {
            q.getSession().setAttribute("a", "1");
            q.getSession().setAttribute("p", new Point(1, 2));
          });
      Client there = app.client();
      there.get("/set");
      client.cookies.putAll(there.cookies);
    }
  }

  @OnEachContainer
  @DisplayName("19: on request an attribute that cannot be read is dropped when it is asked for")
  void dropUnreadable(Container container) throws Exception {
    KeySource keys = TestKeys.source();
    StatelessSessionFilter.Builder dropping =
        StatelessSessionFilter.builder("shop", keys).clock(clock).events(events).dropUnreadable();
    try (TestApp app = TestApp.start(container, dropping.build())) {
      app.on("/a", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
      app.on("/p", (q, r) -> r.getWriter().print(q.getSession().getAttribute("p")));
      app.on(
          "/late",
          (q, r) -> {
            q.getSession();
            r.flushBuffer();
            r.getWriter().print(q.getSession().getAttribute("p"));
          });
      Client client = app.client();
      fill(container, keys, clock, client);
      assertThat(client.get("/a").setCookies()).as("not asked for").isEmpty();
      client.get("/late");
      assertThat(events.take())
          .as("reading changes nothing that could be late")
          .containsExactly("accepted k1", "accepted k1", "unreadable p");
      Client.Answer answer = client.get("/p");
      assertThat(answer.body()).isEqualTo("null");
      assertThat(answer.setCookies()).hasSize(1);
      assertThat(client.get("/p").setCookies()).isEmpty();
      assertThat(events.take())
          .containsExactly("accepted k1", "unreadable p", "issued", "accepted k1");
      assertThat(client.get("/a").body()).isEqualTo("1");
    }
  }

  @OnEachContainer
  @DisplayName("19: on request a session ends that has an attribute which cannot be read")
  void invalidateUnreadable(Container container) throws Exception {
    KeySource keys = TestKeys.source();
    List<String> heard = new CopyOnWriteArrayList<>();
    HttpSessionListener listener =
        new HttpSessionListener() {
          @Override
          public void sessionDestroyed(HttpSessionEvent event) {
            heard.add("destroyed, a=" + event.getSession().getAttribute("a"));
            throw new IllegalStateException("a listener that fails");
          }
        };
    StatelessSessionFilter filter =
        StatelessSessionFilter.builder("shop", keys)
            .clock(clock)
            .events(events)
            .listener(listener)
            .invalidateUnreadable()
            .build();
    try (TestApp app = TestApp.start(container, filter)) {
      app.on(
          "/a",
          (q, r) -> r.getWriter().print(q.getSession(false) + " " + q.isRequestedSessionIdValid()));
      app.on("/new", (q, r) -> r.getWriter().print(q.getSession().isNew()));
      Client client = app.client();
      fill(container, keys, clock, client);
      Client.Answer answer = client.get("/a");
      assertThat(answer.body()).isEqualTo("null false");
      assertThat(answer.setCookies().get(0)).contains("Max-Age=0");
      assertThat(heard).containsExactly("destroyed, a=1");
      assertThat(events.take())
          .containsExactly("accepted k1", "unreadable p", "invalidated", "expired");
      fill(container, keys, clock, client);
      assertThat(client.get("/new").body()).isEqualTo("true");
      assertThat(client.get("/a").body()).as("a readable one stays").endsWith(" true");
    }
  }

  private TestApp rollingBack(Container container) throws Exception {
    TestApp app = TestApp.start(container, builder().rollBackOnException().build());
    app.on("/set", (q, r) -> q.getSession().setAttribute("a", "1"));
    app.on("/id", (q, r) -> r.getWriter().print(q.getSession().getId()));
    app.on(
        "/get",
        (q, r) -> {
          HttpSession session = q.getSession(false);
          r.getWriter()
              .print(
                  session == null
                      ? "none"
                      : session.getAttribute("a")
                          + ""
                          + Collections.list(session.getAttributeNames())
                          + session.getMaxInactiveInterval());
        });
    return app;
  }

  @OnEachContainer
  @DisplayName("47: on request an uncaught exception undoes what was done to the session")
  void rollBack(Container container) throws Exception {
    try (TestApp app = rollingBack(container)) {
      app.on(
          "/fail",
          (q, r) -> {
            HttpSession session = q.getSession();
            session.setAttribute("a", new ArrayList<>(List.of("2")));
            session.setAttribute("b", "2");
            session.setMaxInactiveInterval(77);
            if (q.getParameter("begun") != null) {
              r.getWriter().print("begun"); // brings the token into the headers, which stay open
            }
            if (q.getParameter("page") != null) {
              throw new TestApp.Broken();
            }
            throw new IllegalArgumentException("on purpose");
          });
      app.on("/broken", (q, r) -> {});
      Client client = app.client();
      for (String query : List.of("", "?page", "?begun", "?begun&page")) {
        assertThat(client.get("/fail" + query).status()).as(query).isEqualTo(500);
        assertThat(client.cookies).as("created and undone " + query).isEmpty();
      }
      app.on("/broken", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
      client.get("/set");
      for (String query : List.of("", "?page", "?begun", "?begun&page")) {
        Client.Answer answer = client.get("/fail" + query);
        assertThat(answer.status()).as(query).isEqualTo(500);
        if (query.endsWith("page")) {
          assertThat(answer.body()).as("the error page sees it as it was").isEqualTo("1");
        }
        assertThat(client.get("/get").body()).as(query).isEqualTo("1[a]1800");
      }
      app.on("/broken", (q, r) -> q.getSession().setAttribute("a", "error page"));
      client.get("/fail?page");
      assertThat(client.get("/get").body()).isEqualTo("error page[a]1800");
    }
  }

  @OnEachContainer
  @DisplayName("47: an end and a new id are not undone, nor what a caller caught")
  void notRolledBack(Container container) throws Exception {
    try (TestApp app = rollingBack(container)) {
      app.on(
          "/renew",
          (q, r) -> {
            q.getSession().setAttribute("a", "2");
            q.changeSessionId();
            q.getSession().setAttribute("a", "3");
            throw new TestApp.Broken();
          });
      app.on(
          "/end",
          (q, r) -> {
            q.getSession().invalidate();
            q.getSession().setAttribute("a", "new");
            throw new TestApp.Broken();
          });
      app.on("/broken", (q, r) -> {});
      app.on(
          "/inner",
          (q, r) -> {
            q.getSession().setAttribute("a", "2");
            throw new TestApp.Broken();
          });
      app.on(
          "/caught",
          (q, r) -> {
            try {
              q.getRequestDispatcher("/inner").include(q, r);
            } catch (Exception e) {
              q.setAttribute("caught", e);
            }
          });
      Client client = app.client();
      client.get("/set");
      String id = client.get("/id").body();
      client.get("/renew");
      assertThat(client.get("/id").body()).isNotEqualTo(id);
      assertThat(client.get("/get").body()).isEqualTo("1[a]1800");
      assertThat(client.get("/caught").status()).isEqualTo(200);
      assertThat(client.get("/get").body()).isEqualTo("2[a]1800");
      client.get("/end");
      assertThat(client.get("/get").body()).isEqualTo("none");
    }
  }

  @OnEachContainer
  @DisplayName("47: undone in asynchronous dispatches too")
  void rollBackAsync(Container container) throws Exception {
    try (TestApp app = rollingBack(container)) {
      app.on("/async", (q, r) -> q.startAsync().dispatch("/fail"));
      app.on(
          "/fail",
          (q, r) -> {
            q.getSession().setAttribute("a", "2");
            throw new TestApp.Broken();
          });
      app.on("/broken", (q, r) -> {});
      Client client = app.client();
      client.get("/set");
      client.get("/async");
      assertThat(client.get("/get").body()).isEqualTo("1[a]1800");
    }
  }

  @Test
  @DisplayName("19: what is unreadable is dropped, or ends the session, not both")
  void contradiction() {
    assertThatThrownBy(() -> builder().dropUnreadable().invalidateUnreadable().build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("both dropUnreadable and invalidateUnreadable");
  }

  @OnEachContainer
  @DisplayName(
      "4: on request every request counts as access, also one that never asks for the session")
  void touchEveryRequest(Container container) throws Exception {
    MutableClock clock = new MutableClock();
    StatelessSessionFilter filter =
        StatelessSessionFilter.builder("shop", TestKeys.source())
            .clock(clock)
            .touchEveryRequest()
            .build();
    try (TestApp app = TestApp.start(container, filter)) {
      app.on("/create", (q, r) -> q.getSession());
      app.on("/plain", (q, r) -> r.getWriter().print("hi"));
      Client client = app.client();
      client.get("/create");
      clock.advance(Duration.ofMinutes(1));
      assertThat(client.get("/plain").setCookies()).isEmpty();
      clock.advance(Duration.ofMinutes(9));
      assertThat(client.get("/plain").setCookies()).hasSize(1);
      assertThat(app.client().get("/plain").setCookies()).isEmpty();
    }
  }

  @OnEachContainer
  @DisplayName("10: the strict mode refuses at once what cannot be written, naming the attribute")
  void refuseUnserializable(Container container) throws Exception {
    StatelessSessionFilter filter =
        StatelessSessionFilter.builder("shop", TestKeys.source()).refuseUnserializable().build();
    try (TestApp app = TestApp.start(container, filter)) {
      app.on(
          "/set",
          (q, r) -> {
            try {
              q.getSession().setAttribute("thread", Thread.currentThread());
            } catch (IllegalArgumentException e) {
              r.getWriter().print(e.getMessage());
            }
          });
      assertThat(app.client().get("/set").body())
          .startsWith("session attribute 'thread' cannot be written: ");
    }
  }
}
