package dev.satchel.keys.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyEncryptionKey;
import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.KeyRingStore.Commit;
import dev.satchel.keys.KeyRingStoreContract;
import dev.satchel.keys.RotationPolicy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What a table does in every database, beside what every store does. */
interface JdbcKeyRingStoreContract extends KeyRingStoreContract {

  /** Connections to the database, new ones each time. */
  DataSource source();

  /** A table without a primary key, and with room for more than is allowed. */
  String looseTable(String name);

  @Test
  default void table_missing_isNoAbsentRing_andTheMessageCreatesIt() throws Exception {
    String table = "t" + UUID.randomUUID().toString().replace("-", "");
    JdbcKeyRingStore store = JdbcKeyRingStore.builder(source()).table(table).build();
    String message = messageOf(store::read, KeyRingException.Reason.UNAVAILABLE);
    assertThat(message).contains("table is not there", "create table if not exists " + table);
    messageOf(store::probe, KeyRingException.Reason.UNAVAILABLE);
    messageOf(() -> store.compareAndSet(0, bytes("one")), KeyRingException.Reason.UNAVAILABLE);
    messageOf(() -> store.compareAndSet(1, bytes("two")), KeyRingException.Reason.UNAVAILABLE);

    execute(message.substring(message.indexOf("create table")));
    assertThat(store.read()).isEmpty();
    assertThat(store.compareAndSet(0, bytes("one"))).isEqualTo(Commit.COMMITTED);
    store.createTable();
    assertThat(store.probe()).hasValue(1);
    assertThat(store.findings()).isEmpty();
  }

  @Test
  default void table_withoutKey_takesNoNewRing() throws Exception {
    String table = "loose" + UUID.randomUUID().toString().replace("-", "");
    execute(looseTable(table));
    JdbcKeyRingStore store = JdbcKeyRingStore.builder(source()).table(table).build();
    messageOf(() -> store.compareAndSet(0, bytes("one")), KeyRingException.Reason.UNAVAILABLE);
    assertThat(store.findings()).singleElement().asString().contains("primary key");
    insert(table, "session", 1, bytes("one"));
    insert(table, "session", 1, bytes("one"));
    assertThat(messageOf(store::read, KeyRingException.Reason.UNREADABLE))
        .contains("more than once");
  }

  @Test
  default void document_tooLarge_isNotLoaded() throws Exception {
    String table = "large" + UUID.randomUUID().toString().replace("-", "");
    execute(looseTable(table));
    insert(table, "session", 1, new byte[JdbcKeyRingStore.MAX_BYTES + 1]);
    JdbcKeyRingStore store = JdbcKeyRingStore.builder(source()).table(table).build();
    assertThat(messageOf(store::read, KeyRingException.Reason.UNREADABLE))
        .contains("has 1048577 bytes, allowed are 1048576");
    messageOf(
        () -> store.compareAndSet(1, new byte[JdbcKeyRingStore.MAX_BYTES + 1]),
        KeyRingException.Reason.POLICY);
  }

  @Test
  default void revision_impossible_isUnreadable() throws Exception {
    String table = "odd" + UUID.randomUUID().toString().replace("-", "");
    execute(looseTable(table));
    insert(table, "session", 0, bytes("one"));
    JdbcKeyRingStore store = JdbcKeyRingStore.builder(source()).table(table).build();
    messageOf(store::read, KeyRingException.Reason.UNREADABLE);
    messageOf(store::probe, KeyRingException.Reason.UNREADABLE);
  }

  @Test
  default void rows_ofTwoApplications_knowNothingOfEachOther() {
    JdbcKeyRingStore shop = row("shop" + UUID.randomUUID());
    JdbcKeyRingStore other = row("Shop" + UUID.randomUUID());
    assertThat(shop.compareAndSet(0, bytes("one"))).isEqualTo(Commit.COMMITTED);
    assertThat(other.read()).isEmpty();
    String name = UUID.randomUUID().toString();
    assertThat(row("a" + name).compareAndSet(0, bytes("one"))).isEqualTo(Commit.COMMITTED);
    assertThat(row("A" + name).read()).isEmpty();
  }

  /** (g) 6: the answer is lost after the commit, or with it. */
  @Test
  default void answer_lost_isUnknown() {
    String name = UUID.randomUUID().toString();
    var faulty = new FaultySource(source());
    JdbcKeyRingStore store = JdbcKeyRingStore.builder(faulty).row(name).build();
    for (String state : new String[] {"08006", "57P01", "57014", "40003", "HY000", null}) {
      faulty.afterExecution(new SQLException("lost", state));
      long revision = store.probe().orElse(0);
      assertThat(store.compareAndSet(revision, bytes("new"))).as(state).isEqualTo(Commit.UNKNOWN);
      assertThat(row(name).probe()).as("applied").hasValue(revision + 1);
      faulty.insteadOfExecution(new SQLException("lost", state));
      assertThat(store.compareAndSet(revision + 1, bytes("x"))).isEqualTo(Commit.UNKNOWN);
      assertThat(row(name).probe()).as("not applied").hasValue(revision + 1);
      faulty.healthy();
    }
    faulty.afterExecution(new IllegalStateException("a bug of a driver"));
    assertThat(store.compareAndSet(6, bytes("y"))).isEqualTo(Commit.UNKNOWN);
  }

