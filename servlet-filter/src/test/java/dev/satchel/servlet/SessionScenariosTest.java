package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;

/** What a session does over a user's requests (BEHAVIOUR.md 3.A, 3.B). */
class SessionScenariosTest extends ScenarioTest {

  @OnEachContainer
  @DisplayName("1, 8, 15: created, sent as one cookie, read back")
  void createAndRead(Container container) throws Exception {
    TestApp app =
        on(container)
            .on(
                "/create",
                (q, r) ->
                    r.getWriter().print(q.getSession().getId() + " " + q.getSession().isNew()))
            .on(
                "/read",
                (q, r) ->
                    r.getWriter()
                        .print(q.getSession(false).getId() + " " + q.getSession().isNew()));
    Client client = app.client();

    Client.Answer created = client.get("/create");
    assertThat(created.setCookies()).hasSize(1);
    assertThat(created.setCookies().get(0))
        .startsWith(COOKIE + "=eyJ")
        .endsWith("; Path=/; Secure; HttpOnly; SameSite=Lax");
    assertThat(created.header("Vary")).isEqualTo("Cookie");
    assertThat(created.header("Cache-Control")).isEqualTo("no-store");

    Client.Answer read = client.get("/read");
    String id = created.body().split(" ")[0];
    assertThat(created.body()).isEqualTo(id + " true");
    assertThat(read.body()).isEqualTo(id + " false");
    assertThat(client.cookies.get(COOKIE)).doesNotContain(id);
  }

  @OnEachContainer
  @DisplayName("73, 82: no session asked for, nothing sent")
  void untouched(Container container) throws Exception {
    TestApp app = on(container).on("/plain", (q, r) -> r.getWriter().print("hi"));
    app.on("/create", (q, r) -> q.getSession());
    Client client = app.client();
    client.get("/create");
    events.take();
    Client.Answer answer = client.get("/plain");
    assertThat(answer.body()).isEqualTo("hi");
    assertThat(answer.setCookies()).isEmpty();
    assertThat(answer.header("Vary")).isNull();
    assertThat(events.take()).isEmpty(); // nothing was decoded
  }

