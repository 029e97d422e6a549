package org.oicbridge.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Looks at what a SQLite registry has on disk, past the registry. */
public final class StoreFiles {
  static final int WINDOW = 16;

  /** Every column that holds something encrypted, with its table. */
  public static final List<String> ENCRYPTED =
      List.of(
          "key_check FROM registry",
          "active_password FROM accounts",
          "pending_password FROM accounts",
          "key_secret FROM devices");

  private StoreFiles() {}

  /** Which of the windows of these texts occur in the files of the database. */
  public static List<String> windowsFound(Path dataDir, List<byte[]> secrets) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String name : List.of("registry.db", "registry.db-wal", "registry.db-shm")) {
      Path file = dataDir.resolve(name);
      if (Files.exists(file)) {
        files.add(file);
      }
    }
    return windowsIn(files, secrets);
  }

  /** Which of the windows of these texts occur in files. */
  public static List<String> windowsIn(List<Path> files, List<byte[]> secrets) throws IOException {
    Set<ByteBuffer> windows = new HashSet<>();
    for (byte[] secret : secrets) {
      for (int i = 0; i + WINDOW <= secret.length; i++) {
        windows.add(ByteBuffer.wrap(Arrays.copyOfRange(secret, i, i + WINDOW)));
      }
    }
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      for (int i = 0; i + WINDOW <= bytes.length; i++) {
        if (windows.contains(ByteBuffer.wrap(bytes, i, WINDOW))) {
          found.add(file + " at " + i);
        }
      }
    }
    return found;
  }

  /** Everything that is encrypted in the tables. */
  public static List<byte[]> ciphertexts(Path dataDir) throws SQLException {
    List<byte[]> all = new ArrayList<>();
    for (String column : ENCRYPTED) {
      ask(dataDir, "SELECT " + column, row -> all.add(row.getBytes(1)));
    }
    all.removeIf(bytes -> bytes == null);
    return all;
  }

  interface Reader {
    void read(ResultSet row) throws SQLException;
  }

  static void ask(Path dataDir, String sql, Reader reader) throws SQLException {
    try (Connection connection = connect(dataDir);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        reader.read(row);
      }
    }
  }

  static void change(Path dataDir, String sql) throws SQLException {
    try (Connection connection = connect(dataDir);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private static Connection connect(Path dataDir) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + dataDir.resolve("registry.db"));
  }
}
