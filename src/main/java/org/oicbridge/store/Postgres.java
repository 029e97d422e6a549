package org.oicbridge.store;

import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import javax.sql.DataSource;
import org.oicbridge.config.StoreConfig;
import org.postgresql.ds.PGSimpleDataSource;

/** The registry in a PostgreSQL database. */
final class Postgres implements Dialect {
  private static final int CONNECT_SECONDS = 10;

  /** Longer than a rotation of the key holds its locks. */
  private static final int ANSWER_SECONDS = 60;

  /** The server ended the session: shut down, crashed, or not up yet (class 57). */
  private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P03");

  private final URI uri;
  private final PGSimpleDataSource source = new PGSimpleDataSource();

  Postgres(StoreConfig config) throws StoreException {
    uri = config.postgres();
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    for (String parameter : query.split("&", -1)) {
      if (!parameter.isEmpty() && !parameter.startsWith("ssl")) {
        throw new StoreException(
            "store.postgres has a parameter that is not known, expected sslmode, sslrootcert and"
                + " their like only");
      }
    }
    source.setUrl("jdbc:" + uri);
    source.setUser(config.user());
    source.setPassword(config.password());
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setLoginTimeout(CONNECT_SECONDS);
    source.setSocketTimeout(ANSWER_SECONDS);
    source.setTcpKeepAlive(true);
    source.setApplicationName("oic-bridge");
    // The detail of an error may quote the row.
    source.setLogServerErrorDetail(false);
  }

  @Override
  public String name() {
    return uri.toString();
  }

  @Override
  public DataSource dataSource() {
    return source;
  }

  @Override
  public Connection connect() throws SQLException {
    return source.getConnection();
  }

  @Override
  public String begin() {
    return "BEGIN";
  }

  @Override
  public String snapshot() {
    return "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";
  }

  @Override
  public String bytesType() {
    return "BYTEA";
  }

  @Override
  public String whileWriting() {
    return " FOR SHARE";
  }

  @Override
  public boolean lost(SQLException error) {
    String state = error.getSQLState();
    // Class 08 is the connection's.
    return state != null && (state.startsWith("08") || ENDED.contains(state));
  }

  @Override
  public void wipe() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      // It takes as long as the tables are large.
      connection.setNetworkTimeout(Runnable::run, 0);
      for (Table table : Table.ALL) {
        if (!table.secrets().isEmpty()) {
          statement.execute("VACUUM FULL " + table.name());
        }
      }
      statement.execute("VACUUM FULL registry");
    }
  }
}
