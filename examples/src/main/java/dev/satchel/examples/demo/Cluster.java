package dev.satchel.examples.demo;

import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Two nodes, the front before them, and the directory with the ring that is all they share. */
public final class Cluster implements AutoCloseable {
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final URI location;

  private Cluster(int port) throws IOException {
    try {
      InstantSource clock = InstantSource.system();
      RingDirectory directory = closeLater(RingDirectory.create());
      SharedRing ring = SharedRing.create(directory, clock);
      List<Node> nodes =
          List.of(
              closeLater(new Node("A", ring, directory.scratch("A"), clock)),
              closeLater(new Node("B", ring, directory.scratch("B"), clock)));
      // The port first: if it is taken, no node has been started in vain.
      location = closeLater(Front.open(port, nodes)).location();
      nodes.forEach(Node::start);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts it all.
   *
   * @param port of the front; 0 for any free one
   */
  public static Cluster start(int port) throws IOException {
    return new Cluster(port);
  }

  /** Where a browser finds it. */
  public URI location() {
    return location;
  }

  private <T extends AutoCloseable> T closeLater(T part) {
    running.push(part);
    return part;
  }

  /** Whether it was closed; while it is being, waits until it is. */
  synchronized boolean isClosed() {
    return running.isEmpty();
  }

  /**
   * Stops everything, the last first, and deletes what was on disk. May be called by several
   * threads, and again: who comes second waits, and has nothing to do.
   */
  @Override
  public synchronized void close() {
    while (!running.isEmpty()) {
      AutoCloseable part = running.pop();
      try {
        part.close();
      } catch (Exception e) {
        // The rest has to go all the same.
        System.err.println(part.getClass().getSimpleName() + " did not close: " + e.getMessage());
      }
    }
  }
}
