package dev.satchel.keys.jdbc;

import dev.satchel.keys.KeyRingStore.Commit;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/**
 * What an error of a database means. Its text is never repeated: drivers put users, addresses,
 * whole locations with passwords, and rows into it. States are those of ISO 9075 and of
 * PostgreSQL's appendix A; the numbers are MySQL's and MariaDB's, whose states are coarser.
 */
final class SqlFailure {
  /** Duplicate key: PostgreSQL and H2 by state, MySQL by number under 23000. */
  private static final String UNIQUE_VIOLATION = "23505";

  private static final int MYSQL_DUPLICATE_ENTRY = 1062;

  /** Group replication let another transaction win; of class 40 only in later releases. */
  private static final int MYSQL_ROLLED_BACK_DURING_COMMIT = 3101;

  /** PostgreSQL, MySQL, and H2 with and without tables of similar names. */
  private static final Set<String> NO_TABLE = Set.of("42P01", "42S02", "42S03", "42S04");

  /** Lock wait timeout, option that forbids writing, read-only mode: all of general state HY000. */
  private static final Set<Integer> MYSQL_REFUSALS = Set.of(1205, 1290, 1836);

  /**
   * Classes of answers that say that the statement was refused as it stands: feature, data,
   * integrity, transaction state, authorization, catalog and schema names, syntax or access,
   * resources, limits, prerequisites.
   */
  private static final Set<String> REFUSALS =
      Set.of("0A", "22", "23", "25", "28", "3D", "3F", "42", "53", "54", "55");

  /** The only member of class 40 that leaves open what became of the statement. */
  private static final String COMPLETION_UNKNOWN = "40003";

  private SqlFailure() {}

  /**
   * How a commit ended whose statement was sent; empty if the database refused it for a reason that
   * is neither another commit nor a doubt. Only what is known for certain is not {@link
   * Commit#UNKNOWN}: a lost connection, a timeout, or a server that is shutting down may all come
   * after the commit.
   */
  static Optional<Commit> outcome(SQLException failure) {
    String state = state(failure);
    boolean duplicate =
        state.equals(UNIQUE_VIOLATION)
            || state.equals("23000") && failure.getErrorCode() == MYSQL_DUPLICATE_ENTRY;
    // Deadlocks, serialization failures, certification in a cluster: rolled back, somebody else
    // was first.
    boolean rolledBack =
        state.startsWith("40") && !state.equals(COMPLETION_UNKNOWN)
            || state.startsWith("HY") && failure.getErrorCode() == MYSQL_ROLLED_BACK_DURING_COMMIT;
    if (duplicate || rolledBack) {
      return Optional.of(Commit.CONFLICT);
    }
    boolean refused =
        REFUSALS.contains(state.substring(0, Math.min(2, state.length())))
            || state.startsWith("HY") && MYSQL_REFUSALS.contains(failure.getErrorCode());
    return refused ? Optional.empty() : Optional.of(Commit.UNKNOWN);
  }

  static boolean isMissingTable(SQLException failure) {
    return NO_TABLE.contains(state(failure));
  }

  /** What happened, and what to do about it. */
  static String describe(SQLException failure) {
    String state = state(failure);
    String what;
    if (state.startsWith("08")) {
      what = "no connection, or it was lost; are host and port right, and does the server run";
    } else if (state.startsWith("28") || failure.getErrorCode() == 1045) {
      what = "user or password is refused";
    } else if (state.startsWith("3D") || failure.getErrorCode() == 1049) {
      what = "there is no such database";
    } else if (state.equals("42501") || failure.getErrorCode() == 1142) {
      what = "the user has no right to do this; readers need select, writers insert and update too";
    } else if (state.startsWith("25")
        || failure.getErrorCode() == 1290
        || failure.getErrorCode() == 1836) {
      what = "the database is read-only; name the primary";
    } else if (state.startsWith("57") || failure instanceof java.sql.SQLTimeoutException) {
      what = "the server stopped, or took too long";
    } else {
      what = "the database refused";
    }
    return what
        + " (SQLSTATE "
        + (state.isEmpty() ? "none" : state)
        + ", code "
        + failure.getErrorCode()
        + ", "
        + root(failure)
        + ")";
  }

  /** The innermost cause says most, by its class: a refused connection, a certificate. */
  private static String root(Throwable failure) {
    Throwable root = failure;
    for (int i = 0; i < 16 && root.getCause() != null; i++) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName();
  }

  /** Five letters and digits, or nothing: a driver may put anything there. */
  private static String state(SQLException failure) {
    String state = failure.getSQLState();
    return state != null && state.matches("[0-9A-Z]{5}") ? state : "";
  }
}
