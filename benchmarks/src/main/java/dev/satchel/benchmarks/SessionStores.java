package dev.satchel.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import redis.embedded.RedisServer;

/** A real Redis and a real PostgreSQL, each in processes of its own, as they are by default. */
final class SessionStores implements AutoCloseable {
  private static final String SCHEMA = "/org/springframework/session/jdbc/schema-postgresql.sql";

  private final RedisServer redis;
  private final int redisPort;
  private final EmbeddedPostgres postgres;

  /** Processes know their start by the second or less. */
  private final Instant started = InstantSource.system().instant().minusSeconds(1);

  SessionStores() throws IOException, SQLException {
    try (ServerSocket free = new ServerSocket(0)) {
      redisPort = free.getLocalPort();
    }
    redis = RedisServer.newRedisServer().port(redisPort).build();
    redis.start();
    postgres = EmbeddedPostgres.start();
    try (var schema = SessionStores.class.getResourceAsStream(SCHEMA);
        Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** Where a kind's store is, as {@link CostServer} takes it; empty if it has none. */
  String of(SessionKind kind) {
    return switch (kind) {
      case SPRING_REDIS -> Integer.toString(redisPort);
      case SPRING_JDBC -> postgres.getJdbcUrl("postgres", "postgres");
      default -> "";
    };
  }

  /**
   * User and system time of both, which is on top of the nodes'. PostgreSQL's processes are
   * nobody's children, so they are told by their program, and from others by their age.
   */
  Duration processorTime() {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::info)
        .filter(p -> p.startInstant().map(start -> !start.isBefore(started)).orElse(false))
        .filter(p -> p.command().map(SessionStores::isStore).orElse(false))
        .map(p -> p.totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  private static boolean isStore(String command) {
    String program = command.substring(command.lastIndexOf('/') + 1);
    return program.equals("postgres") || program.startsWith("redis-server");
  }

  @Override
  public void close() throws IOException {
    postgres.close();
    redis.stop();
  }
}
