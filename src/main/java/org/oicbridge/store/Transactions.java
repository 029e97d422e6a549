package org.oicbridge.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** One connection and what is done on it, each time in a transaction. For one thread. */
final class Transactions implements AutoCloseable {
  private final Dialect dialect;
  private Connection connection;

  Transactions(Dialect dialect) {
    this.dialect = dialect;
  }

  /** A change or a reading; it may be run twice, the first time without effect. */
  interface Work<T> {
    T run(Connection connection) throws SQLException, StoreException;
  }

  Dialect dialect() {
    return dialect;
  }

  /**
   * Does the work and commits it, or changes nothing. When the connection had died, which shows
   * only now, it is done once more on a new one.
   */
  <T> T run(Work<T> work) throws StoreException {
    try {
      return attempt(work);
    } catch (ConnectionLost e) {
      try {
        return attempt(work);
      } catch (ConnectionLost again) {
        throw failed(again.getCause());
      }
    }
  }

  private <T> T attempt(Work<T> work) throws StoreException, ConnectionLost {
    boolean committing = false;
    try {
      Connection open = open();
      execute(open, dialect.begin());
      T result = work.run(open);
      committing = true;
      execute(open, "COMMIT");
      return result;
    } catch (SQLException e) {
      boolean lost = dialect.lost(e);
      if (lost) {
        discard();
      } else {
        rollBack();
      }
      if (lost && committing) {
        throw StoreException.inDoubt(e);
      }
      if (lost) {
        throw new ConnectionLost(e);
      }
      throw failed(e);
    } catch (RuntimeException | StoreException e) {
      rollBack();
      throw e;
    }
  }

  // Not by JDBC's own methods: SQLite's driver begins the next transaction right after a commit,
  // and
  // so would keep every other process out.
  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static StoreException failed(Throwable cause) {
    return new StoreException("the database failed: " + cause.getMessage(), cause);
  }

  private Connection open() throws SQLException {
    if (connection == null) {
      connection = dialect.connect();
    }
    return connection;
  }

  private void rollBack() {
    try {
      if (connection != null) {
        execute(connection, "ROLLBACK");
      }
    } catch (SQLException e) {
      discard();
    }
  }

  private void discard() {
    try (Connection gone = connection) {
      connection = null;
    } catch (SQLException e) {
      // It is of no use any more either way.
    }
  }

  @Override
  public void close() {
    discard();
  }

  private static final class ConnectionLost extends Exception {
    private static final long serialVersionUID = 1L;

    ConnectionLost(SQLException cause) {
      super(cause);
    }
  }
}
