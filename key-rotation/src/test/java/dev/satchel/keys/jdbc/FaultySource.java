package dev.satchel.keys.jdbc;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** Connections that fail before, after or instead of a statement. */
class FaultySource implements DataSource {
  private final DataSource source;
  private Exception noConnection;
  private Exception before;
  private Exception after;

  FaultySource(DataSource source) {
    this.source = source;
  }

  void healthy() {
    noConnection = null;
    before = null;
    after = null;
  }

  void noConnection(Exception failure) {
    healthy();
    noConnection = failure;
  }

  void insteadOfExecution(Exception failure) {
    healthy();
    before = failure;
  }

  /** Of changes; questions are answered. */
  void afterExecution(Exception failure) {
    healthy();
    after = failure;
  }

  /** Always this connection, which closing leaves open. */
  static DataSource ofOne(Connection connection) {
    Connection open =
        (Connection)
            Proxy.newProxyInstance(
                FaultySource.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) ->
                    method.getName().equals("close")
                        ? null
                        : invoke(connection, method, arguments));
    return new FaultySource(null) {
      @Override
      public Connection getConnection() {
        return open;
      }
    };
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (noConnection instanceof SQLException failure) {
      throw failure;
    }
    Connection connection = source.getConnection();
    return (Connection)
        Proxy.newProxyInstance(
            FaultySource.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              Object result = invoke(connection, method, arguments);
              return result instanceof PreparedStatement statement ? faulty(statement) : result;
            });
  }

  private PreparedStatement faulty(PreparedStatement statement) {
    return (PreparedStatement)
        Proxy.newProxyInstance(
            FaultySource.class.getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            (proxy, method, arguments) -> {
              if (before != null && method.getName().startsWith("execute")) {
                throw before;
              }
              Object result = invoke(statement, method, arguments);
              if (after != null && method.getName().equals("executeUpdate")) {
                throw after;
              }
              return result;
            });
  }

  private static Object invoke(Object target, java.lang.reflect.Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  public Connection getConnection(String username, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
