package dev.satchel.keys.jdbc;

import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.NodeReports;
import dev.satchel.keys.RevocationLog;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A ring in a row of a table, in PostgreSQL, MySQL, MariaDB or H2; which one it is, the connection
 * says. The table has to be there: {@link #createTable} makes it, or whoever has the rights to,
 * with the statement in the resource {@code postgresql.sql}, {@code mysql.sql} or {@code h2.sql}
 * beside this class.
 *
 * <p>Give it the plain data source, not one that joins the transactions of its caller. How long the
 * source waits for a connection is its own affair; statements are bounded here. Replicas are
 * refused, since what they answer is old by an unknown time.
 */
public final class JdbcKeyRingStore implements KeyRingStore {
  static final int MAX_BYTES = MAX_DOCUMENT_BYTES;

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  /** With the network's timeout of twice as much, well below the 30 s of a policy's W. */
  private static final Duration MAX_TIMEOUT = Duration.ofSeconds(10);

  private final Connections connections;
  private final RingRow where;
  private final String table;
  private final String row;
  private final Duration timeout;
  private final String shown;

  private JdbcKeyRingStore(Builder builder) {
    this.connections = builder.connections;
    this.where = builder.where;
    this.table = where.table();
    this.row = where.row();
    this.timeout = builder.timeout;
    this.shown = builder.place + " (" + where + ")";
  }

  /** A store with connections of this source, which stays the caller's to close. */
  public static Builder builder(DataSource source) {
    return new Builder(Connections.of(Objects.requireNonNull(source, "source")), "jdbc");
  }

  /** With connections from elsewhere, at a place that may be shown. */
  static Builder builder(Connections connections, String place) {
    return new Builder(connections, place);
  }

  @Override
  public Optional<Stored> read() {
    return ask(
        dialect -> dialect.read(table, MAX_BYTES),
        List.of(row),
        result -> {
          refuseReplica(result.getBoolean(5));
          long revision = result.getLong(1);
          if (result.wasNull()) {
            return Optional.empty();
          }
          requireRevision(revision);
          Instant committedAt = Instant.ofEpochMilli(result.getLong(2));
          long size = result.getLong(3);
          if (size > MAX_BYTES) {
            throw unreadable("has " + size + " bytes, allowed are " + MAX_BYTES);
          }
          byte[] document = result.getBytes(4);
          if (document == null) {
            throw unreadable("has no document");
          }
          if (result.next()) {
            throw unreadable("is there more than once; name has to be the table's primary key");
          }
          return Optional.of(new Stored(revision, document, Optional.of(committedAt)));
        });
  }

  @Override
  public OptionalLong probe() {
    return ask(
        dialect -> dialect.probe(table),
        List.of(row),
        result -> {
          refuseReplica(result.getBoolean(2));
          long revision = result.getLong(1);
          if (result.wasNull()) {
            return OptionalLong.empty();
          }
          requireRevision(revision);
          return OptionalLong.of(revision);
        });
  }

  @Override
  public Commit compareAndSet(long expectedRevision, byte[] document) {
    if (document.length > MAX_BYTES) {
      throw new KeyRingException(
          KeyRingException.Reason.POLICY,
          this + ": the document has " + document.length + " bytes, allowed are " + MAX_BYTES);
    }
    boolean create = expectedRevision == ABSENT;
    try (JdbcSession session = session()) {
      try {
        if (create) {
          requireKey(session);
        }
        String sql = create ? session.dialect().create(table) : session.dialect().replace(table);
        try (PreparedStatement statement = session.prepare(sql)) {
          if (create) {
            statement.setString(1, row);
            statement.setBytes(2, document);
          } else {
            statement.setBytes(1, document);
            statement.setString(2, row);
            statement.setLong(3, expectedRevision);
          }
          return commit(session, statement);
        }
      } catch (SQLException e) {
        session.failed();
        throw unavailable(session, e);
      }
    }
  }

  /** From here on the database may have done it, whatever we hear. */
  private Commit commit(JdbcSession session, PreparedStatement statement) {
    try {
      int rows = statement.executeUpdate();
      if (rows > 1) {
        throw unreadable("is there more than once; name has to be the table's primary key");
      }
      return rows == 1 ? Commit.COMMITTED : Commit.CONFLICT;
    } catch (SQLException e) {
      session.failed();
      return SqlFailure.outcome(e).orElseThrow(() -> unavailable(session, e));
    } catch (KeyRingException e) {
      throw e;
    } catch (RuntimeException e) {
      session.failed();
      return Commit.UNKNOWN;
    }
  }

  /** The database's. */
  @Override
  public Optional<Instant> time() {
    return ask(
        Dialect::time, List.of(), result -> Optional.of(Instant.ofEpochMilli(result.getLong(1))));
  }

  /**
   * In a table of the same name with {@code _node} behind it, which {@link #createNodeTable} makes;
   * empty for a table of more than 58 characters, which leaves no room for that.
   */
  @Override
  public Optional<NodeReports> nodeReports() {
    return where.leavesRoomFor(JdbcNodeReports.SUFFIX)
        ? Optional.of(new JdbcNodeReports(this, table, row))
        : Optional.empty();
  }

  /**
   * In a table of the same name with {@code _revoked} behind it, which {@link #createRevokedTable}
   * makes; empty for a table of more than 55 characters, which leaves no room for that.
   */
  @Override
  public Optional<RevocationLog> revocationLog() {
    return where.leavesRoomFor(JdbcRevocationLog.SUFFIX)
        ? Optional.of(new JdbcRevocationLog(this, table, row))
        : Optional.empty();
  }

  @Override
  public List<String> findings() {
    try (JdbcSession session = session()) {
      var found = new ArrayList<String>();
      try (PreparedStatement statement = session.prepare(session.dialect().findings());
          ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          found.add(this + ": " + result.getString(1) + "; change that setting of the server");
        }
        if (!TableKey.isName(session.connection(), table)) {
          found.add(this + ": " + withoutKey(session));
        }
        return found;
      } catch (SQLException e) {
        session.failed();
        throw unavailable(session, e);
      }
    }
  }

  /**
   * Creates the table unless it is there. Needs the right to, which a node that only uses the ring
   * should not have.
   *
   * @throws KeyRingException if that fails
   */
  public void createTable() {
    create(dialect -> dialect.definition(table));
  }

  /**
   * Creates the table of {@link #nodeReports} unless it is there. Needs the right to, as for {@link
   * #createTable}.
   *
   * @throws KeyRingException if that fails
   */
  public void createNodeTable() {
    create(dialect -> dialect.nodesDefinition(table));
  }

  /**
   * Creates the table of {@link #revocationLog} unless it is there. Needs the right to, as for
   * {@link #createTable}.
   *
   * @throws KeyRingException if that fails
   */
  public void createRevokedTable() {
    create(dialect -> dialect.revokedDefinition(table));
  }

  private void create(Sql definition) {
    try (JdbcSession session = session()) {
      try (PreparedStatement statement = session.prepare(definition.in(session.dialect()))) {
        statement.executeUpdate();
      } catch (SQLException e) {
        session.failed();
        throw unavailable(session, e);
      }
    }
  }

  /** Closes the connection it kept, if it was opened by location. */
  @Override
  public void close() {
    connections.close();
  }

  /** The database without user, password and parameters, if known; table and row. */
  @Override
  public String toString() {
    return shown;
  }

  /** One question, with one row at least for an answer. */
  private <T> T ask(Sql sql, List<String> parameters, Answer<T> answer) {
    try (JdbcSession session = session()) {
      try (PreparedStatement statement = session.prepare(sql.in(session.dialect()))) {
        for (int i = 0; i < parameters.size(); i++) {
          statement.setString(i + 1, parameters.get(i));
        }
        try (ResultSet result = statement.executeQuery()) {
          if (!result.next()) {
            throw unreadable("has no answer at all"); // Not "absent": see Dialect.read.
          }
          return answer.from(result);
        }
      } catch (SQLException e) {
        session.failed();
        throw unavailable(session, e);
      } catch (RuntimeException e) {
        session.failed(); // After a failover the old primary is a replica: connect anew.
        throw e;
      }
    }
  }

  JdbcSession session() {
    try {
      return JdbcSession.open(connections, timeout);
    } catch (SQLException e) {
      throw unavailable(null, e);
    } catch (UnknownDatabaseException e) {
      throw unavailable(String.valueOf(e.getMessage()));
    } catch (KeyRingException e) {
      throw e;
    } catch (RuntimeException e) {
      // What pools throw has the location in it.
      throw unavailable("no connection (" + e.getClass().getSimpleName() + ")");
    }
  }

  /** Without a key two nodes could both create the ring. */
  private void requireKey(JdbcSession session) throws SQLException {
    if (session.dialect() != Dialect.POSTGRESQL // There the statement itself asks for it.
        && !TableKey.isName(session.connection(), table)) {
      throw unavailable(withoutKey(session));
    }
  }

  private String withoutKey(JdbcSession session) {
    return "the table is not there, or name is not its primary key, which keeps two writers apart;"
        + " it is created by: "
        + session.dialect().definition(table);
  }

  void refuseReplica(boolean replica) {
    if (replica) {
      throw unavailable(
          "this is a replica, or a server set to read-only, whose answers are old by an unknown"
              + " time; name the primary (PostgreSQL: targetServerType=primary)");
    }
  }

  private void requireRevision(long revision) {
    if (revision <= ABSENT) {
      throw unreadable("has revision " + revision + ", allowed is 1 or more");
    }
  }

  private KeyRingException unreadable(String what) {
    return new KeyRingException(
        KeyRingException.Reason.UNREADABLE, this + " " + what + "; find out who changed it");
  }

  private KeyRingException unavailable(String what) {
    return new KeyRingException(KeyRingException.Reason.UNAVAILABLE, this + ": " + what);
  }

  /** Without the driver's exception as a cause: see {@link SqlFailure}. */
  private KeyRingException unavailable(@Nullable JdbcSession session, SQLException e) {
    return unavailable(
        session != null && SqlFailure.isMissingTable(e)
            ? "the table is not there; whoever may, creates it by: "
                + session.dialect().definition(table)
            : SqlFailure.describe(e));
  }

  /** A statement as this database wants it. */
  private interface Sql {
    String in(Dialect dialect);
  }

  /** What the first row says. */
  private interface Answer<T> {
    T from(ResultSet result) throws SQLException;
  }

  /** Collects how a store is set up. Not thread-safe. */
  public static final class Builder {
    private final Connections connections;
    private final String place;
    private RingRow where = RingRow.DEFAULT;
    private Duration timeout = DEFAULT_TIMEOUT;

    private Builder(Connections connections, String place) {
      this.connections = connections;
      this.place = place;
    }

    /** The table, with its schema before a dot if need be; default {@code satchel_key_ring}. */
    public Builder table(String name) {
      where = where.withTable(name);
      return this;
    }

    /** The row by its name, one for each ring; default {@code session}. */
    public Builder row(String name) {
      where = where.withRow(name);
      return this;
    }

    /**
     * How long the server may take for a statement, 1 s to 10 s, default 5 s; the network may take
     * twice as long.
     */
    public Builder timeout(Duration newTimeout) {
      if (newTimeout.compareTo(Duration.ofSeconds(1)) < 0
          || newTimeout.compareTo(MAX_TIMEOUT) > 0) {
        throw new IllegalArgumentException(
            "timeout is " + newTimeout + ", allowed is PT1S to " + MAX_TIMEOUT);
      }
      timeout = newTimeout;
      return this;
    }

    /** The store; does not connect yet. */
    public JdbcKeyRingStore build() {
      return new JdbcKeyRingStore(this);
    }
  }
}
