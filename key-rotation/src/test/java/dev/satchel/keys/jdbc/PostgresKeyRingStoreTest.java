package dev.satchel.keys.jdbc;

import static dev.satchel.keys.StoredRingContract.crowd;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.RevocationLog;
import dev.satchel.keys.RevocationLogContract;
import dev.satchel.keys.RotatingKeySource;
import dev.satchel.keys.RotationPolicy;
import dev.satchel.keys.redis.RealRedis;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** A real server, which some tests stop. */
class PostgresKeyRingStoreTest implements JdbcKeyRingStoreContract, RevocationLogContract {
  @TempDir static Path data;

  private static int port;
  private static EmbeddedPostgres server;

  private final String row = UUID.randomUUID().toString();
  private final List<KeyRingStore> opened = new ArrayList<>();

  @BeforeAll
  static void startServer() throws IOException {
    port = RealRedis.freePort(); // It is killed and comes back: nobody may be given it meanwhile.
    start();
    JdbcKeyRingStore.builder(postgres()).build().createTable();
  }

  private static void start() throws IOException {
    server =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setPort(port)
            .setServerConfig("max_connections", "120")
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .start();
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @AfterEach
  void close() {
    opened.forEach(KeyRingStore::close);
  }

  @Override
  public KeyRingStore store() {
    return open("jdbc:postgresql://localhost:" + port + "/postgres?user=postgres&row=" + row);
  }

  private synchronized KeyRingStore open(String location) {
    KeyRingStore store =
        new JdbcKeyRingStoreProvider().open(URI.create(location), InstantSource.system());
    opened.add(store);
    return store;
  }

  @Override
  public DataSource source() {
    return postgres();
  }

  private static DataSource postgres() {
    var source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"localhost"});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName("postgres");
    source.setUser("postgres");
    return source;
  }

  @Override
  public String looseTable(String name) {
    return "create table "
        + name
        + " (name varchar(64), revision bigint, committed_at bigint, document bytea)";
  }

  /** b.6, the store is away and comes back: no request notices. */
  @Test
  void server_stoppedAndStarted_ringStays() throws Exception {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    KeyEncryptionKey kek = KeyEncryptionKey.ofSecret(secret);
    var custodian = new KeyCustodian(store(), kek, InstantSource.system());
    custodian.creation("shop", RotationPolicy.defaults()).commit();
    try (RotatingKeySource source =
        RotatingKeySource.builder(store(), kek).role(RotatingKeySource.Role.WRITER).build()) {
      String signing = source.health().issuing().orElseThrow();

      server.close();
      assertThatThrownBy(source::refresh)
          .isInstanceOfSatisfying(
              KeyRingException.class,
              e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.UNAVAILABLE))
          .hasMessageContaining("does the server run");
      assertThat(source.health().issuing()).hasValue(signing);
      assertThat(source.current().find(signing)).isPresent();
      assertThat(source.absent("AAAAAAAA")).isNotNull();
      assertThatThrownBy(() -> custodian.emergencyRotation().commit())
          .isInstanceOf(KeyRingException.class);

      start();
      source.refresh();
      assertThat(source.health().issuing()).hasValue(signing);
      KeyRingStatus after = custodian.emergencyRotation().commit();
      source.refresh();
      assertThat(source.status().epoch()).isEqualTo(after.epoch()).isEqualTo(2);
      assertThat(source.current().find(signing)).isPresent();
    }
  }

  @Test
  void standby_isRefused() throws Exception {
    KeyRingStore store = store();
    store.compareAndSet(0, new byte[] {1});
    server.close();
    Files.createFile(data.resolve("standby.signal"));
    start();
    try {
      for (Runnable act : List.<Runnable>of(store::read, store::probe)) {
        assertThatThrownBy(act::run)
            .isInstanceOf(KeyRingException.class)
            .hasMessageContaining("this is a replica");
      }
      assertThatThrownBy(() -> store.compareAndSet(1, new byte[] {2}))
          .isInstanceOf(KeyRingException.class)
          .hasMessageContaining("read-only; name the primary");
    } finally {
      server.close();
      Files.delete(data.resolve("standby.signal"));
      start();
    }
    assertThat(store.probe()).hasValue(1);
  }

  /** A reader that may only read; a writer that may not create or delete. */
  @Test
  void rights_areFew() throws SQLException {
    store().compareAndSet(0, new byte[] {1});
    sql(
        "create role reader login",
        "grant select on satchel_key_ring to reader",
        "create role writer login",
        "grant select, insert, update on satchel_key_ring to writer",
        "create role stranger login");
    String url = "jdbc:postgresql://localhost:" + port + "/postgres?row=" + row + "&user=";
    KeyRingStore reader = open(url + "reader");
    assertThat(reader.probe()).hasValue(1);
    assertThatThrownBy(() -> reader.compareAndSet(1, new byte[] {2}))
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("no right");
    assertThat(open(url + "writer").compareAndSet(1, new byte[] {2}))
        .isEqualTo(KeyRingStore.Commit.COMMITTED);
    assertThatThrownBy(() -> open(url + "stranger").read())
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("42501")
        .hasMessageNotContaining("stranger");
  }

  /** Somebody holds the row: a commit gives up, and says that it does not know. */
  @Test
  void row_locked_commitGivesUpInTime() throws SQLException {
    store().compareAndSet(0, new byte[] {1});
    JdbcKeyRingStore hasty =
        JdbcKeyRingStore.builder(postgres()).row(row).timeout(Duration.ofSeconds(1)).build();
    try (Connection other = postgres().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.executeUpdate(
          "update satchel_key_ring set revision = 1 where name = '" + row + "'");
      assertThat(hasty.compareAndSet(1, new byte[] {2})).isEqualTo(KeyRingStore.Commit.UNKNOWN);
      assertThat(hasty.probe()).hasValue(1);
      other.rollback();
    }
    assertThat(hasty.compareAndSet(1, new byte[] {2})).isEqualTo(KeyRingStore.Commit.COMMITTED);
  }

  @Test
  void settingsThatLoseCommits_areFound() throws SQLException {
    KeyRingStore store =
        open(
            "jdbc:postgresql://localhost:"
                + port
                + "/postgres?user=postgres&options=-c%20synchronous_commit=off");
    assertThat(store.findings()).anyMatch(finding -> finding.contains("synchronous_commit is off"));
  }

  @Test
  void table_inASchema_isFound() throws SQLException {
    sql("create schema keys");
    JdbcKeyRingStore store = JdbcKeyRingStore.builder(postgres()).table("Keys.Rings").build();
    store.createTable();
    assertThat(store.findings()).isEmpty();
    assertThat(store.compareAndSet(0, new byte[] {1})).isEqualTo(KeyRingStore.Commit.COMMITTED);
  }

  /**
   * PROTOCOL.md (g) 11: a server that makes every transaction serializable answers some commits
   * with a serialization failure, which is somebody else's success.
   */
  @Test
  void serializableServer_crowdCounting_everyCommitCounts() throws Exception {
    String strict =
        "jdbc:postgresql://localhost:"
            + port
            + "/postgres?user=postgres&options=-c%20default_transaction_isolation=serializable&row="
            + row;
    open(strict).compareAndSet(KeyRingStore.ABSENT, "0".getBytes(UTF_8));
    AtomicInteger committed = new AtomicInteger();
    crowd(
        i -> {
          KeyRingStore store = open(strict);
          for (int attempt = 0; attempt < 10; attempt++) {
            KeyRingStore.Stored seen = store.read().orElseThrow();
            int count = Integer.parseInt(new String(seen.document(), UTF_8));
            KeyRingStore.Commit outcome =
                store.compareAndSet(seen.revision(), Integer.toString(count + 1).getBytes(UTF_8));
            assertThat(outcome).isNotEqualTo(KeyRingStore.Commit.UNKNOWN);
            committed.addAndGet(outcome == KeyRingStore.Commit.COMMITTED ? 1 : 0);
          }
          return i;
        });
    assertThat(store().read().orElseThrow().document())
        .isEqualTo(Integer.toString(committed.get()).getBytes(UTF_8));
    assertThat(store().probe()).hasValue(committed.get() + 1);
  }

  /** PROTOCOL.md (g) 11: a session in a zone with summer time; the database moved to another. */
  @Test
  void time_zoneOfSessionOrDatabaseChanged_datesStay() throws SQLException {
    store().compareAndSet(KeyRingStore.ABSENT, new byte[] {1});
    Instant written = store().read().orElseThrow().committedAt().orElseThrow();
    KeyRingStore elsewhere =
        open(
            "jdbc:postgresql://localhost:"
                + port
                + "/postgres?user=postgres&options=-c%20TimeZone=America/New_York&row="
                + row);
    assertThat(elsewhere.read().orElseThrow().committedAt()).contains(written);
    assertThat(elsewhere.compareAndSet(1, new byte[] {2})).isEqualTo(KeyRingStore.Commit.COMMITTED);
    sql("alter database postgres set timezone = 'Pacific/Apia'");
    try {
      Instant second = store().read().orElseThrow().committedAt().orElseThrow();
      assertThat(Duration.between(written, second)).isBetween(Duration.ZERO, Duration.ofMinutes(1));
      assertThat(Duration.between(second, store().time().orElseThrow()))
          .isBetween(Duration.ZERO, Duration.ofMinutes(1));
    } finally {
      sql("alter database postgres reset timezone");
    }
  }

  /**
   * PROTOCOL.md (g) 11: a caller in the middle of a transaction of its own, which it takes back;
   * the ring's commit is not in it, and its lock on other rows holds nobody up.
   */
  @Test
  void caller_inATransaction_isOnItsOwn() throws SQLException {
    sql("create table if not exists orders (id int)");
    store().compareAndSet(KeyRingStore.ABSENT, new byte[] {1});
    DataSource pool = postgres();
    try (Connection caller = pool.getConnection();
        Statement statement = caller.createStatement()) {
      caller.setAutoCommit(false);
      caller.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      statement.executeUpdate("insert into orders values (1)");
      JdbcKeyRingStore store = JdbcKeyRingStore.builder(pool).row(row).build();
      assertThat(store.compareAndSet(1, new byte[] {2})).isEqualTo(KeyRingStore.Commit.COMMITTED);
      assertThat(store.probe()).hasValue(2);
      caller.rollback();
    }
    assertThat(store().probe()).hasValue(2);
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("select count(*) from orders")) {
      rows.next();
      assertThat(rows.getInt(1)).isZero();
    }
  }

  private static void sql(String... statements) throws SQLException {
    try (Connection connection = postgres().getConnection();
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.executeUpdate(each);
      }
    }
  }

  @Override
  public RevocationLog revocations() {
    JdbcKeyRingStore.builder(source()).build().createRevokedTable();
    return store().revocationLog().orElseThrow();
  }
}
