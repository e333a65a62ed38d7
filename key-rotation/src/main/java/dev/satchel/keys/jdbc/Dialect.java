package dev.satchel.keys.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What databases say differently. Times are milliseconds since 1970 in UTC, as numbers: a time zone
 * or a change to summer time in between cannot move them.
 */
enum Dialect {
  /**
   * {@code clock_timestamp} goes on while a statement waits for a row, where {@code now} stands
   * still. A standby answers questions with what it had some time ago.
   */
  POSTGRESQL(
      "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)",
      "pg_is_in_recovery()",
      "select name || ' is off: a crash takes back commits that were confirmed' from pg_settings"
          + " where name in ('fsync', 'synchronous_commit') and setting = 'off'"),

  /**
   * The same for MySQL and MariaDB. The start of the statement, which replicas repeat rightly; the
   * statement's timeout bounds the difference. A replica is read-only; later releases say so in
   * words.
   */
  MYSQL(
      "timestampdiff(microsecond, '1970-01-01 00:00:00', utc_timestamp(3)) div 1000",
      "@@global.read_only not in ('0', 'OFF')",
      "select 'innodb_flush_log_at_trx_commit is not 1: a crash takes back commits that were"
          + " confirmed' from (select 1 as one) as o"
          + " where @@global.innodb_flush_log_at_trx_commit <> 1"),

  /** Has no replicas. In memory there is nothing to wait for: the delay is 0 there. */
  H2(
      "cast(extract(epoch from current_timestamp) * 1000 as bigint)",
      "false",
      "select 'WRITE_DELAY is not 0: a crash takes back commits that were confirmed' from"
          + " information_schema.settings where setting_name = 'WRITE_DELAY' and setting_value <>"
          + " '0'");

  private final String clock;
  private final String replica;
  private final String findings;

  Dialect(String clock, String replica, String findings) {
    this.clock = clock;
    this.replica = replica;
    this.findings = findings;
  }

  /** By the product's name in the metadata of a connection. */
  static Optional<Dialect> of(String product) {
    return switch (product.toLowerCase(Locale.ROOT)) {
      case "postgresql" -> Optional.of(POSTGRESQL);
      case "mysql", "mariadb" -> Optional.of(MYSQL);
      case "h2" -> Optional.of(H2);
      default -> Optional.empty();
    };
  }

  /**
   * Revision, date, size, document and whether this is a replica. There is a row in any case:
   * whether an absent ring is really absent depends on who says so. What is too large is not sent.
   */
  String read(String table, int maxBytes) {
    return "select r.revision, r.committed_at, octet_length(r.document),"
        + " case when octet_length(r.document) <= "
        + maxBytes
        + " then r.document end, "
        + replica
        + " from (select 1 as one) as o left join "
        + table
        + " as r on r.name = ?";
  }

  /** Revision, and whether this is a replica. */
  String probe(String table) {
    return "select r.revision, "
        + replica
        + " from (select 1 as one) as o left join "
        + table
        + " as r on r.name = ?";
  }

  /** Parameters: name, document. */
  String create(String table) {
    String insert =
        "insert into " + table + " (name, revision, committed_at, document) values (?, 1, " + clock;
    // Fails where the table has lost its key, and fills no log with fifty starting nodes' errors.
    return insert + (this == POSTGRESQL ? ", ?) on conflict (name) do nothing" : ", ?)");
  }

  /** Parameters: document, name, expected revision. */
  String replace(String table) {
    return "update "
        + table
        + " set revision = revision + 1, committed_at = "
        + clock
        + ", document = ? where name = ? and revision = ?";
  }

  /** Parameters: report, name, node. */
  String replaceReport(String table) {
    return "update "
        + table
        + " set reported_at = "
        + clock
        + ", report = ? where name = ? and node = ?";
  }

  /** Parameters: report, name, node. */
  String addReport(String table) {
    String insert = "insert into " + table + " (report, name, node, reported_at) values (?, ?, ?, ";
    return insert + clock + (this == POSTGRESQL ? ") on conflict (name, node) do nothing" : ")");
  }

  /** Parameters: name, milliseconds. */
  String dropReports(String table) {
    return "delete from " + table + " where name = ? and reported_at < " + clock + " - ?";
  }

  /**
   * Parameters: name, name, milliseconds from when on it may go, record. The innermost select makes
   * MySQL read a table that it writes to.
   */
  String addRevoked(String table) {
    return "insert into "
        + table
        + " (name, seq, expires_at, record) values (?, (select x.next from"
        + " (select coalesce(max(seq), 0) + 1 as next from "
        + table
        + " where name = ?) as x), ?, ?)"
        + (this == POSTGRESQL ? " on conflict (name, seq) do nothing" : "");
  }

  /**
   * Position, record, and whether this is a replica, in the order of positions; one row without a
   * position if there is none. Parameters: name, position. What is too large is not sent.
   */
  String revokedFrom(String table, int maxBytes, int limit) {
    return "select r.seq, case when octet_length(r.record) <= "
        + maxBytes
        + " then r.record end, "
        + replica
        + " from (select 1 as one) as o left join "
        + table
        + " as r on r.name = ? and r.seq >= ? order by r.seq limit "
        + limit;
  }

  /** All that is out of date but the last. Parameters: name, name. */
  String dropRevoked(String table) {
    return "delete from "
        + table
        + " where name = ? and expires_at < "
        + clock
        + " and seq < (select x.last from (select max(seq) as last from "
        + table
        + " where name = ?) as x)";
  }

  String time() {
    return "select " + clock;
  }

  /** A row for each setting under which confirmed commits get lost. */
  String findings() {
    return findings;
  }

  /** The statement that creates the table, from the file that is there to be reviewed. */
  String definition(String table) {
    return resource(name().toLowerCase(Locale.ROOT) + ".sql", table);
  }

  /** The same for the table of reports, whose name begins with that of the rings' table. */
  String nodesDefinition(String ringTable) {
    return resource(name().toLowerCase(Locale.ROOT) + "-nodes.sql", ringTable);
  }

  /** The same for the table of revocations. */
  String revokedDefinition(String ringTable) {
    return resource(name().toLowerCase(Locale.ROOT) + "-revoked.sql", ringTable);
  }

  private static String resource(String file, String table) {
    try (InputStream in = Dialect.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing beside " + Dialect.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("--"))
          .map(String::strip)
          .collect(Collectors.joining(" "))
          .replace(RingRow.DEFAULT_TABLE, table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String known() {
    return Arrays.stream(values()).map(Dialect::product).collect(Collectors.joining(", "));
  }

  private String product() {
    return switch (this) {
      case POSTGRESQL -> "PostgreSQL";
      case MYSQL -> "MySQL, MariaDB";
      case H2 -> "H2";
    };
  }
}
