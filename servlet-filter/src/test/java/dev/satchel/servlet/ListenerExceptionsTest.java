package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;

/** Listeners that throw (BEHAVIOUR.md 63). */
class ListenerExceptionsTest extends ScenarioTest {
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private volatile String throwing = "nothing";

  private final class Failing
      implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {
    private final String name;

    Failing(String name) {
      this.name = name;
    }

    private void hear(String event) {
      heard.add(name + " " + event);
      if (event.equals(throwing) && name.equals("one")) {
        throw new TestApp.Broken();
      }
    }

    @Override
    public void sessionCreated(HttpSessionEvent event) {
      hear("created");
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
      hear("destroyed");
    }

    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
      hear("added");
    }

    @Override
    public void attributeRemoved(HttpSessionBindingEvent event) {
      hear("removed");
    }

    @Override
    public void attributeReplaced(HttpSessionBindingEvent event) {
      hear("replaced");
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String oldId) {
      hear("id changed");
    }
  }

  /** An attribute that does not want to be one. */
  private static final class Unbindable implements HttpSessionBindingListener {
    @Override
    public void valueBound(HttpSessionBindingEvent event) {
      throw new TestApp.Broken();
    }
  }

  @Override
  StatelessSessionFilter filter() {
    return builder().listener(new Failing("one")).listener(new Failing("two")).build();
  }

  @BeforeEach
  void nothingThrows() {
    throwing = "nothing";
    heard.clear();
  }

  private TestApp app(Container container) {
    return on(container).withSetAndGet().on("/broken", (q, r) -> r.getWriter().print("error page"));
  }

  @OnEachContainer
  @DisplayName(
      "63: a listener's exception reaches the caller, later listeners are left out, the change stands")
  void reachesCaller(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/change",
        (q, r) -> {
          HttpSession session = q.getSession();
          StringBuilder caught = new StringBuilder();
          for (String event : List.of("added", "replaced", "removed", "id changed")) {
            throwing = event;
            try {
              switch (event) {
                case "added" -> session.setAttribute("b", "1");
                case "replaced" -> session.setAttribute("b", "2");
                case "removed" -> session.removeAttribute("b");
                default -> q.changeSessionId();
              }
            } catch (TestApp.Broken e) {
              caught.append(event).append(' ').append(session.getAttribute("b")).append(", ");
            }
          }
          r.getWriter().print(caught);
        });
    Client client = app.client();
    client.get("/set");
    heard.clear();
    assertThat(client.get("/change").body())
        .isEqualTo("added 1, replaced 2, removed null, id changed null, ");
    assertThat(heard).containsExactly("one added", "one replaced", "one removed", "one id changed");
    throwing = "nothing";
    assertThat(client.get("/get").body()).isEqualTo("1");
  }

  @OnEachContainer
  @DisplayName("63: uncaught, it leads to the error page, and the session that came to be is sent")
  void toErrorPage(Container container) throws Exception {
    TestApp app = app(container);
    throwing = "created";
    Client client = app.client();
    Client.Answer answer = client.get("/set");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).isEqualTo("error page");
    assertThat(answer.setCookies()).hasSize(1);
    assertThat(heard).containsExactly("one created");
    assertThat(client.get("/get").body()).isEqualTo("null"); // the session is there
  }

  @OnEachContainer
  @DisplayName("63, 12: of the end of a session all are told, and it has ended")
  void endOfSession(Container container) throws Exception {
    TestApp app = app(container);
    app.on("/end", (q, r) -> q.getSession().invalidate());
    Client client = app.client();
    client.get("/set");
    heard.clear();
    throwing = "destroyed";
    assertThat(client.get("/end").status()).isEqualTo(500);
    assertThat(heard)
        .containsExactly("two destroyed", "one destroyed", "one removed", "two removed");
    assertThat(client.cookies).isEmpty();
    assertThat(client.get("/get").body()).isEqualTo("none");
  }

  @OnEachContainer
  @DisplayName("63, 60: a value whose valueBound throws is not stored")
  void valueBoundThrows(Container container) throws Exception {
    TestApp app = app(container);
    app.on(
        "/bind",
        (q, r) -> {
          try {
            q.getSession().setAttribute("a", new Unbindable());
          } catch (TestApp.Broken e) {
            r.getWriter().print(q.getSession().getAttribute("a"));
          }
        });
    Client client = app.client();
    client.get("/set");
    assertThat(client.get("/bind").body()).isEqualTo("1");
    assertThat(client.get("/get").body()).isEqualTo("1");
  }
}
