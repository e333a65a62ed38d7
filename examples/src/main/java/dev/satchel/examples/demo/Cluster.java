package dev.satchel.examples.demo;

import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.tomcat.util.modeler.Registry;

/** Two nodes, the front before them, and the directory with the ring that is all they share. */
public final class Cluster implements AutoCloseable {
  /**
   * Tomcat tells of its starts and stops, and warns of what a kill interrupts; here that is the
   * point. Held in a field, since a logger that nobody holds forgets its level.
   */
  private static final Logger TOMCAT = Logger.getLogger("org.apache");

  private final RingDirectory directory;
  private final List<Node> nodes;
  private final Front front;

  private Cluster(RingDirectory directory, List<Node> nodes, Front front) {
    this.directory = directory;
    this.nodes = nodes;
    this.front = front;
  }

  /**
   * Starts it all.
   *
   * @param port of the front; 0 for any free one
   */
  public static Cluster start(int port) throws IOException {
    TOMCAT.setLevel(Level.SEVERE);
    Registry.disableRegistry(); // two Tomcats in one process would argue over names of their beans
    InstantSource clock = InstantSource.system();
    RingDirectory directory = RingDirectory.create();
    try {
      SharedRing ring = SharedRing.create(directory, clock);
      List<Node> nodes =
          List.of(
              new Node("A", ring, directory.scratch("A"), clock),
              new Node("B", ring, directory.scratch("B"), clock));
      // The port first: if it is taken, nothing has been started in vain.
      Cluster cluster = new Cluster(directory, nodes, Front.open(port, nodes));
      nodes.forEach(Node::start);
      return cluster;
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** Where a browser finds it. */
  public URI location() {
    return front.location();
  }

  /** Stops everything and deletes what was on disk. */
  @Override
  public void close() {
    front.close();
    nodes.forEach(Node::kill);
    directory.close();
  }
}
