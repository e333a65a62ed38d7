package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;

/** What a session does over a user's requests (BEHAVIOUR.md 3.A). */
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