  @OnEachContainer
  @DisplayName("72, 73: read only, Vary but no Set-Cookie")
  void readOnly(Container container) throws Exception {
    TestApp app = on(container).on("/set", (q, r) -> q.getSession().setAttribute("a", "1"));
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("a")));
    Client client = app.client();
    client.get("/set");
    Client.Answer answer = client.get("/get");
    assertThat(answer.body()).isEqualTo("1");
    assertThat(answer.setCookies()).isEmpty();
    assertThat(answer.header("Vary")).isEqualTo("Cookie");
    assertThat(answer.header("Cache-Control")).isNull();
  }

  @OnEachContainer
  @DisplayName("72: an anonymous look varies too")
  void anonymousLook(Container container) throws Exception {
    TestApp app = on(container).on("/look", (q, r) -> r.getWriter().print(q.getSession(false)));
    Client.Answer answer = app.client().get("/look");
    assertThat(answer.body()).isEqualTo("null");
    assertThat(answer.header("Vary")).isEqualTo("Cookie");
    assertThat(answer.setCookies()).isEmpty();
  }

  @OnEachContainer
  @DisplayName("72: the application's own Vary and Cache-Control stay")
  void ownCaching(Container container) throws Exception {
    TestApp app =
        on(container)
            .on(
                "/own",
                (q, r) -> {
                  r.setHeader("Vary", "Accept, cookie");
                  r.setHeader("Cache-Control", "private");
                  q.getSession();
                });
    Client.Answer answer = app.client().get("/own");
    assertThat(answer.all("Vary")).containsExactly("Accept, cookie");
    assertThat(answer.all("Cache-Control")).containsExactly("private");
    assertThat(answer.setCookies()).hasSize(1);
  }

  @OnEachContainer
  @DisplayName("17: a list changed in place is saved without setAttribute")
  void inPlace(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/set", (q, r) -> q.getSession().setAttribute("cart", new ArrayList<>(List.of("a"))));
    app.on(
        "/add",
        (q, r) -> {
          @SuppressWarnings("unchecked")
          List<String> cart = (List<String>) q.getSession().getAttribute("cart");
          cart.add("b");
        });
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("cart")));
    Client client = app.client();
    client.get("/set");
    assertThat(client.get("/add").setCookies()).hasSize(1);
    Client.Answer answer = client.get("/get");
    assertThat(answer.body()).isEqualTo("[a, b]");
    assertThat(answer.setCookies()).isEmpty();
  }

  @OnEachContainer
  @DisplayName("9, 11, 16: set, replace, remove, names; one object per request")
  void attributes(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/set",
        (q, r) -> {
          HttpSession s = q.getSession();
          s.setAttribute("a", "1");
          s.setAttribute("b", new ArrayList<>(List.of(1)));
          s.setAttribute("c", "3");
        });
    app.on(
        "/change",
        (q, r) -> {
          HttpSession s = q.getSession();
          s.setAttribute("a", null);
          s.removeAttribute("absent");
          s.setAttribute("d", "4");
          Object first = s.getAttribute("b");
          boolean same = first == s.getAttribute("b");
          r.getWriter().print(same + " " + Collections.list(s.getAttributeNames()));
          for (String name : Collections.list(s.getAttributeNames())) {
            s.setAttribute(name, "x"); // enumerating while changing
          }
        });
    app.on(
        "/get",
        (q, r) -> r.getWriter().print(Collections.list(q.getSession().getAttributeNames())));
    Client client = app.client();
    client.get("/set");
    assertThat(client.get("/change").body()).isEqualTo("true [b, c, d]");
    assertThat(client.get("/get").body()).isEqualTo("[b, c, d]");
  }

  @OnEachContainer
  @DisplayName("74: invalidate expires the cookie")
  void invalidate(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/create", (q, r) -> q.getSession());
    app.on(
        "/end",
        (q, r) -> {
          q.getSession().invalidate();
          r.getWriter().print(q.getSession(false) + " " + q.isRequestedSessionIdValid());
        });
    Client client = app.client();
    client.get("/create");
    Client.Answer answer = client.get("/end");
    assertThat(answer.body()).isEqualTo("null false");
    assertThat(answer.setCookies())
        .containsExactly(
            COOKIE
                + "=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; Secure; HttpOnly; SameSite=Lax");
    assertThat(client.cookies).isEmpty();
  }

  @OnEachContainer
  @DisplayName("13: invalidate, then a new session: one cookie, the new one")
  void invalidateThenCreate(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/create", (q, r) -> q.getSession().setAttribute("a", "old"));
    app.on(
        "/renew",
        (q, r) -> {
          String old = q.getSession().getId();
          q.getSession().invalidate();
          HttpSession fresh = q.getSession();
          r.getWriter()
              .print(
                  old.equals(fresh.getId()) + " " + fresh.isNew() + " " + fresh.getAttribute("a"));
        });
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession(false).getAttribute("a")));
    Client client = app.client();
    client.get("/create");
    Client.Answer answer = client.get("/renew");
    assertThat(answer.body()).isEqualTo("false true null");
    assertThat(answer.setCookies()).singleElement().asString().startsWith(COOKIE + "=eyJ");
    assertThat(client.get("/get").body()).isEqualTo("null");
  }

  @OnEachContainer
  @DisplayName("14: created and invalidated in one request: no cookie")
  void createThenInvalidate(Container container) throws Exception {
    TestApp app = on(container).on("/both", (q, r) -> q.getSession().invalidate());
    assertThat(app.client().get("/both").setCookies()).isEmpty();
  }

  @OnEachContainer
  @DisplayName(
      "14, 42: the same after the cookie was already in the headers: taken back, other cookies stay")
  void takenBack(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/nothing", (q, r) -> {});
    app.on(
        "/both",
        (q, r) -> {
          r.addHeader("Set-Cookie", "x=1");
          HttpSession session = q.getSession();
          r.getOutputStream()
              .write(new byte[r.getBufferSize() / 4]); // commits early, headers stay open
          r.addHeader("Set-Cookie", "y=2");
          r.resetBuffer();
          session.invalidate();
        });
    assertThat(app.client().get("/both").setCookies()).containsExactly("x=1", "y=2");
  }

  @OnEachContainer
  @DisplayName("2: after invalidate only some methods still answer")
  void afterInvalidate(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/ended",
        (q, r) -> {
          HttpSession s = q.getSession();
          s.invalidate();
          StringBuilder refused = new StringBuilder();
          refuses(refused, s::getCreationTime);
          refuses(refused, s::getLastAccessedTime);
          refuses(refused, () -> s.getAttribute("a"));
          refuses(refused, s::getAttributeNames);
          refuses(refused, () -> s.setAttribute("a", "b"));
          refuses(refused, () -> s.removeAttribute("a"));
          refuses(refused, s::isNew);
          refuses(refused, s::invalidate);
          s.setMaxInactiveInterval(5);
          r.getWriter()
              .print(
                  refused
                      + " "
                      + s.getMaxInactiveInterval()
                      + " "
                      + (s.getId() != null)
                      + (s.getServletContext() != null));
        });
    assertThat(app.client().get("/ended").body()).isEqualTo("!!!!!!!! 5 truetrue");
  }

  private static void refuses(StringBuilder refused, Runnable call) {
    try {
      call.run();
      refused.append('.');
    } catch (IllegalStateException e) {
      refused.append('!');
    }
  }

  @OnEachContainer
  @DisplayName("25: changeSessionId keeps the facade and its attributes")
  void changeSessionId(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/none",
        (q, r) -> {
          try {
            q.changeSessionId();
          } catch (IllegalStateException e) {
            r.getWriter().print("refused");
          }
        });
    app.on("/create", (q, r) -> q.getSession().setAttribute("a", "1"));
    app.on(
        "/change",
        (q, r) -> {
          HttpSession s = q.getSession();
          String old = s.getId();
          String id = q.changeSessionId();
          s.setAttribute("b", "2");
          r.getWriter().print(id.equals(s.getId()) + " " + id.equals(old) + " " + id);
        });
    app.on(
        "/get",
        (q, r) -> {
          HttpSession s = q.getSession(false);
          r.getWriter().print(s.getAttribute("a") + " " + s.getAttribute("b") + " " + s.getId());
        });
    Client client = app.client();
    assertThat(client.get("/none").body()).isEqualTo("refused");
    client.get("/create");
    Client.Answer changed = client.get("/change");
    assertThat(changed.body()).startsWith("true false ");
    assertThat(changed.setCookies()).hasSize(1);
    assertThat(client.get("/get").body()).isEqualTo("1 2 " + changed.body().split(" ")[2]);
  }

  @OnEachContainer
  @DisplayName(
      "7: idle for too long: no session, then a new one without the old data; the cookie is expired once")
  void idleExpiry(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/create", (q, r) -> q.getSession().setAttribute("a", "1"));
    app.on("/look", (q, r) -> r.getWriter().print(q.getSession(false)));
    app.on(
        "/new",
        (q, r) ->
            r.getWriter().print(q.getSession().isNew() + " " + q.getSession().getAttribute("a")));
    Client client = app.client();
    client.get("/create");
    String old = client.cookies.get(COOKIE);
    clock.advance(Duration.ofMinutes(32)); // 30 and the skew
    events.take();
    Client.Answer look = client.get("/look");
    assertThat(look.body()).isEqualTo("null");
    assertThat(look.setCookies()).singleElement().asString().startsWith(COOKIE + "=; Max-Age=0");
    assertThat(client.cookies).isEmpty();
    assertThat(events.take()).containsExactly("rejected IDLE k1", "ended by time", "expired");
    assertThat(client.get("/look").setCookies()).isEmpty();

    client.cookies.put(COOKIE, old);
    assertThat(client.get("/new").body()).isEqualTo("true null");
  }

  @OnEachContainer
  @DisplayName("6: idle expiry is checked when the session is loaded, not while a request runs")
  void slowRequest(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/create", (q, r) -> q.getSession().setMaxInactiveInterval(60));
    app.on(
        "/slow",
        (q, r) -> {
          q.getSession(false);
          clock.advance(Duration.ofMinutes(5));
          r.getWriter().print(q.getSession(false) != null);
        });
    Client client = app.client();
    client.get("/create");
    assertThat(client.get("/slow").body()).isEqualTo("true");
  }

  @OnEachContainer
  @DisplayName("absolute expiry ends a session however busy it is")
  void absoluteExpiry(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/touch", (q, r) -> r.getWriter().print(q.getSession().isNew()));
    Client client = app.client();
    client.get("/touch");
    for (int i = 0; i < 8 * 3; i++) { // eight hours, every twenty minutes
      assertThat(client.get("/touch").body()).isEqualTo("false");
      clock.advance(Duration.ofMinutes(20));
    }
    clock.advance(Duration.ofMinutes(2)); // and the skew
    assertThat(client.get("/touch").body()).isEqualTo("true");
  }

  @OnEachContainer
  @DisplayName("5: the inactive interval travels with the session; zero or less is for ever")
  void maxInactiveInterval(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getMaxInactiveInterval()));
    app.on("/never", (q, r) -> q.getSession().setMaxInactiveInterval(-1));
    Client client = app.client();
    assertThat(client.get("/get").body()).isEqualTo("1800");
    client.get("/never");
    clock.advance(Duration.ofHours(7));
    assertThat(client.get("/get").body()).isEqualTo("0");
  }

  @OnEachContainer
  @DisplayName(
      "3, 4: last access is the previous request's; an unchanged session is written again only when due")
  void refresh(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/times",
        (q, r) -> {
          HttpSession s = q.getSession();
          r.getWriter().print(s.getLastAccessedTime() - s.getCreationTime());
          s.getAttribute("x");
        });
    Client client = app.client();
    assertThat(client.get("/times").body()).isEqualTo("0");
    clock.advance(Duration.ofMinutes(1));
    assertThat(client.get("/times").setCookies()).isEmpty();
    clock.advance(Duration.ofMinutes(3)); // 10 % of 30 minutes
    assertThat(client.get("/times").setCookies()).hasSize(1);
    clock.advance(Duration.ofMinutes(1));
    Client.Answer later = client.get("/times");
    assertThat(later.body()).isEqualTo("240000");
    assertThat(later.setCookies()).isEmpty();
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
  @DisplayName("10, 65: what cannot be written is usable for the request, then dropped")
  void unserializable(Container container) throws Exception {
    TestApp app = on(container);
    app.on(
        "/set",
        (q, r) -> {
          HttpSession s = q.getSession();
          s.setAttribute("kept", "1");
          s.setAttribute("thread-" + container, Thread.currentThread());
          r.flushBuffer();
          r.getWriter().print(s.getAttribute("thread-" + container) == Thread.currentThread());
        });
    app.on(
        "/get",
        (q, r) -> r.getWriter().print(Collections.list(q.getSession().getAttributeNames())));
    Client client = app.client();
    assertThat(client.get("/set").body()).isEqualTo("true");
    assertThat(events.take()).containsExactly("dropped thread-" + container, "issued");
    assertThat(client.get("/get").body()).isEqualTo("[kept]");
  }

  @OnEachContainer
  @DisplayName("the subject is an attribute that the token keeps as sub")
  void subject(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/in", (q, r) -> q.getSession().setAttribute(StatelessSessionFilter.SUBJECT, "alice"));
    app.on(
        "/who",
        (q, r) ->
            r.getWriter()
                .print(
                    q.getSession().getAttribute(StatelessSessionFilter.SUBJECT)
                        + " "
                        + Collections.list(q.getSession().getAttributeNames())));
    app.on("/out", (q, r) -> q.getSession().removeAttribute(StatelessSessionFilter.SUBJECT));
    Client client = app.client();
    client.get("/in");
    assertThat(client.get("/who").body())
        .isEqualTo("alice [" + StatelessSessionFilter.SUBJECT + "]");
    client.get("/out");
    assertThat(client.get("/who").body()).isEqualTo("null []");
  }

  @OnEachContainer
  @DisplayName(
      "21: a session held on to after its request is readable, and what is set stays in memory")
  void detached(Container container) throws Exception {
    HttpSession[] held = new HttpSession[1];
    TestApp app =
        on(container)
            .on(
                "/hold",
                (q, r) -> {
                  held[0] = q.getSession();
                  held[0].setAttribute("a", "1");
                });
    app.client().get("/hold");
    Object listener = new Object();
    held[0].setAttribute("later", listener);
    assertThat(held[0].getAttribute("a")).isEqualTo("1");
    assertThat(held[0].getAttribute("later")).isSameAs(listener);
    held[0].removeAttribute("later");
    held[0].invalidate();
  }
}
