package dev.satchel.keys.jdbc;

import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingStore.Commit;
import dev.satchel.keys.NodeReports;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reports in a table beside that of the rings, with {@code _node} behind its name. It is there only
 * if somebody created it.
 */
final class JdbcNodeReports implements NodeReports {
  static final String SUFFIX = "_node";

  private final JdbcKeyRingStore store;
  private final String ringTable;
  private final String table;
  private final String row;

  JdbcNodeReports(JdbcKeyRingStore store, String ringTable, String row) {
    this.store = store;
    this.ringTable = ringTable;
    this.table = ringTable + SUFFIX;
    this.row = row;
  }

  @Override
  public void put(String node, String report) {
    use(
        session -> {
          if (update(session, session.dialect().replaceReport(table), report, row, node) > 0) {
            return;
          }
          if (count(session) >= MAX_NODES) {
            throw new KeyRingException(
                KeyRingException.Reason.UNAVAILABLE,
                store + ": reports of " + MAX_NODES + " nodes are in table " + table);
          }
          try {
            update(session, session.dialect().addReport(table), report, row, node);
          } catch (SQLException e) {
            if (!SqlFailure.outcome(e).equals(Optional.of(Commit.CONFLICT))) {
              throw e;
            }
            // Another of that name was faster; the next report replaces it.
          }
        });
  }

  private int count(JdbcSession session) throws SQLException {
    String sql = "select count(*) from " + table + " where name = ?";
    try (PreparedStatement statement = session.prepare(sql)) {
      statement.setString(1, row);
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? result.getInt(1) : 0;
      }
    }
  }

  @Override
  public List<Kept> all() {
    var kept = new ArrayList<Kept>();
    use(
        session -> {
          String sql =
              "select node, reported_at, report from "
                  + table
                  + " where name = ? and octet_length(report) <= "
                  + MAX_LENGTH
                  + " order by node";
          try (PreparedStatement statement = session.prepare(sql)) {
            statement.setMaxRows(MAX_NODES);
            statement.setString(1, row);
            try (ResultSet result = statement.executeQuery()) {
              while (result.next()) {
                kept.add(
                    new Kept(
                        String.valueOf(result.getString(1)),
                        Instant.ofEpochMilli(result.getLong(2)),
                        String.valueOf(result.getString(3))));
              }
            }
          }
        });
    return kept;
  }

  @Override
  public void dropOlderThan(Duration age) {
    use(
        session -> {
          try (PreparedStatement statement =
              session.prepare(session.dialect().dropReports(table))) {
            statement.setString(1, row);
            statement.setLong(2, age.toMillis());
            statement.executeUpdate();
          }
        });
  }

  private static int update(JdbcSession session, String sql, String... parameters)
      throws SQLException {
    try (PreparedStatement statement = session.prepare(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      return statement.executeUpdate();
    }
  }

  private void use(Work work) {
    try (JdbcSession session = store.session()) {
      try {
        work.with(session);
      } catch (SQLException e) {
        session.failed();
        throw new KeyRingException(
            KeyRingException.Reason.UNAVAILABLE,
            store
                + ": "
                + (SqlFailure.isMissingTable(e)
                    ? "the table of reports is not there; whoever may, creates it by: "
                        + session.dialect().nodesDefinition(ringTable)
                    : SqlFailure.describe(e)));
      } catch (RuntimeException e) {
        session.failed(); // after a failover the old primary is a replica: connect anew
        throw e;
      }
    }
  }

  /** Something to do with a connection. */
  private interface Work {
    void with(JdbcSession session) throws SQLException;
  }
}