  /** What the commit did not say, a read does. */
  @Test
  default void answer_lost_isFoundByReading() {
    String name = UUID.randomUUID().toString();
    var faulty = new FaultySource(source());
    var custodian = custodian(JdbcKeyRingStore.builder(faulty).row(name).build());
    faulty.afterExecution(new SQLException("lost", "08006"));
    assertThat(custodian.creation("shop", RotationPolicy.defaults()).commit().epoch()).isEqualTo(1);
    assertThat(custodian.emergencyRotation().commit().epoch()).isEqualTo(2);
    assertThat(custodian(row(name)).status().keys()).hasSize(2);
  }

  /** (e) 21: what cannot be read is not replaced. */
  @Test
  default void document_foreign_isUnreadableAndStays() {
    String name = UUID.randomUUID().toString();
    row(name).compareAndSet(0, bytes("something else altogether"));
    var custodian = custodian(row(name));
    messageOf(custodian::status, KeyRingException.Reason.UNREADABLE);
    assertThatThrownBy(() -> custodian.creation("shop", RotationPolicy.defaults()).commit())
        .isInstanceOf(KeyRingException.class);
    assertThat(row(name).read().orElseThrow().document())
        .isEqualTo(bytes("something else altogether"));
  }

  @Test
  default void answer_certain_isConflictOrRefusal() {
    String name = UUID.randomUUID().toString();
    var faulty = new FaultySource(source());
    JdbcKeyRingStore store = JdbcKeyRingStore.builder(faulty).row(name).build();
    for (String state : new String[] {"40001", "40P01", "23505"}) {
      faulty.insteadOfExecution(new SQLException("rolled back", state));
      assertThat(store.compareAndSet(0, bytes("x"))).as(state).isEqualTo(Commit.CONFLICT);
    }
    for (String state : new String[] {"25006", "42501", "53100", "22001"}) {
      faulty.insteadOfExecution(new SQLException("hunter2 in " + name, state));
      assertThat(
              messageOf(
                  () -> store.compareAndSet(0, bytes("x")), KeyRingException.Reason.UNAVAILABLE))
          .contains(state)
          .doesNotContain("hunter2");
    }
    faulty.healthy();
    assertThat(store.read()).isEmpty();
  }

  /** Nobody may think that nothing is there because nobody answered (I7). */
  @Test
  default void question_failing_isNeverAbsent() {
    var faulty = new FaultySource(source());
    JdbcKeyRingStore store = JdbcKeyRingStore.builder(faulty).build();
    faulty.insteadOfExecution(new SQLException("gone", "08006"));
    messageOf(store::read, KeyRingException.Reason.UNAVAILABLE);
    messageOf(store::probe, KeyRingException.Reason.UNAVAILABLE);
    messageOf(store::time, KeyRingException.Reason.UNAVAILABLE);
    faulty.noConnection(new SQLException("gone", "08001"));
    messageOf(store::read, KeyRingException.Reason.UNAVAILABLE);
    messageOf(() -> store.compareAndSet(0, bytes("x")), KeyRingException.Reason.UNAVAILABLE);
  }

  @Test
  default void connection_ofAPool_isLeftAsItWas() throws SQLException {
    try (Connection only = source().getConnection()) {
      only.setAutoCommit(false);
      only.setReadOnly(true);
      only.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
      boolean readOnly = only.isReadOnly(); // H2 takes no orders.
      int isolation = only.getTransactionIsolation();
      int network = only.getNetworkTimeout();
      only.rollback();
      JdbcKeyRingStore store =
          JdbcKeyRingStore.builder(FaultySource.ofOne(only)).row("r" + UUID.randomUUID()).build();
      assertThat(store.compareAndSet(0, bytes("one"))).isEqualTo(Commit.COMMITTED);
      assertThat(store.probe()).hasValue(1);
      assertThat(only.getAutoCommit()).isFalse();
      assertThat(only.isReadOnly()).isEqualTo(readOnly);
      assertThat(only.getTransactionIsolation()).isEqualTo(isolation);
      assertThat(only.getNetworkTimeout()).isEqualTo(network);
      only.rollback();
      assertThat(store.probe()).hasValue(1);
    }
  }

  @Test
  default void time_isTheDatabasesAndOfNoZone() throws SQLException {
    KeyRingStore store = row("none");
    assertThat(Duration.between(store.time().orElseThrow(), Instant.now()).abs())
        .isLessThan(Duration.ofSeconds(5));
  }

  private static KeyCustodian custodian(KeyRingStore store) {
    return new KeyCustodian(store, KeyEncryptionKey.insecurePlaintext(), InstantSource.system());
  }

  private JdbcKeyRingStore row(String name) {
    return JdbcKeyRingStore.builder(source()).row(name).build();
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = source().getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.executeUpdate();
    }
  }

  private void insert(String table, String name, long revision, byte[] document)
      throws SQLException {
    try (Connection connection = source().getConnection();
        PreparedStatement statement =
            connection.prepareStatement("insert into " + table + " values (?, ?, 0, ?)")) {
      statement.setString(1, name);
      statement.setLong(2, revision);
      statement.setBytes(3, document);
      statement.executeUpdate();
    }
  }

  private static String messageOf(Runnable act, KeyRingException.Reason reason) {
    List<KeyRingException> thrown = new ArrayList<>();
    assertThatThrownBy(act::run)
        .isInstanceOfSatisfying(KeyRingException.class, thrown::add)
        .hasNoCause();
    assertThat(thrown.get(0).reason()).isEqualTo(reason);
    return thrown.get(0).getMessage();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
