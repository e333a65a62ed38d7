package dev.satchel.keys.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.RevocationLog;
import dev.satchel.keys.RevocationLogContract;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mariadb.jdbc.MariaDbDataSource;

/** The dialect of MySQL and MariaDB, on a real server. */
class MariaDbKeyRingStoreTest implements JdbcKeyRingStoreContract, RevocationLogContract {
  @TempDir static Path data;

  private static MariaDbServer server;

  private final String row = UUID.randomUUID().toString();
  private final List<KeyRingStore> opened = new ArrayList<>();

  @BeforeAll
  static void startServer() throws IOException, SQLException {
    assumeTrue(MariaDbServer.runsHere(), "the server in the jar is for Linux on x86-64");
    server = MariaDbServer.start(data);
    try (Connection connection = DriverManager.getConnection(url(""));
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("create database shop");
    }
    JdbcKeyRingStore.builder(new MariaDbDataSource(url("shop"))).build().createTable();
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @AfterEach
  void close() {
    opened.forEach(KeyRingStore::close);
  }

  private static String url(String database) {
    return "jdbc:mariadb://127.0.0.1:" + server.port() + "/" + database + "?user=shop";
  }

  @Override
  public KeyRingStore store() {
    return open(url("shop") + "&row=" + row);
  }

  private synchronized KeyRingStore open(String location) {
    KeyRingStore store =
        new JdbcKeyRingStoreProvider().open(URI.create(location), InstantSource.system());
    opened.add(store);
    return store;
  }

  @Override
  public DataSource source() {
    try {
      return new MariaDbDataSource(url("shop"));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String looseTable(String name) {
    return "create table "
        + name
        + " (name varchar(64), revision bigint, committed_at bigint, document mediumblob)";
  }

  @Test
  void readOnlyServer_isRefused() throws SQLException {
    KeyRingStore store = store();
    store.compareAndSet(0, new byte[] {1});
    sql("set global read_only = 1");
    try {
      assertThatThrownBy(store::read)
          .isInstanceOf(KeyRingException.class)
          .hasMessageContaining("this is a replica");
    } finally {
      sql("set global read_only = 0");
    }
    assertThat(store.probe()).hasValue(1);
  }

  /** A time in a zone with summer time happens twice a year twice. */
  @Test
  void time_inAnotherZone_isTheSame() {
    KeyRingStore store = open(url("shop") + "&sessionVariables=time_zone='+05:30'");
    assertThat(Duration.between(store.time().orElseThrow(), Instant.now()).abs())
        .isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void settingThatLosesCommits_isFound() throws SQLException {
    sql("set global innodb_flush_log_at_trx_commit = 2");
    try {
      assertThat(store().findings()).anyMatch(each -> each.contains("flush_log"));
    } finally {
      sql("set global innodb_flush_log_at_trx_commit = 1");
    }
    assertThat(store().findings()).isEmpty();
  }

  @Test
  void table_ofAnotherDatabase_isFound() throws SQLException {
    sql("create database other");
    JdbcKeyRingStore store = JdbcKeyRingStore.builder(source()).table("other.rings").build();
    store.createTable();
    assertThat(store.findings()).isEmpty();
    assertThat(store.compareAndSet(0, new byte[] {1})).isEqualTo(KeyRingStore.Commit.COMMITTED);
  }

  private void sql(String text) throws SQLException {
    try (Connection connection = source().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  @Override
  public RevocationLog revocations() {
    JdbcKeyRingStore.builder(source()).build().createRevokedTable();
    return store().revocationLog().orElseThrow();
  }
}
