package dev.satchel.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Requests to one server in a closed loop: each connection asks again as soon as it is answered.
 * Every connection has sessions of its own and takes them in turn.
 */
final class Load {
  private static final int CONNECTIONS = 4;
  private static final int SESSIONS =
      27; // no divisor with WRITE_EVERY: each of them writes at some time

  private final int port;
  private final List<List<LoadClient.Jar>> jars = new ArrayList<>();

  private Load(int port) {
    this.port = port;
  }

  /** With its sessions made. */
  static Load on(int port) throws IOException {
    Load load = new Load(port);
    try (LoadClient client = new LoadClient(port)) {
      for (int c = 0; c < CONNECTIONS; c++) {
        List<LoadClient.Jar> own = new ArrayList<>();
        for (int s = 0; s < SESSIONS; s++) {
          LoadClient.Jar jar = new LoadClient.Jar();
          client.get("/new", jar);
          own.add(jar);
        }
        load.jars.add(own);
      }
    }
    return load;
  }

  /**
   * What a run gave.
   *
   * @param nanos how long each request took, sorted
   */
  record Run(long elapsedNanos, long[] nanos, long bytesOut, long bytesIn) {
    int requests() {
      return nanos.length;
    }

    /** Microseconds that this share of the requests did not exceed. */
    double micros(double share) {
      return nanos[(int) Math.min(nanos.length - 1L, Math.round(share * nanos.length))] / 1e3;
    }

    double perSecond() {
      return requests() * 1e9 / elapsedNanos;
    }
  }

  /**
   * Asks for some time.
   *
   * @param writeEvery each so-many-th request writes; 0 for none
   */
  Run run(long millis, int writeEvery) throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      long start = System.nanoTime();
      long end = start + millis * 1_000_000;
      List<Future<Run>> parts = new ArrayList<>();
      for (List<LoadClient.Jar> own : jars) {
        parts.add(threads.submit(() -> loop(own, end, writeEvery)));
      }
      long[] all = {};
      long out = 0;
      long in = 0;
      for (Future<Run> part : parts) {
        Run run = part.get();
        int before = all.length;
        all = Arrays.copyOf(all, before + run.nanos().length);
        System.arraycopy(run.nanos(), 0, all, before, run.nanos().length);
        out += run.bytesOut();
        in += run.bytesIn();
      }
      Arrays.sort(all);
      return new Run(System.nanoTime() - start, all, out, in);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a request failed", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private Run loop(List<LoadClient.Jar> own, long end, int writeEvery) throws IOException {
    long[] nanos = new long[1 << 16];
    int count = 0;
    try (LoadClient client = new LoadClient(port)) {
      long before = System.nanoTime();
      while (before < end) {
        LoadClient.Jar jar = own.get(count % own.size());
        boolean write = writeEvery > 0 && count % writeEvery == writeEvery - 1;
        String answer = client.get(write ? "/write" : "/read", jar);
        if (answer.equals(CostServlet.LOST)) {
          throw new IllegalStateException("a session was lost");
        }
        long after = System.nanoTime();
        if (count == nanos.length) {
          nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = after - before;
        before = after;
      }
      return new Run(0, Arrays.copyOf(nanos, count), client.bytesOut(), client.bytesIn());
    }
  }
}
