package dev.satchel.examples;

import dev.satchel.SessionKey;
import dev.satchel.TokenAlgorithm;
import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.RotationPolicy;
import dev.satchel.keys.file.FileKeyRingStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.modeler.Registry;

/**
 * Tomcats with one application, and requests that go to one after the other. All that they share is
 * a key ring.
 */
public final class TomcatNodes implements AutoCloseable {
  /** Held, or their levels would be forgotten with them; tests provoke failures on purpose. */
  private static final List<Logger> LOGGERS =
      Stream.of(
              "org.apache",
              "org.apache.catalina.core.ContainerBase.[Tomcat].[localhost].[/]",
              "org.glassfish")
          .map(Logger::getLogger)
          .toList();

  private final List<Tomcat> nodes = new ArrayList<>();
  private int turn;

  /** What puts the application into a server. */
  public interface Deployment {
    void deploy(Tomcat server) throws Exception;
  }

  private TomcatNodes() {}

  /**
   * Two of them.
   *
   * @param scratch for the servers' files, in directories of their own
   */
  public static TomcatNodes start(Path scratch, Deployment application) throws Exception {
    return start(scratch, List.of("A", "B"), application);
  }

  /** As many as there are names, in their order. */
  public static TomcatNodes start(Path scratch, List<String> names, Deployment application)
      throws Exception {
    Registry.disableRegistry(); // two Tomcats of one process would argue over names there
    TomcatNodes cluster = new TomcatNodes();
    try {
      for (String name : names) {
        cluster.add(Files.createDirectory(scratch.resolve(name)), application);
      }
      return cluster;
    } catch (Exception e) {
      cluster.close();
      throw e;
    }
  }

  private void add(Path base, Deployment application) throws Exception {
    forgetHome();
    Tomcat server = new Tomcat();
    nodes.add(server);
    server.setBaseDir(base.toString());
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
    server.setConnector(connector);
    application.deploy(server);
    LOGGERS.forEach(logger -> logger.setLevel(Level.OFF)); // deploying has set another for one
    server.start();
    forgetHome();
  }

  /** Or one Tomcat of a process is home to all later ones, which make its directory anew. */
  private static void forgetHome() {
    System.clearProperty("catalina.home");
  }

  /**
   * Makes a key ring.
   *
   * @return its location, as the filter's init parameter {@code keySource} has it
   */
  public static URI ring(Path directory, String name) throws IOException {
    // In life the key is kept apart from what it protects; here both are for their owner only.
    Path kek = directory.resolve("kek.jwk");
    Files.writeString(kek, SessionKey.generate("kek", TokenAlgorithm.A256KW).toSecretJwk());
    Path ring = directory.resolve("ring");
    KeyEncryptionKey sealing = KeyEncryptionKey.of("file:" + kek, variable -> null);
    new KeyCustodian(new FileKeyRingStore(ring), sealing, InstantSource.system())
        .creation(name, RotationPolicy.defaults())
        .commit();
    return URI.create("file:" + ring + "?kek=file:" + kek);
  }

  /** Where the next request goes. */
  public URI next() {
    return location(turn++ % nodes.size());
  }

  /** Where the node of this number listens, from 0. */
  public URI location(int node) {
    int port = nodes.get(node).getConnector().getLocalPort();
    return URI.create("http://localhost:" + port + "/");
  }

  @Override
  public void close() throws LifecycleException {
    for (Tomcat node : nodes) {
      node.stop();
      node.destroy();
    }
  }
}
