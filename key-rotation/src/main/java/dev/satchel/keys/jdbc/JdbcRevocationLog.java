package dev.satchel.keys.jdbc;

import dev.satchel.keys.KeyRingStore.Commit;
import dev.satchel.keys.RevocationLog;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Records in a table beside that of the rings, with {@code _revoked} behind its name. It is there
 * only if somebody created it.
 *
 * <p>A position is one more than the highest there is, found and taken in one statement, and the
 * primary key lets one only have it: so a position is not seen before those below it are. Numbers
 * that a sequence hands out would be seen in any order, and who reads on would miss some.
 */
final class JdbcRevocationLog implements RevocationLog {
  static final String SUFFIX = "_revoked";

  /** Another node is faster at most so often in a row. */
  private static final int ATTEMPTS = 100;

  /** So that all attempts together stay well below a statement's usual timeout. */
  private static final int MAX_PAUSE_MILLIS = 20;

  private final JdbcKeyRingStore store;
  private final SideTable table;
  private final String row;

  /** Whether the table was seen to have its key. */
  private volatile boolean sound;

  JdbcRevocationLog(JdbcKeyRingStore store, String ringTable, String row) {
    this.store = store;
    this.table = new SideTable(store, ringTable, SUFFIX, "revocations", Dialect::revokedDefinition);
    this.row = row;
  }

  @Override
  public void append(byte[] record, Instant until) {
    if (record.length == 0 || record.length > MAX_BYTES) {
      throw table.unavailable(
          "a record of " + record.length + " bytes, allowed are 1 to " + MAX_BYTES);
    }
    table.use(
        session -> {
          requireKey(session);
          for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (add(session, record, until)) {
              return;
            }
            yieldToOthers(attempt);
          }
          throw table.unavailable("others are always faster with a record");
        });
  }

  /**
   * InnoDB finds a deadlock where two look for the highest position at once, and takes back one of
   * them. Who tried again at once would meet the same others in step, and could lose every time.
   */
  private void yieldToOthers(int attempt) {
    long millis = ThreadLocalRandom.current().nextLong(Math.min(attempt, MAX_PAUSE_MILLIS) + 1L);
    LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** Whether the position was still free. */
  private boolean add(JdbcSession session, byte[] record, Instant until) throws SQLException {
    try (PreparedStatement statement =
        session.prepare(session.dialect().addRevoked(table.name()))) {
      statement.setString(1, row);
      statement.setString(2, row);
      statement.setLong(3, until.toEpochMilli());
      statement.setBytes(4, record);
      return statement.executeUpdate() > 0;
    } catch (SQLException e) {
      if (SqlFailure.outcome(e).equals(Optional.of(Commit.CONFLICT))) {
        return false;
      }
      throw e;
    }
  }

  /** Without a key two nodes could both have a position, and readers would miss one of them. */
  private void requireKey(JdbcSession session) throws SQLException {
    if (!sound && session.dialect() != Dialect.POSTGRESQL) { // there the statement asks for it
      if (!TableKey.is(session.connection(), table.name(), Set.of("name", "seq"))) {
        throw table.unavailable(
            "the table of revocations is not there, or name and seq are not its primary key; it is"
                + " created by: "
                + table.definition(session.dialect()));
      }
      sound = true;
    }
  }

  @Override
  public List<Kept> from(long position, int limit) {
    var kept = new ArrayList<Kept>();
    table.use(
        session -> {
          String sql = session.dialect().revokedFrom(table.name(), MAX_BYTES, limit);
          try (PreparedStatement statement = session.prepare(sql)) {
            statement.setString(1, row);
            statement.setLong(2, position);
            try (ResultSet result = statement.executeQuery()) {
              while (result.next()) {
                store.refuseReplica(result.getBoolean(3));
                long seq = result.getLong(1);
                if (!result.wasNull()) {
                  byte[] record = result.getBytes(2);
                  kept.add(new Kept(seq, record == null ? new byte[0] : record));
                }
              }
            }
          }
        });
    return kept;
  }

  @Override
  public void dropExpired() {
    table.use(
        session -> {
          try (PreparedStatement statement =
              session.prepare(session.dialect().dropRevoked(table.name()))) {
            statement.setString(1, row);
            statement.setString(2, row);
            statement.executeUpdate();
          }
        });
  }
}
