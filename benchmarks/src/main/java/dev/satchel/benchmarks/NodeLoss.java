package dev.satchel.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two nodes, of which one is killed while many sessions count up through a router; how many of the
 * sessions were lost by the end. A request without an answer is asked again at the other node.
 */
final class NodeLoss {
  private static final int SESSIONS = 200;
  private static final int THREADS = 4;
  private static final int ROUNDS = 20;

  /** When the node dies: in the middle of this round. */
  private static final int DEATH = 10;

  private NodeLoss() {}

  /** Which node a request goes to, as load balancers choose. */
  enum Routing {
    /** Any node, one after the other. */
    ROUND_ROBIN("round robin") {
      @Override
      int node(int session, int request) {
        return (session + request) & 1;
      }
    },
    /** The node that made the session, by a cookie of the balancer's. */
    STICKY("sticky") {
      @Override
      int node(int session, int request) {
        return session & 1;
      }
    },
    /** A node by the hash of something that the client has, such as its address. */
    CONSISTENT_HASH("consistent hash") {
      @Override
      int node(int session, int request) {
        return (session * 0x9E3779B9) >>> 31; // Fibonacci hashing spreads small numbers
      }
    };

    private final String title;

    Routing(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }

    /** 0 or 1, while both live. */
    abstract int node(int session, int request);
  }

  /**
   * @param lostBefore sessions that one of their requests missed before all routers knew of the
   *     node's death
   * @param lost sessions that some request missed
   */
  record Outcome(int sessions, int lostBefore, int lost) {}

  static Outcome measure(SessionKind kind, SessionStores stores, Routing routing)
      throws IOException, InterruptedException {
    List<ServerProcess> nodes = ServerProcess.startPair(kind, stores);
    ServerProcess first = nodes.get(0);
    ServerProcess second = nodes.get(1);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    AtomicInteger killAt = new AtomicInteger(SESSIONS * DEATH);
    AtomicBoolean dead = new AtomicBoolean();
    try {
      List<Future<List<Visitor>>> parts = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int from = t;
        parts.add(
            threads.submit(
                () -> {
                  List<Visitor> visitors = new ArrayList<>();
                  Router router = new Router(routing, first, second, dead);
                  for (int s = from; s < SESSIONS; s += THREADS) {
                    Visitor visitor = new Visitor(s);
                    router.get("/new", visitor);
                    visitors.add(visitor);
                  }
                  for (int round = 0; round < ROUNDS; round++) {
                    for (Visitor visitor : visitors) {
                      visitor.count(router);
                      if (killAt.decrementAndGet() == 0) {
                        first.close(); // nobody is told: requests run into it
                        dead.set(true);
                      }
                    }
                  }
                  return visitors;
                }));
      }
      int before = 0;
      int lost = 0;
      for (Future<List<Visitor>> part : parts) {
        for (Visitor visitor : part.get()) {
          before += visitor.lostBefore ? 1 : 0;
          lost += visitor.lost ? 1 : 0;
        }
      }
      return new Outcome(SESSIONS, before, lost);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a request failed", e.getCause());
    } finally {
      threads.shutdownNow();
      first.close();
      second.close();
    }
  }

  /** Somebody with a session. */
  private static final class Visitor {
    final int number;
    final LoadClient.Jar jar = new LoadClient.Jar();
    int requests;
    int counted;
    boolean lostBefore;
    boolean lost;

    Visitor(int number) {
      this.number = number;
    }

    /** One up; a counter that is behind has lost something, a lost session begins anew. */
    void count(Router router) throws IOException {
      String answer = router.get("/write", this);
      if (answer.equals(CostServlet.LOST)) {
        miss(router.firstIsDead.get());
        router.get("/new", this);
        counted = 0;
      } else {
        int now = Integer.parseInt(answer);
        if (now <= counted) {
          miss(router.firstIsDead.get());
        }
        counted = now;
      }
    }

    private void miss(boolean afterDeath) {
      lost = true;
      lostBefore |= !afterDeath;
    }
  }

  /** One thread's way to the nodes. */
  private static final class Router {
    private final Routing routing;
    private final ServerProcess[] nodes;
    private final LoadClient[] connections = new LoadClient[2];
    private final AtomicBoolean firstIsDead;

    Router(Routing routing, ServerProcess first, ServerProcess second, AtomicBoolean firstIsDead) {
      this.routing = routing;
      this.nodes = new ServerProcess[] {first, second};
      this.firstIsDead = firstIsDead;
    }

    String get(String path, Visitor visitor) throws IOException {
      int node = firstIsDead.get() ? 1 : routing.node(visitor.number, visitor.requests++);
      try {
        return connection(node).get(path, visitor.jar);
      } catch (IOException e) {
        if (node == 1) {
          throw e; // nobody killed that one
        }
        return connection(1).get(path, visitor.jar);
      }
    }

    private LoadClient connection(int node) throws IOException {
      LoadClient connection = connections[node];
      if (connection == null) {
        connection = new LoadClient(nodes[node].port());
        connections[node] = connection;
      }
      return connection;
    }
  }
}
