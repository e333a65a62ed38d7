package dev.satchel.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request costs by where its session is kept: the same page on embedded Tomcat, with each
 * {@link SessionKind}, asked over real connections. Every server is a process of its own, and what
 * counts is the processor time of that process per request: throughput and response times on a
 * machine that client, server and store share say less.
 */
public final class RequestCost {
  private static final int ROUNDS = 9;
  private static final long ROUND_MILLIS = 4_000;
  private static final long WARM_UP_MILLIS = 15_000;
  private static final int SESSIONS_ON_HEAP = 10_000;
  private static final int REPORTED_SESSIONS = 100_000;

  /** Every tenth request of the mixed load writes. */
  private static final int WRITE_EVERY = 10;

  private final SessionStores stores;
  private final boolean quick;

  private RequestCost(SessionStores stores, boolean quick) {
    this.stores = stores;
    this.quick = quick;
  }

  /**
   * Writes {@code requestcost.json}; takes a quarter of an hour.
   *
   * @param args the file; optionally {@code --quick}
   */
  public static void main(String[] args) throws IOException, SQLException, InterruptedException {
    boolean quick = args.length == 2 && args[1].equals("--quick");
    if (args.length != 1 && !quick) {
      throw new IllegalArgumentException("usage: RequestCost FILE [--quick]");
    }
    try (SessionStores stores = new SessionStores()) {
      Machine.write(Path.of(args[0]), new RequestCost(stores, quick).measure());
    }
  }

  private Map<String, Object> measure() throws IOException, InterruptedException {
    Map<SessionKind, Subject> subjects = new EnumMap<>(SessionKind.class);
    try {
      for (SessionKind kind : SessionKind.values()) {
        subjects.put(kind, Subject.start(kind, stores));
      }
      for (Subject subject : subjects.values()) {
        subject.load.run(quick ? ROUND_MILLIS : WARM_UP_MILLIS, 0);
        subject.load.run(quick ? ROUND_MILLIS : WARM_UP_MILLIS, WRITE_EVERY);
      }
      // In turns, so that a slow minute of the machine hits all alike.
      for (int round = 0; round < (quick ? 2 : ROUNDS); round++) {
        for (Subject subject : subjects.values()) {
          subject.read.add(subject.round(0));
          subject.mixed.add(subject.round(WRITE_EVERY));
        }
      }
      for (Map.Entry<SessionKind, Subject> each : subjects.entrySet()) {
        each.getValue().heapOfSessions = heapOfSessions(each.getValue().server.port());
      }
    } finally {
      subjects.values().forEach(Subject::close);
    }
    List<Object> rows = new ArrayList<>();
    for (Map.Entry<SessionKind, Subject> each : subjects.entrySet()) {
      Map<String, Object> row = each.getValue().row(each.getKey());
      if (each.getKey().isMeasuredByLoss()) {
        row.put("nodeLoss", nodeLoss(each.getKey()));
      }
      rows.add(row);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("machine", Machine.describe());
    result.put("subjects", rows);
    return result;
  }

  /** Bytes of the node's heap that so many idle sessions hold. */
  private static double heapOfSessions(int port) throws IOException {
    try (LoadClient client = new LoadClient(port)) {
      long before = Long.parseLong(client.get("/heap", new LoadClient.Jar()));
      for (int i = 0; i < SESSIONS_ON_HEAP; i++) {
        client.get("/new", new LoadClient.Jar());
      }
      long after = Long.parseLong(client.get("/heap", new LoadClient.Jar()));
      return (double) (after - before) * REPORTED_SESSIONS / SESSIONS_ON_HEAP;
    }
  }

  private List<Object> nodeLoss(SessionKind kind) throws IOException, InterruptedException {
    List<Object> rows = new ArrayList<>();
    for (NodeLoss.Routing routing : NodeLoss.Routing.values()) {
      NodeLoss.Outcome outcome = NodeLoss.measure(kind, stores, routing);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("routing", routing.title());
      row.put("sessions", outcome.sessions());
      row.put("lostBefore", outcome.lostBefore());
      row.put("lost", outcome.lost());
      rows.add(row);
    }
    return rows;
  }

  /** One server and what it gave. */
  private static final class Subject {
    final ServerProcess server;

    /** The other node that the server replicates to, whose work is a store's. */
    final @Nullable ServerProcess peer;

    final SessionStores stores;
    final Load load;
    final List<Round> read = new ArrayList<>();
    final List<Round> mixed = new ArrayList<>();
    double heapOfSessions;

    private Subject(ServerProcess server, @Nullable ServerProcess peer, SessionStores stores)
        throws IOException {
      this.server = server;
      this.peer = peer;
      this.stores = stores;
      this.load = Load.on(server.port());
    }

    static Subject start(SessionKind kind, SessionStores stores) throws IOException {
      if (kind == SessionKind.REPLICATED) {
        List<ServerProcess> nodes = ServerProcess.startPair(kind, stores);
        return new Subject(nodes.get(0), nodes.get(1), stores);
      }
      return new Subject(ServerProcess.start(kind, stores.of(kind)), null, stores);
    }

    void close() {
      server.close();
      if (peer != null) {
        peer.close();
      }
    }

    private Duration elsewhere() {
      return peer == null ? stores.processorTime() : peer.processorTime();
    }

    Round round(int writeEvery) throws IOException, InterruptedException {
      Duration before = server.processorTime();
      Duration elsewhere = elsewhere();
      Load.Run run = load.run(ROUND_MILLIS, writeEvery);
      return new Round(run, server.processorTime().minus(before), elsewhere().minus(elsewhere));
    }

    Map<String, Object> row(SessionKind kind) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("kind", kind.name());
      row.put("title", kind.title());
      row.put("read", rounds(read));
      row.put("mixed", rounds(mixed));
      row.put("heapPer100000Sessions", Math.max(0, heapOfSessions));
      return row;
    }

    private static List<Object> rounds(List<Round> rounds) {
      List<Object> rows = new ArrayList<>();
      rounds.forEach(round -> rows.add(round.row()));
      return rows;
    }
  }

  private record Round(Load.Run run, Duration server, Duration stores) {
    Map<String, Object> row() {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("requests", run.requests());
      row.put("perSecond", run.perSecond());
      row.put("p50Micros", run.micros(0.5));
      row.put("p99Micros", run.micros(0.99));
      row.put("serverMicros", server.toNanos() / 1e3 / run.requests());
      row.put("storeMicros", stores.toNanos() / 1e3 / run.requests());
      row.put("bytesOut", (double) run.bytesOut() / run.requests());
      row.put("bytesIn", (double) run.bytesIn() / run.requests());
      return row;
    }
  }
}
