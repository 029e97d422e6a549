package org.oicbridge.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.oicbridge.crudn.Secret;

/**
 * Encrypts the registry with another key while a gateway works with it. The database names its key,
 * and whoever writes looks there first, so the gateway changes over with its next transaction. It
 * can be done again from the start wherever it was interrupted.
 */
final class KeyRotation {
  private static final Duration LOOK = Duration.ofMillis(100);

  private final RegistryStore store;

  KeyRotation(RegistryStore store) {
    this.store = store;
  }

  /** Something encrypted, and where it is. */
  private record Row(List<String> key, Secret secret) {}

  /** With keys in a file, which has both while it matters. */
  String inFile(KeyFile file) throws StoreException {
    RegistryKey current = store.transactions().run(store.keys()::current);
    List<RegistryKey> keys = file.read();
    RegistryKey last = keys.get(keys.size() - 1);
    RegistryKey next = last;
    if (!last.id().equals(current.id()) || keys.size() == 1) {
      if (keys.size() == 1) {
        next = RegistryKey.random();
        file.write(List.of(current, next));
      }
      replace(current, next, false);
    }
    file.write(List.of(next));
    wipe();
    return "the registry is encrypted with " + next + " now, which " + file.name() + " holds";
  }

  /**
   * With keys that are given; a running gateway has the new one handed over.
   *
   * @param handover how long it is waited for to take it, or null when none runs
   */
  String given(RegistryKey next, Duration handover) throws StoreException {
    RegistryKey current = store.transactions().run(store.keys()::current);
    if (!current.id().equals(next.id())) {
      replace(current, next, handover != null);
    }
    // None is there when this finishes what was interrupted after the handover.
    boolean offered = store.transactions().run(KeyRotation::isOffered);
    boolean taken = offered && handover != null && awaitTaken(handover);
    store.transactions().run(connection -> Keys.erase(connection, next));
    wipe();
    String done = "the registry is encrypted with " + next + " now; ";
    if (taken) {
      return done + "the running gateway has taken it over; give it to the next start in store.key";
    }
    return !offered || handover == null
        ? done + "give it to the next start in store.key"
        : done
            + "no gateway took it over within "
            + handover.toSeconds()
            + " s; start the gateway again with the new key in store.key, it can't keep anything"
            + " until then";
  }

  private boolean awaitTaken(Duration time) throws StoreException {
    long deadline = System.nanoTime() + time.toNanos();
    while (store.transactions().run(KeyRotation::isOffered)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      try {
        // On the command's own thread: a database tells no process what another one has done.
        Thread.sleep(LOOK.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StoreException("interrupted; do it again to finish it", e);
      }
    }
    return true;
  }

  private static boolean isOffered(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT 1 FROM registry WHERE handover IS NOT NULL")) {
      return row.next();
    }
  }

  private void replace(RegistryKey current, RegistryKey next, boolean handover)
      throws StoreException {
    store
        .transactions()
        .run(
            connection -> {
              // First of all, since who writes meanwhile waits at this row.
              Keys.name(connection, current, next);
              for (Table table : Table.ALL) {
                for (String column : table.secrets()) {
                  replace(connection, table, column, current, next);
                }
              }
              if (handover) {
                Keys.offer(connection, current, next);
              }
              return null;
            });
  }

  private static void replace(
      Connection connection, Table table, String column, RegistryKey current, RegistryKey next)
      throws SQLException, StoreException {
    String keys = String.join(", ", table.keys());
    String select =
        "SELECT "
            + keys
            + ", "
            + column
            + " FROM "
            + table.name()
            + " WHERE "
            + column
            + " IS NOT NULL";
    String update =
        "UPDATE "
            + table.name()
            + " SET "
            + column
            + " = ? WHERE "
            + table.keys().stream().map(key -> key + " = ?").collect(Collectors.joining(" AND "));
    List<Row> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(select)) {
      while (row.next()) {
        List<String> key = new ArrayList<>();
        for (int i = 1; i <= table.keys().size(); i++) {
          key.add(row.getString(i));
        }
        rows.add(new Row(key, new Secret(row.getBytes(column))));
      }
    }
    try (PreparedStatement put = connection.prepareStatement(update)) {
      for (Row row : rows) {
        String place = table.place(row.key(), column);
        byte[] plain = current.decrypt(row.secret().bytes(), place);
        new Values(put).bytes(next.encrypt(plain, place)).texts(row.key());
        put.executeUpdate();
      }
    }
  }

  private void wipe() throws StoreException {
    try {
      store.transactions().dialect().wipe();
    } catch (SQLException e) {
      throw new StoreException(
          "the registry has its new key, but what was encrypted with the old one is not wiped yet: "
              + e.getMessage()
              + "; do it again to wipe it",
          e);
    }
  }
}
