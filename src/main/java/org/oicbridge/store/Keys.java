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
  private boolean handedOver;

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
      name(connection, null, current);
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
    handedOver = named.handover() != null;
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

  /** Takes over the key that another process has changed to, and erases it from the database. */
  void takeOver(Transactions transactions) throws StoreException {
    RegistryKey taken = transactions.run(this::current);
    // In a transaction of its own, since one that has looked at the row can't change it without
    // standing in the way of a rotation that waits for it.
    if (handedOver && transactions.run(connection -> erase(connection, taken))) {
      LOG.warn(
          "the registry's key was handed over; the variable behind store.key must have the new one"
              + " before the next start");
    }
  }

  /** Removes a key that is handed over; false when there is none any more. */
  static boolean erase(Connection connection, RegistryKey taken) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE registry SET handover = NULL WHERE key_id = ? AND handover IS NOT NULL")) {
      update.setString(1, taken.id());
      return update.executeUpdate() > 0;
    }
  }

  /**
   * Names the key that the registry is encrypted with from now on.
   *
   * @param before the one until now, or null for none
   */
  static void name(Connection connection, RegistryKey before, RegistryKey key)
      throws SQLException, StoreException {
    String ifBefore = before == null ? "" : " AND key_id = ?";
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE registry SET key_id = ?, key_check = ? WHERE id = 1" + ifBefore)) {
      Values values = new Values(update).text(key.id()).bytes(key.encrypt(CHECK_TEXT, CHECK_PLACE));
      if (before != null) {
        values.text(before.id());
      }
      if (update.executeUpdate() == 0) {
        throw new StoreException(
            "another process has changed the key; nothing was changed by this one");
      }
    }
  }

  /** Leaves the next key in the database, for a gateway that has the current one. */
  static void offer(Connection connection, RegistryKey current, RegistryKey next)
      throws SQLException, StoreException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE registry SET handover = ? WHERE id = 1")) {
      new Values(update).bytes(current.encrypt(next.bytes(), GivenKey.place(next.id())));
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
