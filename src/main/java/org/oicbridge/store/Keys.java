package org.oicbridge.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.oicbridge.crudn.Secret;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the key that the registry is encrypted with. The database names it, so that every
 * transaction sees when another process has changed it, and gets the new one from its source.
 */
final class Keys {
  private static final Logger LOG = LoggerFactory.getLogger(Keys.class);
  private static final String CHECK_PLACE = "registry\0key_check";
  private static final byte[] CHECK_TEXT = "oic-bridge".getBytes(StandardCharsets.UTF_8);

  private final KeySource source;
  private final Dialect dialect;
  private RegistryKey current;

  Keys(KeySource source, Dialect dialect) {
    this.source = source;
    this.dialect = dialect;
  }

  /** The row that names the key. */
  private record Named(String id, Secret check, Secret handover) {}

  /**
   * At the start: gives a new registry its key.
   *
   * @throws StoreException when the key is missing or a wrong one; nothing has changed then
   */
  RegistryKey open(Connection connection) throws SQLException, StoreException {
    Named named = read(connection);
    if (named.id() == null || (source.missing() && !hasSecrets(connection))) {
      current = source.first();
      name(connection, current);
      return current;
    }
    if (source.missing()) {
      throw new StoreException(
          "the key file "
              + source.name()
              + " is missing, but the registry has credentials that are encrypted with it; restore"
              + " it from its backup");
    }
    return current(connection);
  }

  /** The key as it is now, and stays until the end of a transaction that writes. */
  RegistryKey current(Connection connection) throws SQLException, StoreException {
    Named named = read(connection);
    if (current == null || !current.id().equals(named.id())) {
      boolean changed = current != null;
      current = find(named);
      if (changed) {
        LOG.info("the registry's key has changed; the new one was taken from {}", source.name());
      }
    }
    if (named.handover() != null) {
      taken(connection);
    }
    return current;
  }

  private RegistryKey find(Named named) throws StoreException {
    Optional<RegistryKey> found =
        source.find(named.id(), named.handover() == null ? null : named.handover().bytes());
    if (found.isEmpty()) {
      throw new StoreException(
          "the key in "
              + source.name()
              + " is not the one that the registry is encrypted with, whose id is "
              + named.id()
              + "; nothing was changed");
    }
    found.get().decrypt(named.check().bytes(), CHECK_PLACE);
    return found.get();
  }

  // Who has the new key in memory needs it in the database no longer.
  private static void taken(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE registry SET handover = NULL WHERE id = 1");
    }
    LOG.warn(
        "the registry's key was handed over; the variable behind store.key must name the new one"
            + " before the next start");
  }

  /** Names the key that the registry is encrypted with from now on. */
  static void name(Connection connection, RegistryKey key) throws SQLException, StoreException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE registry SET key_id = ?, key_check = ? WHERE id = 1")) {
      update.setString(1, key.id());
      update.setBytes(2, key.encrypt(CHECK_TEXT, CHECK_PLACE));
      update.executeUpdate();
    }
  }

  private Named read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT key_id, key_check, handover FROM registry WHERE id = 1"
                    + dialect.whileWriting())) {
      row.next();
      return new Named(row.getString(1), secret(row.getBytes(2)), secret(row.getBytes(3)));
    }
  }

  private static Secret secret(byte[] bytes) {
    return bytes == null ? null : new Secret(bytes);
  }

  private static boolean hasSecrets(Connection connection) throws SQLException {
    for (Table table : Table.ALL) {
      for (String column : table.secrets()) {
        try (Statement statement = connection.createStatement();
            ResultSet row =
                statement.executeQuery(
                    "SELECT 1 FROM "
                        + table.name()
                        + " WHERE "
                        + column
                        + " IS NOT NULL LIMIT 1")) {
          if (row.next()) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
