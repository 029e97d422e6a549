package org.oicbridge.store;

import java.nio.file.Files;
import java.nio.file.Path;
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
    try (RegistryStore store = RegistryStore.open(config, dataDir, keys)) {
      return new KeyRotation(store).given(next, handover);
    }
  }

  private void requireRegistry() throws StoreException {
    if (config.postgres() == null && !Files.exists(dataDir.resolve(Sqlite.NAME))) {
      throw new StoreException("there is no registry in data.dir " + dataDir);
    }
  }
}
