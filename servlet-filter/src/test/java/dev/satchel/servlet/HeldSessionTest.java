package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A session that somebody holds on to when its request is over (BEHAVIOUR.md 21). */
class HeldSessionTest extends ScenarioTest {

  /** What Tomcat binds to the session of a WebSocket's handshake, after the upgrade. */
  private static final class Connection implements HttpSessionBindingListener {
    private final AtomicInteger closed = new AtomicInteger();

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
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

  @Test
  @DisplayName("21: as many are remembered as a container has connections, the newest")
  void bounded() {
    BoundAfterwards bound = new BoundAfterwards();
    List<Integer> told = new CopyOnWriteArrayList<>();
    int all = BoundAfterwards.MAX_VALUES + 1;
    for (int i = 0; i < all; i++) {
      int value = i;
      bound.add("one", () -> told.add(value));
    }
    bound.take("one").forEach(Runnable::run);
    assertThat(told).hasSize(BoundAfterwards.MAX_VALUES).doesNotContain(0);
    assertThat(bound.take("one")).isEmpty();
  }
}
