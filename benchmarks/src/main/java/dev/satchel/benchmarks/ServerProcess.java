package dev.satchel.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.catalina.startup.ExpandWar;

/** A {@link CostServer} in a process of its own, so that its processor time is its alone. */
final class ServerProcess implements AutoCloseable {
  private final Process process;
  private final int port;
  private final Path directory;

  private ServerProcess(Process process, int port, Path directory) {
    this.process = process;
    this.port = port;
    this.directory = directory;
  }

  /** Starts two nodes of one application. */
  static List<ServerProcess> startPair(SessionKind kind, SessionStores stores) throws IOException {
    if (kind != SessionKind.REPLICATED) {
      return List.of(start(kind, stores.of(kind)), start(kind, stores.of(kind)));
    }
    int one;
    int other;
    try (ServerSocket first = new ServerSocket(0);
        ServerSocket second = new ServerSocket(0)) {
      one = first.getLocalPort();
      other = second.getLocalPort();
    }
    List<ServerProcess> nodes =
        List.of(start(kind, one + "," + other), start(kind, other + "," + one));
    Replication.await(nodes.get(0), nodes.get(1));
    return nodes;
  }

  /**
   * Starts one and waits for it.
   *
   * @param store where the kind's store is; empty if it has none
   */
  static ServerProcess start(SessionKind kind, String store) throws IOException {
    // Made and removed here: the server ends too suddenly for that.
    Path directory = Files.createTempDirectory("satchel-cost");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xms512m"); // of one size, or the one that grows later pays later
    command.add("-Xmx512m");
    command.add("-D" + Keys.SECRET_PROPERTY + "=" + HexFormat.of().formatHex(Keys.secret()));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(CostServer.class.getName());
    command.add(directory.toString());
    command.add(kind.name());
    if (!store.isEmpty()) {
      command.add(store);
    }
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    // Not closed: what the server says later must not block it.
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    String line = output.readLine();
    if (line == null) {
      ExpandWar.delete(directory.toFile());
      throw new IllegalStateException("the server for " + kind.title() + " did not start");
    }
    return new ServerProcess(process, Integer.parseInt(line), directory);
  }

  int port() {
    return port;
  }

  /** User and system time of all its threads since it started. */
  Duration processorTime() {
    return process
        .info()
        .totalCpuDuration()
        .orElseThrow(() -> new IllegalStateException("no processor time on this system"));
  }

  /** At once, as a node dies. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ExpandWar.delete(directory.toFile());
  }
}
