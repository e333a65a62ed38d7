package dev.satchel.keys.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.keys.KeyRingStore.Commit;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is said to databases, word for word. MariaDB runs the statements of MySQL in other tests;
 * MySQL itself does not, so these are here to be read against its manual, and to stay so.
 */
class DialectTest {
  private static final String CLOCK =
      "timestampdiff(microsecond, '1970-01-01 00:00:00', utc_timestamp(3)) div 1000";

  @Test
  void mysql_statements_wordForWord() {
    var expected = new TreeMap<String, String>();
    expected.put(
        "create",
        "insert into t (name, revision, committed_at, document) values (?, 1, " + CLOCK + ", ?)");
    expected.put(
        "replace",
        "update t set revision = revision + 1, committed_at = "
            + CLOCK
            + ", document = ? where name = ? and revision = ?");
    expected.put(
        "read",
        "select r.revision, r.committed_at, octet_length(r.document), case when"
            + " octet_length(r.document) <= 9 then r.document end, @@global.read_only not in ('0',"
            + " 'OFF') from (select 1 as one) as o left join t as r on r.name = ?");
    expected.put(
        "probe",
        "select r.revision, @@global.read_only not in ('0', 'OFF') from (select 1 as one) as o left"
            + " join t as r on r.name = ?");
    expected.put("time", "select " + CLOCK);
    expected.put(
        "findings",
        "select 'innodb_flush_log_at_trx_commit is not 1: a crash takes back commits that were"
            + " confirmed' from (select 1 as one) as o where"
            + " @@global.innodb_flush_log_at_trx_commit <> 1");
    expected.put(
        "definition",
        "create table if not exists t ( name varchar(64) character set ascii collate ascii_bin not"
            + " null primary key, revision bigint not null, committed_at bigint not null, document"
            + " mediumblob not null ) engine = InnoDB");
    Dialect mysql = Dialect.MYSQL;
    Map<String, String> said =
        new TreeMap<>(
            Map.of(
                "create", mysql.create("t"),
                "replace", mysql.replace("t"),
                "read", mysql.read("t", 9),
                "probe", mysql.probe("t"),
                "time", mysql.time(),
                "findings", mysql.findings(),
                "definition", mysql.definition("t")));
    assertThat(said).isEqualTo(expected);
  }

  /** What MySQL does not know: PostgreSQL's clauses, and names in double quotes. */
  @Test
  void mysql_statements_nothingOfOthers() {
    Dialect mysql = Dialect.MYSQL;
    for (String statement :
        new String[] {
          mysql.create("t"),
          mysql.addReport("t"),
          mysql.replaceReport("t"),
          mysql.dropReports("t"),
          mysql.addRevoked("t"),
          mysql.dropRevoked("t"),
          mysql.revokedFrom("t", 9, 9),
        }) {
      assertThat(statement)
          .doesNotContainIgnoringCase("on conflict", "returning", "::", "extract(epoch", "\"", ";");
    }
  }

  /** One statement each, in every dialect: no driver has to allow several. */
  @ParameterizedTest
  @EnumSource(Dialect.class)
  void statements_parametersAndNothingPastedIn(Dialect dialect) {
    assertThat(dialect.create("t").chars().filter(c -> c == '?')).hasSize(2);
    assertThat(dialect.replace("t").chars().filter(c -> c == '?')).hasSize(3);
    assertThat(dialect.read("t", 9).chars().filter(c -> c == '?')).hasSize(1);
    assertThat(dialect.probe("t").chars().filter(c -> c == '?')).hasSize(1);
    assertThat(dialect.definition("t")).doesNotContain(";").contains("primary key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"MySQL", "MariaDB", "mysql"})
  void of_productsOfTheFamily_oneDialect(String product) {
    assertThat(Dialect.of(product)).contains(Dialect.MYSQL);
  }

  /** Errors of MySQL and MariaDB by their manuals; what is not certain is UNKNOWN. */
  @ParameterizedTest
  @CsvSource({
    "23000, 1062, CONFLICT", // duplicate entry
    "40001, 1213, CONFLICT", // deadlock; certification failed in a Galera cluster
    "40000, 3101, CONFLICT", // group replication: rolled back during commit
    "HY000, 3101, CONFLICT", // the same in 5.7
    "08S01, 1047, UNKNOWN", // Galera: node not ready, or the line is gone
    "HY000, 1180, UNKNOWN", // error during commit
    "HY000, 3024, UNKNOWN", // statement timeout
    "70100, 1317, UNKNOWN", // interrupted
    "08S01, 1053, UNKNOWN", // server shutdown in progress
  })
  void outcome_ofAFailedCommit(String state, int code, Commit outcome) {
    assertThat(SqlFailure.outcome(new SQLException("", state, code))).contains(outcome);
  }

  @ParameterizedTest
  @CsvSource({
    "HY000, 1205", // lock wait timeout: the statement was rolled back
    "HY000, 1290", // read_only
    "HY000, 1836", // read-only mode
    "23000, 1048", // null in a column
    "42000, 1142", // no right
    "22001, 1406", // too long
  })
  void outcome_ofARefusal_isNone(String state, int code) {
    assertThat(SqlFailure.outcome(new SQLException("", state, code))).isEmpty();
  }
}
