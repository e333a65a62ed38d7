package dev.satchel.keys.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.KeyRingStore.Commit;
import dev.satchel.keys.NodeReports;
import dev.satchel.keys.NodeReportsContract;
import dev.satchel.keys.RevocationLog;
import dev.satchel.keys.RevocationLogContract;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class H2KeyRingStoreTest
    implements JdbcKeyRingStoreContract, NodeReportsContract, RevocationLogContract {
  private final String url = "jdbc:h2:mem:" + UUID.randomUUID();
  private final List<KeyRingStore> opened = new ArrayList<>();
  private Connection keepsItAlive;

  @BeforeEach
  void create() throws SQLException {
    keepsItAlive = source().getConnection();
    JdbcKeyRingStore.builder(source()).build().createTable();
  }

  @AfterEach
  void close() throws SQLException {
    opened.forEach(KeyRingStore::close);
    keepsItAlive.close();
  }

  @Override
  public synchronized KeyRingStore store() {
    KeyRingStore store =
        new JdbcKeyRingStoreProvider().open(URI.create(url), InstantSource.system());
    opened.add(store);
    return store;
  }

  @Override
  public DataSource source() {
    var source = new JdbcDataSource();
    source.setURL(url);
    return source;
  }

  @Override
  public String looseTable(String name) {
    return "create table "
        + name
        + " (name varchar(64), revision bigint, committed_at bigint, document varbinary(2000000))";
  }

  /** H2 that plays another database is H2 all the same. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "PostgreSQL;DATABASE_TO_LOWER=TRUE",
        "MySQL;DATABASE_TO_LOWER=TRUE",
        "MariaDB",
        "Oracle"
      })
  void compatibilityMode_changesNothing(String mode) {
    String name = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;MODE=" + mode;
    var store =
        (JdbcKeyRingStore)
            new JdbcKeyRingStoreProvider().open(URI.create(name), InstantSource.system());
    store.createTable();
    assertThat(store.findings()).isEmpty();
    for (int i = 0; i < 3; i++) {
      assertThat(store.compareAndSet(i, "document".getBytes(UTF_8))).isEqualTo(Commit.COMMITTED);
      assertThat(store.compareAndSet(i, "late".getBytes(UTF_8))).isEqualTo(Commit.CONFLICT);
    }
    assertThat(store.read().orElseThrow().document()).isEqualTo("document".getBytes(UTF_8));
    store.close();
  }

  /** By default H2 confirms commits half a second before they are on disk. */
  @Test
  void settingThatLosesCommits_isFound(@TempDir Path temp) {
    String file = "jdbc:h2:file:" + temp.resolve("rings");
    try (var hasty =
        (JdbcKeyRingStore)
            new JdbcKeyRingStoreProvider().open(URI.create(file), InstantSource.system())) {
      hasty.createTable();
      assertThat(hasty.findings())
          .singleElement()
          .asString()
          .contains("WRITE_DELAY is not 0", "change that setting");
    }
    try (KeyRingStore patient =
        new JdbcKeyRingStoreProvider()
            .open(URI.create(file + ";WRITE_DELAY=0"), InstantSource.system())) {
      assertThat(patient.findings()).isEmpty();
    }
  }

  @Override
  public NodeReports reports() {
    JdbcKeyRingStore.builder(source()).build().createNodeTable();
    return store().nodeReports().orElseThrow();
  }

  @Override
  public RevocationLog revocations() {
    JdbcKeyRingStore.builder(source()).build().createRevokedTable();
    return store().revocationLog().orElseThrow();
  }
}
