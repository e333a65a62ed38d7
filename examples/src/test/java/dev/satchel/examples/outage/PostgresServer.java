package dev.satchel.examples.outage;

import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.jdbc.JdbcKeyRingStore;
import dev.satchel.keys.jdbc.JdbcKeyRingStoreProvider;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** PostgreSQL, whose commits are on disk when it says so. */
final class PostgresServer implements RingServer {
  private final Path data;
  private final int port = RingServer.freePort();
  private EmbeddedPostgres server;

  PostgresServer(Path directory) throws IOException {
    data = directory.resolve("data");
    start();
    JdbcKeyRingStore.builder(server.getPostgresDatabase()).build().createTable();
  }

  @Override
  public KeyRingStore open() {
    // By location, as nodes have it: one kept connection each, and timeouts set for them.
    String location = "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres&row=shop";
    return new JdbcKeyRingStoreProvider().open(URI.create(location), InstantSource.system());
  }

  @Override
  public void start() throws IOException {
    server =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setPort(port)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .start();
  }

  @Override
  public void kill() throws IOException {
    ProcessHandle postmaster = postmaster();
    // With the processes it has started: they keep the memory that the next one wants, and end only
    // when they notice.
    List<ProcessHandle> all =
        Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
    server.close(); // There is nothing left to stop; this gives its lock on the directory back.
  }

  private ProcessHandle postmaster() throws IOException {
    long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
    return ProcessHandle.of(pid).orElseThrow();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  @Override
  public String toString() {
    return "PostgreSQL";
  }
}
