package dev.satchel.keys.jdbc;

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

  private final SideTable table;
  private final String row;

  JdbcNodeReports(JdbcKeyRingStore store, String ringTable, String row) {
    this.table = new SideTable(store, ringTable, SUFFIX, "reports", Dialect::nodesDefinition);
    this.row = row;
  }

  @Override
  public void put(String node, String report) {
    table.use(
        session -> {
          if (update(session, session.dialect().replaceReport(table.name()), report, row, node)
              > 0) {
            return;
          }
          if (count(session) >= MAX_NODES) {
            throw table.unavailable(
                "reports of " + MAX_NODES + " nodes are in table " + table.name());
          }
          try {
            update(session, session.dialect().addReport(table.name()), report, row, node);
          } catch (SQLException e) {
            if (!SqlFailure.outcome(e).equals(Optional.of(Commit.CONFLICT))) {
              throw e;
            }
            // Another of that name was faster; the next report replaces it.
          }
        });
  }

  private int count(JdbcSession session) throws SQLException {
    String sql = "select count(*) from " + table.name() + " where name = ?";
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
    table.use(
        session -> {
          String sql =
              "select node, reported_at, report from "
                  + table.name()
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
    table.use(
        session -> {
          try (PreparedStatement statement =
              session.prepare(session.dialect().dropReports(table.name()))) {
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
}
