package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.AttributeTypes;
import dev.satchel.KeySource;
import dev.satchel.RevocationCheck;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;

/** The end of a session that ran out of time, when its token comes back (BEHAVIOUR.md 65). */
class ExpiredSessionsTest extends ScenarioTest {
  private static final List<String> HEARD = new CopyOnWriteArrayList<>();

  /** An attribute that wants to know when it leaves the session. */
  public record Room(String name) implements HttpSessionBindingListener {
    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
      HEARD.add("unbound " + name);
    }
  }

  private static final class Listener implements HttpSessionListener, HttpSessionAttributeListener {
    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
      HttpSession session = event.getSession();
      session.invalidate(); // again, from within: changes nothing
      HEARD.add("destroyed " + session.getId() + " a=" + session.getAttribute("a"));
      if ("fail".equals(session.getAttribute("a"))) {
        throw new IllegalStateException("a listener that fails");
      }
    }

    @Override
    public void attributeRemoved(HttpSessionBindingEvent event) {
      HEARD.add("removed " + event.getName());
    }
  }

  private final KeySource keys = TestKeys.source();

  @Override
  StatelessSessionFilter filter() {
    return filter(RevocationCheck.none());
  }

  private StatelessSessionFilter filter(RevocationCheck check) {
    return StatelessSessionFilter.builder("shop", keys)
        .clock(clock)
        .events(events)
        .attributeTypes(AttributeTypes.builder().register("room", Room.class).build())
        .listener(new Listener())
        .revocationCheck(check)
        .build();
  }

  @BeforeEach
  void forget() {
    HEARD.clear();
  }

  private static TestApp pages(TestApp app) {
    app.on(
        "/set",
        (q, r) -> {
          q.getSession().setAttribute("a", String.valueOf(q.getParameter("a")));
          q.getSession().setAttribute("room", new Room("12"));
          r.getWriter().print(q.getSession().getId());
        });
    app.on("/plain", (q, r) -> r.getWriter().print("hi"));
    return app.on(
        "/look",
        (q, r) -> {
          HttpSession old = q.getSession(false);
          r.getWriter().print(old + " " + q.getSession().isNew());
        });
  }

  @OnEachContainer
  @DisplayName("65, 12: destroyed with attributes readable, then unbound and removed; no session")
  void toldInOrder(Container container) throws Exception {
    Client client = pages(on(container)).client();
    String id = client.get("/set?a=1").body();
    String cookie = "Cookie: " + COOKIE + "=" + client.cookies.get(COOKIE);
    clock.advance(Duration.ofMinutes(31));
    events.take();

    client.get("/plain");
    assertThat(HEARD).as("nobody asked for the session").isEmpty();
    assertThat(client.get("/look").body()).isEqualTo("null true");
    assertThat(HEARD)
        .containsExactly("destroyed " + id + " a=1", "removed a", "unbound 12", "removed room");
    assertThat(events.take()).containsExactly("rejected IDLE k1", "ended by time", "issued");

    HEARD.clear();
    clock.advance(Duration.ofHours(8));
    assertThat(client.get("/look", cookie).body()).isEqualTo("null true");
    assertThat(HEARD).as("told once on this node").isEmpty();
  }

  @OnEachContainer
  @DisplayName("65: past the absolute lifetime too, and each node tells for itself")
  void eachNode(Container container) throws Exception {
    Client client = pages(on(container)).client();
    String id = client.get("/set?a=1").body();
    clock.advance(Duration.ofHours(8).plusSeconds(61));
    try (TestApp other = pages(TestApp.start(container, filter()))) {
      Client there = other.client();
      there.cookies.putAll(client.cookies);
      there.get("/look");
      client.get("/look");
    }
    assertThat(HEARD.stream().filter(("destroyed " + id + " a=1")::equals)).hasSize(2);
  }

  @OnEachContainer
  @DisplayName("65: a listener that fails fails no request, and the others hear all the same")
  void failingListener(Container container) throws Exception {
    Client client = pages(on(container)).client();
    client.get("/set?a=fail");
    clock.advance(Duration.ofMinutes(31));
    Client.Answer answer = client.get("/look");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("null true");
    assertThat(HEARD).contains("unbound 12", "removed room");
  }

  @OnEachContainer
  @DisplayName("65: nothing is told of a session that was revoked, nor beside one that is alive")
  void notTold(Container container) throws Exception {
    Client client = pages(on(container)).client();
    client.get("/set?a=1");
    String old = COOKIE + "=" + client.cookies.get(COOKIE);
    clock.advance(Duration.ofMinutes(31));
    try (TestApp revoking = pages(TestApp.start(container, filter(state -> true)))) {
      assertThat(revoking.client().get("/look", "Cookie: " + old).body()).isEqualTo("null true");
    }
    Client another = on(container).client();
    another.get("/set?a=2");
    another.get("/look", "Cookie: " + old + "; " + COOKIE + "=" + another.cookies.get(COOKIE));
    assertThat(HEARD).isEmpty();
  }

  @OnEachContainer
  @DisplayName("65: a revocation check that fails puts the telling off until it works")
  void checkFails(Container container) throws Exception {
    AtomicBoolean broken = new AtomicBoolean();
    RevocationCheck check =
        state -> {
          if (broken.get()) {
            throw new IllegalStateException("revocation list not reached");
          }
          return false;
        };
    try (TestApp app = pages(TestApp.start(container, filter(check)))) {
      Client client = app.client();
      client.get("/set?a=1");
      String old = "Cookie: " + COOKIE + "=" + client.cookies.get(COOKIE);
      clock.advance(Duration.ofMinutes(31));
      broken.set(true);
      assertThat(app.client().get("/look", old).body()).isEqualTo("null true");
      assertThat(HEARD).isEmpty();
      broken.set(false);
      app.client().get("/look", old);
      assertThat(HEARD).contains("unbound 12", "removed room");
    }
  }
}
