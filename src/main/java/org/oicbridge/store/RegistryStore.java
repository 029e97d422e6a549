package org.oicbridge.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.oicbridge.config.StoreConfig;

/** An open database of the registry, for one thread. */
final class RegistryStore implements AutoCloseable {
  private static final String KEY_NAME = "registry.key";
  private static final String MIGRATIONS = "classpath:org/oicbridge/store";

  private final Transactions transactions;
  private final Keys keys;

  private RegistryStore(Transactions transactions, Keys keys) {
    this.transactions = transactions;
    this.keys = keys;
  }

  /**
   * Opens it, brings its tables up to date and finds its key.
   *
   * @throws StoreException with the reason for a person, when nothing of it can be used
   */
  static RegistryStore open(StoreConfig config, Path dataDir) throws StoreException {
    KeySource source = keySource(config, dataDir);
    RegistryStore store = open(config, dataDir, source);
    if (source instanceof KeyFile file) {
      file.warnWhenOthersCanRead();
    }
    return store;
  }

  /** Opens it with a key from elsewhere. */
  static RegistryStore open(StoreConfig config, Path dataDir, KeySource source)
      throws StoreException {
    Dialect dialect = dialect(config, dataDir);
    migrate(dialect);
    Transactions transactions = new Transactions(dialect);
    try {
      Keys keys = new Keys(source, dialect);
      transactions.run(keys::open);
      return new RegistryStore(transactions, keys);
    } catch (StoreException | RuntimeException e) {
      transactions.close();
      throw e;
    }
  }

  static KeySource keySource(StoreConfig config, Path dataDir) throws StoreException {
    if (config.key() != null) {
      return new GivenKey(config.key());
    }
    return new KeyFile(config.keyFile() == null ? dataDir.resolve(KEY_NAME) : config.keyFile());
  }

  private static Dialect dialect(StoreConfig config, Path dataDir) throws StoreException {
    if (config.postgres() != null) {
      return new Postgres(config);
    }
    try {
      Files.createDirectories(dataDir);
      return new Sqlite(dataDir.resolve(Sqlite.NAME));
    } catch (IOException e) {
      throw new StoreException("data.dir " + dataDir + " can't be used: " + e, e);
    }
  }

  private static void migrate(Dialect dialect) throws StoreException {
    try {
      Flyway.configure()
          .dataSource(dialect.dataSource())
          .locations(MIGRATIONS)
          .table("registry_migrations")
          .placeholders(Map.of("bytes", dialect.bytesType()))
          // Tables of a newer release are not touched.
          .ignoreMigrationPatterns(new String[0])
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new StoreException(
          "the registry can't be opened: " + dialect.name() + ": " + reason(e), e);
    }
  }

  /** What the database said; around it are many lines. */
  private static String reason(FlywayException error) {
    String reason = error.getMessage();
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException said) {
        reason = said.getMessage();
      }
    }
    return reason;
  }

  Transactions transactions() {
    return transactions;
  }

  Keys keys() {
    return keys;
  }

  @Override
  public void close() {
    transactions.close();
  }
}
