package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The container's own listeners hear of the filter's sessions (BEHAVIOUR.md 64). */
class ContainerListenersTest {
  private static final List<String> HEARD = new CopyOnWriteArrayList<>();

  /** One instance for all kinds, which keeps what it learnt at the start. */
  public static class Declared
      implements ServletContextListener,
          HttpSessionListener,
          HttpSessionAttributeListener,
          HttpSessionIdListener {
    private final String name;
    private String started = "not started";

    /** For the container. */
    public Declared() {
      this("declared");
    }

    Declared(String name) {
      this.name = name;
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
      started = "started";
    }

    @Override
    public void sessionCreated(HttpSessionEvent event) {
      HEARD.add(name + " created, " + started);
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
      HEARD.add(name + " destroyed, a=" + event.getSession().getAttribute("a"));
    }

    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
      HEARD.add(name + " added " + event.getName() + "=" + event.getValue());
    }

    @Override
    public void attributeReplaced(HttpSessionBindingEvent event) {
      HEARD.add(name + " replaced " + event.getName() + "=" + event.getValue());
    }

    @Override
    public void attributeRemoved(HttpSessionBindingEvent event) {
      HEARD.add(name + " removed " + event.getName());
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String oldId) {
      HEARD.add(name + " id changed " + !event.getSession().getId().equals(oldId));
    }
  }

  /** Listens to attributes alone. */
  private record Attributes(String name) implements HttpSessionAttributeListener {
    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
      HEARD.add(name + " added");
    }
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

  private static StatelessSessionFilter.Builder filter() {
    return StatelessSessionFilter.builder("shop", TestKeys.source());
  }

  @OnEachContainer
  @DisplayName("64, 58: the container's instances, in its order and for the end in reverse")
  void order(Container container) throws Exception {
    Declared both = new Declared("both");
    StatelessSessionFilter filter = filter().listener(new Declared("given")).listener(both).build();
    try (TestApp app =
        TestApp.start(
            container,
            filter,
            context -> {
              context.addListener(new Attributes("one"));
              context.addListener(Declared.class);
              context.addListener(new Attributes("two"));
              context.addListener(both);
            })) {
      app.on("/set", (q, r) -> q.getSession().setAttribute("a", "1"));
      app.on("/replace", (q, r) -> q.getSession().setAttribute("a", "2"));
      app.on("/id", (q, r) -> q.changeSessionId());
      app.on("/end", (q, r) -> q.getSession().invalidate());
      Client client = app.client();
      client.get("/set");
      assertThat(heard())
          .containsExactly(
              "declared created, started",
              "both created, started",
              "given created, not started",
              "one added",
              "declared added a=1",
              "two added",
              "both added a=1",
              "given added a=1");
      client.get("/replace");
      assertThat(heard())
          .containsExactly("declared replaced a=1", "both replaced a=1", "given replaced a=1");
      client.get("/id");
      assertThat(heard())
          .containsExactly(
              "declared id changed true", "both id changed true", "given id changed true");
      client.get("/end");
      assertThat(heard())
          .containsExactly(
              "given destroyed, a=2",
              "both destroyed, a=2",
              "declared destroyed, a=2",
              "declared removed a",
              "both removed a",
              "given removed a");
    }
  }

  @OnEachContainer
  @DisplayName("64, 80: of sessions of excluded paths the container alone tells them, once")
  void excluded(Container container) throws Exception {
    try (TestApp app =
        TestApp.start(
            container,
            filter().exclude("/native").build(),
            context -> context.addListener(new Declared("own")))) {
      app.on("/native", (q, r) -> q.getSession());
      app.client().get("/native");
      assertThat(heard()).containsExactly("own created, started");
    }
  }

  @OnEachContainer
  @DisplayName("64: told nothing where that is turned off, by the builder or an init parameter")
  void ignored(Container container) throws Exception {
    try (TestApp app =
        TestApp.start(
            container,
            filter().ignoreContainerListeners().listener(new Declared("given")).build(),
            context -> context.addListener(new Declared("own")))) {
      app.on("/set", (q, r) -> q.getSession());
      app.client().get("/set");
      assertThat(heard()).containsExactly("given created, not started");
    }
  }

  @Test
  @DisplayName(
      "64: a container that is not known costs a warning that says what to do, not the start")
  void unknownContainer() {
    try (Logged logged = new Logged()) {
      ContainerListeners found =
          ContainerListeners.of(
              context(ServletContext.class), new Warnings(InstantSource.system()));
      assertThat(found).isEqualTo(ContainerListeners.NONE);
      assertThat(logged.messages())
          .singleElement()
          .asString()
          .startsWith("session listeners: this container is not known here (")
          .contains("Builder.listener", "containerListeners=ignore");
    }
  }

  /** Stands where Tomcat has its resources, and has not what a bridge asks for. */
  public static final class Other {}

  @Test
  @DisplayName("64: nor does one that has changed inside")
  void changedContainer() {
    try (Logged logged = new Logged()) {
      ServletContext context = context(Other.class);
      assertThat(ContainerListeners.of(context, new Warnings(InstantSource.system())))
          .isEqualTo(ContainerListeners.NONE);
      assertThat(logged.messages())
          .singleElement()
          .asString()
          .startsWith(
              "session listeners: this container cannot be asked for its session listeners (")
          .contains("getContext");
    }
  }

  @Test
  @DisplayName("64: nor one whose fields are closed to reflection")
  void closedContainer() {
    assertThat(new ContainerObject("text"))
        .satisfies(
            text ->
                org.assertj.core.api.Assertions.assertThatThrownBy(() -> text.field("value"))
                    .isInstanceOf(IllegalAccessException.class)
                    .hasMessage("value of java.lang.String is closed to reflection"));
  }

  /** A context of no container, with an object of that class as its attribute if it is a class. */
  private static ServletContext context(Class<?> attribute) {
    return (ServletContext)
        Proxy.newProxyInstance(
            ContainerListenersTest.class.getClassLoader(),
            new Class<?>[] {ServletContext.class},
            (proxy, method, arguments) ->
                method.getName().equals("getAttribute") && !attribute.isInterface()
                    ? attribute.getConstructor().newInstance()
                    : null);
  }
}
