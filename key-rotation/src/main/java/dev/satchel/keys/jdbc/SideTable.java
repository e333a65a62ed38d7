package dev.satchel.keys.jdbc;

import dev.satchel.keys.KeyRingException;
import java.sql.SQLException;
import java.util.function.BiFunction;

/** A table beside that of the rings, which is there only if somebody created it. */
final class SideTable {
  private final JdbcKeyRingStore store;
  private final String ringTable;
  private final String suffix;
  private final String contents;
  private final BiFunction<Dialect, String, String> definition;

  /**
   * @param suffix behind the name of the rings' table
   * @param contents for messages, in the plural
   * @param definition the statement that creates it beside a table of rings
   */
  SideTable(
      JdbcKeyRingStore store,
      String ringTable,
      String suffix,
      String contents,
      BiFunction<Dialect, String, String> definition) {
    this.store = store;
    this.ringTable = ringTable;
    this.suffix = suffix;
    this.contents = contents;
    this.definition = definition;
  }

  /** As statements have it. */
  String name() {
    return ringTable + suffix;
  }

  /** What creates it, in the words of the database that is there. */
  String definition(Dialect dialect) {
    return definition.apply(dialect, ringTable);
  }

  /**
   * Does something with a connection of its own.
   *
   * @throws KeyRingException {@code UNAVAILABLE}, without the text of the database's error
   */
  void use(Work work) {
    try (JdbcSession session = store.session()) {
      try {
        work.with(session);
      } catch (SQLException e) {
        session.failed();
        throw unavailable(
            SqlFailure.isMissingTable(e)
                ? "the table of "
                    + contents
                    + " is not there; whoever may, creates it by: "
                    + definition(session.dialect())
                : SqlFailure.describe(e));
      } catch (RuntimeException e) {
        session.failed(); // after a failover the old primary is a replica: connect anew
        throw e;
      }
    }
  }

  KeyRingException unavailable(String what) {
    return new KeyRingException(KeyRingException.Reason.UNAVAILABLE, store + ": " + what);
  }

  /** Something to do with a connection. */
  interface Work {
    void with(JdbcSession session) throws SQLException;
  }
}
