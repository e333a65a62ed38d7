package dev.satchel.keys.jdbc;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connections of our own, of which one is kept. A pool is not worth it: a node asks once in ten
 * seconds from one thread, and whoever comes at the same moment gets a connection that is closed
 * again. The kept one is asked whether it lives before it is used, and not kept when anything
 * failed: after a failover or a restart the next one is new, with the address looked up again and
 * the password read again.
 */
final class KeptConnection implements Connections {
  /** Seconds for the answer of a kept connection; after that a new one is opened. */
  private static final int VALIDATION_TIMEOUT = 2;

  private final Driver driver;
  private final String url;
  private final Supplier<Properties> properties;
  private final AtomicReference<@Nullable Connection> kept = new AtomicReference<>();
  private volatile boolean closed;

  KeptConnection(Driver driver, String url, Supplier<Properties> properties) {
    this.driver = driver;
    this.url = url;
    this.properties = properties;
  }

  @Override
  public Connection take() throws SQLException {
    Connection before = kept.getAndSet(null);
    if (before != null) {
      if (lives(before)) {
        return before;
      }
      closeQuietly(before);
    }
    Connection opened = driver.connect(url, properties.get());
    if (opened == null) {
      throw new SQLException("the driver does not want its own location any more", "08001");
    }
    return opened;
  }

  @Override
  public void giveBack(Connection connection, boolean sound) {
    if (!sound || !kept.compareAndSet(null, connection)) {
      closeQuietly(connection);
    } else if (closed) {
      close();
    }
  }

  @Override
  public void close() {
    closed = true;
    Connection last = kept.getAndSet(null);
    if (last != null) {
      closeQuietly(last);
    }
  }

  private static boolean lives(Connection connection) {
    try {
      return connection.isValid(VALIDATION_TIMEOUT);
    } catch (SQLException e) {
      return false;
    }
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      System.getLogger("dev.satchel.keys")
          .log(
              System.Logger.Level.DEBUG, "a connection did not close: SQLSTATE " + e.getSQLState());
    }
  }
}
