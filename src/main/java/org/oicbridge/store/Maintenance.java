package org.oicbridge.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.oicbridge.config.StoreConfig;

/** What a person does to the registry by a command. Everything blocks. */
public final class Maintenance {
  private static final Duration HANDOVER = Duration.ofSeconds(15);

  private final StoreConfig config;
  private final Path dataDir;

  /**
   * Names the registry.
   *
   * @param dataDir the one of the gateway
   */
  public Maintenance(StoreConfig config, Path dataDir) {
    this.config = config;
    this.dataDir = dataDir;
  }

  /**
   * Encrypts the credentials with another key; a gateway may run meanwhile. Done again, it finishes
   * what was interrupted.
   *
   * @param newKey 32 bytes in base64 when the key is given in the configuration, else null: the key
   *     file gets a new one
   * @return what was done, for a person
   * @throws StoreException with the reason, and whether the key has changed already
   */
  public String rotateKey(String newKey) throws StoreException {
    return rotateKey(newKey, HANDOVER);
  }

  String rotateKey(String newKey, Duration handover) throws StoreException {
    requireRegistry();
    if ((config.key() == null) != (newKey == null)) {
      throw new StoreException(
          config.key() == null
              ? "the key is in a file, which gets a new one; no key may be given"
              : "the key is given in store.key, so the new one must be given too");
    }
    try (DirLock rotation =
        DirLock.take(dataDir, "rotate.lock", "has its key changed by another process already")) {
      return newKey == null ? rotateFile() : rotateGiven(newKey, handover);
    }
  }

  /** Keeps gateways out for as long as it is open, if there can be one on this machine only. */
  private record GatewayAway(DirLock lock) implements AutoCloseable {
    static GatewayAway of(StoreConfig config, Path dataDir) {
      try {
        return new GatewayAway(config.postgres() == null ? DirLock.ofGateway(dataDir) : null);
      } catch (StoreException e) {
        // One is running, and will take the key over.
        return new GatewayAway(null);
      }
    }

    boolean certain() {
      return lock != null;
    }

    @Override
    public void close() {
      if (lock != null) {
        lock.close();
      }
    }
  }

  private String rotateFile() throws StoreException {
    try (RegistryStore store = RegistryStore.open(config, dataDir)) {
      KeyFile file = (KeyFile) RegistryStore.keySource(config, dataDir);
      return new KeyRotation(store).inFile(file);
    }
  }

  private String rotateGiven(String newKey, Duration handover) throws StoreException {
    RegistryKey current = RegistryKey.parse(config.key(), "store.key");
    RegistryKey next = RegistryKey.parse(newKey, "the new key");
    if (current.id().equals(next.id())) {
      throw new StoreException("the new key is the one in store.key, expected another one");
    }
    KnownKeys keys = new KnownKeys(List.of(current, next), "store.key");
    try (GatewayAway away = GatewayAway.of(config, dataDir);
        RegistryStore store = RegistryStore.open(config, dataDir, keys)) {
      return new KeyRotation(store).given(next, away.certain() ? null : handover);
    }
  }

  /**
   * Writes everything into an encrypted file; a gateway may run meanwhile.
   *
   * @param file must not be there yet
   * @param key 32 bytes in base64
   * @return how many rows it has
   */
  public int exportTo(Path file, String key) throws StoreException {
    requireRegistry();
    ExportFile export = new ExportFile(file, RegistryKey.parse(key, "the key of the file"));
    try (RegistryStore store = RegistryStore.open(config, dataDir)) {
      return store
          .transactions()
          .run(
              connection -> {
                try (Statement statement = connection.createStatement()) {
                  statement.execute(store.transactions().dialect().snapshot());
                }
                return export.write(new RegistryRows(connection, store.keys().current(connection)));
              });
    }
  }

  /**
   * Fills the registry from such a file, with all of it or nothing; no gateway may run.
   *
   * @param replace whether what is in the registry goes
   * @return how many rows it has now
   */
  public int importFrom(Path file, String key, boolean replace) throws StoreException {
    ExportFile export = new ExportFile(file, RegistryKey.parse(key, "the key of the file"));
    if (!Files.isReadable(file)) {
      throw new StoreException(file + " can't be read, expected a file that was exported");
    }
    try (DirLock lock = DirLock.ofGateway(dataDir);
        RegistryStore store = RegistryStore.open(config, dataDir)) {
      int count =
          store
              .transactions()
              .run(
                  connection -> {
                    RegistryRows rows =
                        new RegistryRows(connection, store.keys().current(connection));
                    if (replace) {
                      rows.deleteAll();
                    } else if (!rows.isEmpty()) {
                      throw new StoreException(
                          "the registry is not empty; say --replace when what is in it may go");
                    }
                    return export.read(rows);
                  });
      if (replace) {
        wipe(store);
      }
      return count;
    }
  }

  private static void wipe(RegistryStore store) throws StoreException {
    try {
      store.transactions().dialect().wipe();
    } catch (SQLException e) {
      throw new StoreException(
          "everything is imported, but what was there before is not wiped yet: " + e.getMessage(),
          e);
    }
  }

  private void requireRegistry() throws StoreException {
    if (config.postgres() == null && !Files.exists(dataDir.resolve(Sqlite.NAME))) {
      throw new StoreException("there is no registry in data.dir " + dataDir);
    }
  }
}
