package dev.satchel.keys.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Where connections come from and go to. */
interface Connections extends AutoCloseable {

  /** A connection that nobody else uses. */
  Connection take() throws SQLException;

  /**
   * Ends that use.
   *
   * @param sound whether nothing failed on it
   */
  void giveBack(Connection connection, boolean sound) throws SQLException;

  /** Closes what is held open. */
  @Override
  default void close() {}

  /** Those of an application's data source, which stays open. */
  static Connections of(DataSource source) {
    return new Connections() {
      @Override
      public Connection take() throws SQLException {
        return source.getConnection();
      }

      @Override
      public void giveBack(Connection connection, boolean sound) throws SQLException {
        connection.close();
      }
    };
  }
}
