package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A session that somebody holds on to when its request is over (BEHAVIOUR.md 21). */
class HeldSessionTest extends ScenarioTest {

  /** What Tomcat binds to the session of a WebSocket's handshake, after the upgrade. */
  private static final class Connection implements HttpSessionBindingListener {
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicReference<HttpSession> toldBy = new AtomicReference<>();

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
      toldBy.set(event.getSession());
      closed.incrementAndGet();
    }
  }

  private static final class Kept {
    final AtomicReference<HttpSession> session = new AtomicReference<>();
  }

  private Kept keep(TestApp app, Client client) throws Exception {
    Kept kept = new Kept();
    app.on("/keep", (q, r) -> kept.session.set(q.getSession()));
    app.on("/sign-in", (q, r) -> q.changeSessionId());
    app.on("/sign-out", (q, r) -> q.getSession().invalidate());
    client.get("/keep");
    awaitEndOfRequests();
    return kept;
  }

  @OnEachContainer
  @DisplayName("21: a value bound after the request can be read back, and hears of the end")
  void boundAfterwards(Container container) throws Exception {
    TestApp app = on(container);
    Client client = app.client();
    Kept kept = keep(app, client);
    Connection connection = new Connection();
    kept.session.get().setAttribute("connection", connection);
    assertThat(kept.session.get().getAttribute("connection")).isSameAs(connection);

    client.get("/sign-in");
    assertThat(connection.closed).hasValue(0);
    client.get("/sign-out");
    assertThat(connection.closed).hasValue(1);
  }

  @OnEachContainer
  @DisplayName("21: not of another session's end, nor when it was taken out before")
  void notBoundAnyMore(Container container) throws Exception {
    TestApp app = on(container);
    Client client = app.client();
    Kept kept = keep(app, client);
    Connection connection = new Connection();
    kept.session.get().setAttribute("connection", connection);
    Client other = app.client();
    keep(app, other);
    other.get("/sign-out");
    assertThat(connection.closed).hasValue(0);

    kept.session.get().removeAttribute("connection");
    assertThat(connection.closed).hasValue(1);
    client.get("/sign-out");
    assertThat(connection.closed).hasValue(1);
  }

  @OnEachContainer
  @DisplayName("21: nor when another took its place; whoever ends the held session tells once")
  void replacedAndEnded(Container container) throws Exception {
    TestApp app = on(container);
    Client client = app.client();
    Kept kept = keep(app, client);
    Connection first = new Connection();
    Connection second = new Connection();
    kept.session.get().setAttribute("connection", first);
    kept.session.get().setAttribute("connection", second);
    kept.session.get().setAttribute("connection", second);
    assertThat(first.closed).hasValue(1);
    kept.session.get().invalidate();
    assertThat(first.closed).hasValue(1);
    assertThat(second.closed).hasValue(1);
    client.get("/sign-out");
    assertThat(second.closed).hasValue(1);
  }

  @OnEachContainer
  @DisplayName("21, 25: taken out again after the session's id has changed, it hears no more")
  void removedUnderNewId(Container container) throws Exception {
    TestApp app = on(container);
    Client client = app.client();
    Kept kept = keep(app, client);
    Connection removed = new Connection();
    Connection replaced = new Connection();
    kept.session.get().setAttribute("removed", removed);
    kept.session.get().setAttribute("replaced", replaced);
    client.get("/sign-in");
    kept.session.get().removeAttribute("removed");
    kept.session.get().setAttribute("replaced", "a text");
    client.get("/sign-out");
    assertThat(removed.closed).hasValue(1);
    assertThat(replaced.closed).hasValue(1);
  }

  @OnEachContainer
  @DisplayName("21: what is bound afterwards hears of the end by the session that ends")
  void eventsSession(Container container) throws Exception {
    TestApp app = on(container);
    Client client = app.client();
    Kept kept = keep(app, client);
    Connection connection = new Connection();
    kept.session.get().setAttribute("connection", connection);
    AtomicReference<HttpSession> ending = new AtomicReference<>();
    app.on(
        "/end",
        (q, r) -> {
          ending.set(q.getSession());
          q.getSession().invalidate();
        });
    client.get("/end");
    assertThat(connection.toldBy.get()).isSameAs(ending.get()).isNotSameAs(kept.session.get());
  }

  @OnEachContainer
  @DisplayName("21: a value that waits for the end keeps neither its session nor the request alive")
  void keepsNothingAlive(Container container) throws Exception {
    TestApp app = on(container);
    Client client = app.client();
    Connection connection = new Connection();
    WeakReference<HttpSession> session = bindAndForget(app, client, connection);
    keep(app, app.client()); // so that the server's threads have served another request since
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (session.get() != null) {
      assertThat(System.nanoTime()).as("the session is still reachable").isLessThan(end);
      System.gc();
    }
    client.get("/sign-out");
    assertThat(connection.closed).hasValue(1);
  }

  private WeakReference<HttpSession> bindAndForget(
      TestApp app, Client client, Connection connection) throws Exception {
    HttpSession session = keep(app, client).session.get();
    session.setAttribute("connection", connection);
    return new WeakReference<>(session);
  }

  @Test
  @DisplayName("21: as many are remembered as a container has connections, the newest")
  void bounded() {
    BoundAfterwards bound = new BoundAfterwards();
    assertThat(bound.isEmpty()).isTrue();
    int all = BoundAfterwards.MAX_VALUES + 1;
    for (int i = 0; i < all; i++) {
      bound.add("session " + i % 3, "value", i);
    }
    List<Object> left = new ArrayList<>();
    for (String id : List.of("session 0", "session 1", "session 2")) {
      bound.take(id).forEach(value -> left.add(value.value()));
      assertThat(bound.take(id)).isEmpty();
    }
    assertThat(left).hasSize(BoundAfterwards.MAX_VALUES).doesNotContain(0);
    assertThat(bound.isEmpty()).isTrue();
  }

  @Test
  @DisplayName("21: what is forgotten leaves room, and two sessions that get one id are one")
  void forgotten() {
    BoundAfterwards bound = new BoundAfterwards();
    BoundAfterwards.Bound one = bound.add("a", "value", "one");
    bound.add("b", "value", "two");
    bound.renamed("a", "b");
    assertThat(bound.take("a")).isEmpty();
    bound.forget(one);
    bound.forget(one);
    assertThat(bound.isEmpty()).isFalse();
    assertThat(bound.take("b")).extracting(BoundAfterwards.Bound::value).containsExactly("two");
    assertThat(bound.isEmpty()).isTrue();
  }
}
