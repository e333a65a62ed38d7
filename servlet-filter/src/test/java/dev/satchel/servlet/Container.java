package dev.satchel.servlet;

import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The containers that every scenario runs on. Tomcat 10.1 and 11 share package names and the
 * Servlet API exists once on a class path, so they run in two rounds (see pom.xml): {@link
 * #TOMCAT_11} and {@link #JETTY} with Servlet 6.1, {@link #TOMCAT_10} and {@link #UNDERTOW} with
 * 6.0.
 */
enum Container {
  TOMCAT_11("Tomcat 11"),
  JETTY("Jetty 12.1"),
  TOMCAT_10("Tomcat 10.1"),
  UNDERTOW("Undertow 2.3");

  private static final String SETTING = "satchel.containers";

  private final String title;

  Container(String title) {
    this.title = title;
  }

  /**
   * Those of this round: what the build names. One that is named and not on the class path fails
   * its scenarios, so that none vanishes unseen. Where nothing is named, as in an IDE: all there
   * are.
   */
  static List<Container> running() {
    String named = System.getProperty(SETTING);
    return named == null
        ? Stream.of(values()).filter(Container::isPresent).toList()
        : Stream.of(named.split(",")).map(Container::valueOf).toList();
  }

  /** Its name for people, with the release line. */
  String title() {
    return title;
  }

  /** Whether it is on the class path, with the Servlet API that it implements. */
  boolean isPresent() {
    return switch (this) {
      case TOMCAT_11 -> TomcatContainer.release().startsWith("11.0.");
      case TOMCAT_10 -> TomcatContainer.release().startsWith("10.1.");
      case JETTY -> ServletApi.IS_6_1 && ServletApi.has("org.eclipse.jetty.server.Server");
      case UNDERTOW -> !ServletApi.IS_6_1 && ServletApi.has("io.undertow.Undertow");
    };
  }

  /** Starts an application on a free port. Error pages are keyed by status or exception class. */
  Started start(Startup startup, Map<Object, String> errorPages) throws Exception {
    return start(startup, errorPages, context -> {});
  }

  /**
   * As {@link #start(Startup, Map)}.
   *
   * @param natively gets what the container keeps of the application before it starts, for what the
   *     Servlet API cannot set: Tomcat's {@code Context}, Jetty's {@code ServletContextHandler},
   *     Undertow's {@code DeploymentInfo}
   */
  Started start(Startup startup, Map<Object, String> errorPages, Natively natively)
      throws Exception {
    return switch (this) {
      case TOMCAT_11, TOMCAT_10 -> TomcatContainer.start(startup, errorPages, natively);
      case JETTY -> JettyContainer.start(startup, errorPages, natively);
      case UNDERTOW -> UndertowContainer.start(startup, errorPages, natively);
    };
  }

  /** What an application does when its context starts. */
  interface Startup {
    void accept(ServletContext context);
  }

  /** What is set on the container's own objects. */
  interface Natively {
    void accept(Object context) throws Exception;
  }

  /** A container that runs. */
  interface Started extends AutoCloseable {
    int port();
  }
}
