package dev.satchel.examples.demo;

import dev.satchel.examples.demo.check.Check;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Starts the cluster and shows it, until interrupted; or, with {@code --check}, drives it with
 * scripted visitors and says whether a session was lost.
 */
public final class Demo {
  private Demo() {}

  /** See {@link Options#USAGE}. */
  public static void main(String[] args) throws InterruptedException {
    if (List.of(args).contains("--help")) {
      System.out.println(Options.USAGE);
      return;
    }
    try {
      Options options = Options.parse(args);
      if (options.check()) {
        if (!check(options.port())) {
          System.exit(1);
        }
      } else {
        serve(options.port());
      }
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + System.lineSeparator() + Options.USAGE);
      System.exit(2);
    } catch (IOException e) {
      // What a network says of itself is often the kind of its failure alone.
      String what = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      System.err.println("The demo cannot go on: " + what);
      System.exit(1);
    }
  }

  private static boolean check(int port) throws IOException, InterruptedException {
    try (Cluster cluster = closedInAnyCase(Cluster.start(port))) {
      return check(cluster, System.out);
    }
  }

  /**
   * @throws IOException also if the cluster was closed meanwhile, and says so
   */
  static boolean check(Cluster cluster, PrintStream out) throws IOException, InterruptedException {
    try {
      return new Check(cluster.location(), out).run();
    } catch (IOException e) {
      throw cluster.isClosed() ? new IOException("it was stopped during the check", e) : e;
    }
  }

  private static void serve(int port) throws IOException, InterruptedException {
    Cluster cluster = closedInAnyCase(Cluster.start(port));
    System.out.println("Satchel demo: " + cluster.location());
    System.out.println("Two nodes behind one front. Press Ctrl+C to stop.");
    new CountDownLatch(1).await();
  }

  /** Also by Ctrl+C: on disk are keys. */
  private static Cluster closedInAnyCase(Cluster cluster) {
    Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "demo-shutdown"));
    return cluster;
  }
}
