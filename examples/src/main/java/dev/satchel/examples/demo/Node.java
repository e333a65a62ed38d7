package dev.satchel.examples.demo;

import dev.satchel.AttributeTypes;
import dev.satchel.SessionPolicy;
import dev.satchel.examples.demo.shop.CartItem;
import dev.satchel.examples.demo.shop.CsrfToken;
import dev.satchel.examples.demo.shop.ShopServlet;
import dev.satchel.examples.demo.shop.TokenFacts;
import dev.satchel.keys.RotatingKeySource;
import dev.satchel.servlet.SessionCookie;
import dev.satchel.servlet.StatelessSessionFilter;
import jakarta.servlet.ServletContext;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.modeler.Registry;
import org.jspecify.annotations.Nullable;

/**
 * One server: a Tomcat with the shop, the session filter in front of it, and its own view of the
 * ring. Between its kill and its next start nothing survives but its name.
 */
final class Node implements AutoCloseable {
  /** Held in a field, since a logger that nobody holds forgets its level. */
  private static final Logger TOMCAT = Logger.getLogger("org.apache");

  static {
    // Tomcat tells of its starts and stops, and warns of what a kill interrupts; here that is the
    // point.
    TOMCAT.setLevel(Level.SEVERE);
    // Two Tomcats in one process would argue over the names of their beans.
    Registry.disableRegistry();
  }

  private static final AttributeTypes TYPES =
      AttributeTypes.builder().register("item", CartItem.class).build();

  private static final SessionPolicy POLICY =
      SessionPolicy.defaults()
          .withAbsoluteLifetime(SharedRing.MAX_TOKEN_LIFETIME)
          .withSecretAttributes(Set.of(CsrfToken.ATTRIBUTE));

  private final String name;
  private final SharedRing ring;
  private final Path scratch;
  private final InstantSource clock;

  private @Nullable Tomcat tomcat;
  private @Nullable RotatingKeySource keys;
  private volatile boolean up;
  private volatile URI location = URI.create("http://127.0.0.1:9/"); // nobody listens there yet

  Node(String name, SharedRing ring, Path scratch, InstantSource clock) {
    this.name = name;
    this.ring = ring;
    this.scratch = scratch;
    this.clock = clock;
  }

  String name() {
    return name;
  }

  /** Whether it runs. Only for show: the front finds out by calling. */
  boolean isUp() {
    return up;
  }

  /** Where it listens, or did before it was killed. */
  URI location() {
    return location;
  }

  /** Starts it on a port that the system chooses. Nothing happens if it runs. */
  synchronized void start() {
    if (tomcat != null) {
      return;
    }
    RotatingKeySource source = ring.open();
    Tomcat server = new Tomcat();
    server.setBaseDir(scratch.toString());
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
    connector.setProperty("executorTerminationTimeoutMillis", "0");
    server.setConnector(connector);
    StandardContext context = (StandardContext) server.addContext("", null);
    context.setParentClassLoader(Node.class.getClassLoader());
    // A kill waits for nobody; but 0 would make Tomcat wait for ever, it sleeps a twentieth at a
    // time.
    context.setUnloadDelay(20);
    // The application's classes are the program's own: there is no class loader that could leak.
    context.setClearReferencesThreadLocals(false);
    context.setClearReferencesRmiTargets(false);
    context.addServletContainerInitializer((types, app) -> deploy(app, source), Set.of());
    try {
      server.start();
    } catch (LifecycleException e) {
      source.close();
      throw new IllegalStateException("node " + name + " does not start", e);
    } finally {
      // Or it is home to all later Tomcats of the process, which would make its directory anew.
      System.clearProperty("catalina.home");
    }
    tomcat = server;
    keys = source;
    location =
        URI.create(
            "http://"
                + InetAddress.getLoopbackAddress().getHostAddress()
                + ":"
                + connector.getLocalPort()
                + "/");
    up = true;
  }

  /**
   * All that makes the shop's sessions stateless is the filter; the servlet knows nothing of it.
   */
  private void deploy(ServletContext app, RotatingKeySource source) {
    app.setRequestCharacterEncoding("UTF-8"); // names are not all ASCII
    // For show only, see there; it has to see the cookie before the filter hides it.
    app.addFilter("token-facts", TokenFacts.reader(SessionCookie.host(SharedRing.NAME).name()))
        .addMappingForUrlPatterns(null, false, "/");
    StatelessSessionFilter.builder(SharedRing.NAME, source)
        .policy(POLICY)
        .attributeTypes(TYPES)
        .clock(clock)
        .build()
        .register(app);
    app.addServlet("health", new HealthServlet(source)).addMapping("/health");
    app.addServlet("shop", new ShopServlet(name, new NodeRingView(ring, source))).addMapping("/");
  }

  /** Ends it without notice: requests in hand get no answer. Nothing happens if it is down. */
  synchronized void kill() {
    Tomcat server = tomcat;
    RotatingKeySource source = keys;
    if (server == null || source == null) {
      return;
    }
    up = false;
    tomcat = null;
    keys = null;
    try {
      server.getConnector().stop(); // connections first, so that whoever is being served sees it go
      server.stop();
      server.destroy();
    } catch (LifecycleException e) {
      throw new IllegalStateException("node " + name + " does not stop", e);
    } finally {
      source.close();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
