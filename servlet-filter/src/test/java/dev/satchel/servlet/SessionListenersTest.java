package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.AttributeTypes;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.EventListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Listeners hear of sessions in the containers' order (BEHAVIOUR.md 3.E). */
class SessionListenersTest extends ScenarioTest {
  private static final List<String> HEARD = new CopyOnWriteArrayList<>();

  /** An attribute that says what happens to it. */
  public record Talking(String name)
      implements HttpSessionBindingListener, HttpSessionActivationListener {
    @Override
    public void valueBound(HttpSessionBindingEvent event) {
      HEARD.add(
          "bound "
              + name
              + ", visible "
              + (event.getSession().getAttribute(event.getName()) == this));
    }

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
      HEARD.add("unbound " + name);
    }

    @Override
    public void sessionWillPassivate(HttpSessionEvent event) {
      HEARD.add("passivate " + name);
    }

    @Override
    public void sessionDidActivate(HttpSessionEvent event) {
      HEARD.add("activate " + name);
    }
  }

  private record Listener(String name)
      implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {
    @Override
    public void sessionCreated(HttpSessionEvent event) {
      HEARD.add(name + " created");
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
      event.getSession().invalidate(); // again, from within: changes nothing
      HEARD.add(name + " destroyed, a=" + event.getSession().getAttribute("a"));
    }

    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
      HEARD.add(name + " added " + event.getName() + "=" + event.getValue());
    }

    @Override
    public void attributeRemoved(HttpSessionBindingEvent event) {
      HEARD.add(name + " removed " + event.getName() + "=" + event.getValue());
    }

    @Override
    public void attributeReplaced(HttpSessionBindingEvent event) {
      HEARD.add(name + " replaced " + event.getName() + "=" + event.getValue());
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String oldId) {
      HEARD.add(name + " id changed " + !event.getSession().getId().equals(oldId));
      event.getSession().setAttribute("in-listener-" + name, "1");
    }
  }

  @Override
  StatelessSessionFilter filter() {
    return builder()
        .attributeTypes(AttributeTypes.builder().register("talking", Talking.class).build())
        .listener(new Listener("one"))
        .listener(new Listener("two"))
        .build();
  }

  @BeforeEach
  void forget() {
    HEARD.clear();
  }

  private static List<String> heard() {
    List<String> taken = List.copyOf(HEARD);
    HEARD.clear();
    return taken;
  }

  @OnEachContainer
  @DisplayName(
      "58, 59, 12: created in order, destroyed in reverse with attributes readable, then removed")
  void sessionListeners(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/set", (q, r) -> q.getSession().setAttribute("a", "1"));
    app.on("/end", (q, r) -> q.getSession().invalidate());
    Client client = app.client();
    client.get("/set");
    assertThat(heard())
        .containsExactly("one created", "two created", "one added a=1", "two added a=1");
    client.get("/end");
    assertThat(heard())
        .containsExactly(
            "two destroyed, a=1", "one destroyed, a=1", "one removed a=1", "two removed a=1");
  }

  @OnEachContainer
  @DisplayName(
      "59, 60: the old value for replaced and removed; the identical reference fires nothing")
  void attributeListeners(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/set", (q, r) -> q.getSession().setAttribute("a", "1"));
    app.on(
        "/change",
        (q, r) -> {
          HttpSession session = q.getSession();
          session.setAttribute("a", "2");
          session.setAttribute("a", "2");
          session.setAttribute("a", null);
          session.removeAttribute("a");
        });
    Client client = app.client();
    client.get("/set");
    heard();
    client.get("/change");
    assertThat(heard())
        .containsExactly(
            "one replaced a=1", "two replaced a=1", "one removed a=2", "two removed a=2");
  }

  @OnEachContainer
  @DisplayName(
      "60, 61: bound before it is visible, stored, the old one unbound, then the attribute event")
  void binding(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/set", (q, r) -> q.getSession().setAttribute("t", new Talking("A")));
    app.on("/replace", (q, r) -> q.getSession().setAttribute("t", new Talking("B")));
    app.on("/end", (q, r) -> q.getSession().invalidate());
    Client client = app.client();
    client.get("/set");
    assertThat(heard())
        .containsExactly(
            "one created",
            "two created",
            "bound A, visible false",
            "one added t=Talking[name=A]",
            "two added t=Talking[name=A]",
            "passivate A",
            "activate A");
    client.get("/replace");
    assertThat(heard())
        .containsExactly(
            "activate A",
            "bound B, visible false",
            "unbound A",
            "one replaced t=Talking[name=A]",
            "two replaced t=Talking[name=A]",
            "passivate B",
            "activate B");
    client.get("/end");
    assertThat(heard())
        .containsExactly(
            "two destroyed, a=null",
            "one destroyed, a=null",
            "activate B",
            "unbound B",
            "one removed t=Talking[name=B]",
            "two removed t=Talking[name=B]");
  }

  @OnEachContainer
  @DisplayName("62: activated once per request, when first read")
  void activation(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/set", (q, r) -> q.getSession().setAttribute("t", new Talking("A")));
    app.on(
        "/read",
        (q, r) -> {
          q.getSession();
          HEARD.add("before");
          q.getSession().getAttribute("t");
          q.getSession().getAttribute("t");
        });
    Client client = app.client();
    client.get("/set");
    heard();
    client.get("/read");
    assertThat(heard()).startsWith("before", "activate A").containsOnlyOnce("passivate A");
  }

  @OnEachContainer
  @DisplayName("62: switched off, values hear neither of reading nor of writing")
  void noActivation(Container container) throws Exception {
    AttributeTypes types = AttributeTypes.builder().register("talking", Talking.class).build();
    try (TestApp app =
        TestApp.start(
            container, builder().attributeTypes(types).withoutActivationEvents().build())) {
      app.on("/set", (q, r) -> q.getSession().setAttribute("t", new Talking("A")));
      app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("t")));
      Client client = app.client();
      client.get("/set");
      assertThat(client.get("/get").body()).isEqualTo("Talking[name=A]");
      assertThat(heard()).containsExactly("bound A, visible false");
    }
  }

  @OnEachContainer
  @DisplayName("61, 25: the id listener sees the new id and may set attributes")
  void idListener(Container container) throws Exception {
    TestApp app = on(container);
    app.on("/set", (q, r) -> q.getSession());
    app.on("/change", (q, r) -> q.changeSessionId());
    app.on("/get", (q, r) -> r.getWriter().print(q.getSession().getAttribute("in-listener-two")));
    Client client = app.client();
    client.get("/set");
    heard();
    client.get("/change");
    assertThat(heard()).contains("one id changed true", "two id changed true");
    assertThat(client.get("/get").body()).isEqualTo("1");
  }

  @Test
  @DisplayName("what listens to nothing of a session is refused")
  void useless() {
    EventListener nothing = new EventListener() {};
    assertThatThrownBy(() -> builder().listener(nothing).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowed is an HttpSessionListener");
  }
}
