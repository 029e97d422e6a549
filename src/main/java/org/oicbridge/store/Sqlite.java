package org.oicbridge.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The registry as a file. */
final class Sqlite implements Dialect {
  static final String NAME = "registry.db";

  /** How long a write waits for the one of another process, such as a rotation of the key. */
  private static final int BUSY_MILLIS = 30_000;

  private static final List<String> PRAGMAS =
      List.of(
          "busy_timeout = " + BUSY_MILLIS,
          "journal_mode = WAL",
          // In the WAL mode NORMAL would sync at checkpoints only.
          "synchronous = FULL",
          "foreign_keys = ON",
          "secure_delete = ON");

  private final Path file;
  private final SQLiteDataSource source;

  /** Names the file, which is made when it is missing, for its owner only. */
  Sqlite(Path file) throws IOException {
    make(file);
    this.file = file;
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
  }

  private static void make(Path file) throws IOException {
    try {
      // SQLite gives the files beside it the same permissions.
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      // As it should be from the second start on. SQLite would read what it can't write, and say so
      // at the first change.
      if (!Files.isReadable(file) || !Files.isWritable(file)) {
        throw new AccessDeniedException(file.toString(), null, "this user can't read and write it");
      }
    }
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public DataSource dataSource() {
    return source;
  }

  @Override
  public Connection connect() throws SQLException {
    Connection connection = source.getConnection();
    try (Statement statement = connection.createStatement()) {
      for (String pragma : PRAGMAS) {
        statement.execute("PRAGMA " + pragma);
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public String begin() {
    // What begins as a reader and then writes fails at once when another one got in between.
    return "BEGIN IMMEDIATE";
  }

  @Override
  public String snapshot() {
    return "SELECT 1";
  }

  @Override
  public String bytesType() {
    return "BLOB";
  }

  @Override
  public String whileWriting() {
    return "";
  }

  @Override
  public boolean lost(SQLException error) {
    return false;
  }

  @Override
  public void wipe() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      checkpoint(statement);
      statement.execute("VACUUM");
      checkpoint(statement);
    }
  }

  private static void checkpoint(Statement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
      if (!result.next() || result.getInt(1) != 0) {
        throw new SQLException("the write-ahead log is in use for too long");
      }
    }
  }
}
