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
 * Two Tomcats with one application, and requests that go to the one and the other in turn. All that
 * they share is a directory with a key ring.
 */
public final class TwoNodes implements AutoCloseable {
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

  private TwoNodes() {}

  /**
   * @param scratch for the servers' files, in directories of their own
   */
  public static TwoNodes start(Path scratch, Deployment application) throws Exception {
    Registry.disableRegistry(); // two Tomcats of one process would argue over names there
    TwoNodes cluster = new TwoNodes();
    try {
      for (String name : List.of("A", "B")) {
        cluster.add(Files.createDirectory(scratch.resolve(name)), application);
      }
      return cluster;
    } catch (Exception e) {
      cluster.close();
      throw e;
    }
  }

  private void add(Path base, Deployment application) throws Exception {
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
    Tomcat node = nodes.get(turn++ % nodes.size());
    return URI.create("http://localhost:" + node.getConnector().getLocalPort() + "/");
  }

  @Override
  public void close() throws LifecycleException {
    for (Tomcat node : nodes) {
      node.stop();
      node.destroy();
    }
  }
}
