package dev.satchel.examples.demo;

import dev.satchel.examples.demo.check.Check;
import java.io.IOException;
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
      System.err.println("The demo cannot go on: " + e.getMessage());
      System.exit(1);
    }
  }

  private static boolean check(int port) throws IOException, InterruptedException {
    try (Cluster cluster = closedInAnyCase(Cluster.start(port))) {
      return new Check(cluster.location(), System.out).run();
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
