package dev.satchel.keys.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;

/**
 * One use of a connection. Each statement is a transaction of its own, at READ COMMITTED or
 * stricter, on a connection that says that it writes: what routes read-only connections to replicas
 * must not do so with this one. How the connection was before is restored, since pools do not all
 * do that.
 */
final class JdbcSession implements AutoCloseable {
  private final Connections source;
  private final Connection connection;
  private final Duration timeout;
  private final Dialect dialect;
  private final boolean autoCommit;
  private final boolean readOnly;
  private final int isolation;
  private final int networkTimeout;
  private boolean sound;

  private JdbcSession(Connections source, Connection connection, Duration timeout)
      throws SQLException {
    this.source = source;
    this.connection = connection;
    this.timeout = timeout;
    String product = connection.getMetaData().getDatabaseProductName();
    this.dialect =
        Dialect.of(product == null ? "" : product)
            .orElseThrow(() -> new UnknownDatabaseException(String.valueOf(product)));
    // Twice the statement's: first the server has its chance to say that it gave up.
    this.networkTimeout = bound(Math.toIntExact(timeout.multipliedBy(2).toMillis()));
    this.autoCommit = connection.getAutoCommit();
    if (!autoCommit) {
      connection.setAutoCommit(true);
    }
    this.readOnly = connection.isReadOnly();
    if (readOnly) {
      connection.setReadOnly(false);
    }
    this.isolation = connection.getTransactionIsolation();
    if (isolation < Connection.TRANSACTION_READ_COMMITTED) {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }
    this.sound = true;
  }

  static JdbcSession open(Connections source, Duration timeout) throws SQLException {
    Connection connection = source.take();
    try {
      return new JdbcSession(source, connection, timeout);
    } catch (SQLException | RuntimeException e) {
      source.giveBack(connection, false);
      throw e;
    }
  }

  Dialect dialect() {
    return dialect;
  }

  Connection connection() {
    return connection;
  }

  PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      statement.setQueryTimeout(Math.max(1, (int) timeout.toSeconds()));
      return statement;
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }

  /** This connection is not to be used again. */
  void failed() {
    sound = false;
  }

  /** A statement that has been executed is not undone by what goes wrong here. */
  @Override
  public void close() {
    try {
      if (sound) {
        restore();
      }
    } catch (SQLException | RuntimeException e) {
      sound = false;
    }
    try {
      source.giveBack(connection, sound);
    } catch (SQLException | RuntimeException e) {
      System.getLogger("dev.satchel.keys")
          .log(
              System.Logger.Level.DEBUG,
              "a connection did not close: " + e.getClass().getSimpleName());
    }
  }

  private void restore() throws SQLException {
    if (isolation < Connection.TRANSACTION_READ_COMMITTED) {
      connection.setTransactionIsolation(isolation);
    }
    if (readOnly) {
      connection.setReadOnly(true);
    }
    if (!autoCommit) {
      connection.setAutoCommit(false);
    }
    if (networkTimeout >= 0) {
      connection.setNetworkTimeout(Runnable::run, networkTimeout);
    }
  }

  /** The timeout before; -1 for a driver that knows none. */
  private int bound(int millis) throws SQLException {
    try {
      int before = connection.getNetworkTimeout();
      if (before > 0 && before <= millis) {
        return -1;
      }
      connection.setNetworkTimeout(Runnable::run, millis);
      return before;
    } catch (SQLFeatureNotSupportedException | AbstractMethodError e) {
      return -1;
    }
  }
}
