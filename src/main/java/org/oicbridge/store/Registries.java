package org.oicbridge.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.oicbridge.config.StoreConfig;
import org.oicbridge.crudn.DeviceId;

/** Opens the registry that a configuration names. */
public final class Registries {
  /** How long a change may block its thread before Vert.x warns. */
  private static final long PATIENCE_SECONDS = 60;

  private Registries() {}

  /**
   * Opens the registry of a gateway. The data directory belongs to it until it is closed.
   *
   * @param dataDir where the SQLite file, the key file and the identifiers of an earlier release
   *     are; made when it is missing
   * @return fails with a {@link StoreException} that tells why; nothing that was kept has changed
   *     then
   */
  public static Future<Registry> open(Vertx vertx, StoreConfig config, Path dataDir) {
    WorkerExecutor worker =
        vertx.createSharedWorkerExecutor(
            "registry-" + UUID.randomUUID(), 1, PATIENCE_SECONDS, TimeUnit.SECONDS);
    return worker
        .executeBlocking(() -> open(worker, config, dataDir))
        .onSuccess(registry -> followKey(vertx, config, registry))
        .map(registry -> (Registry) registry)
        .recover(error -> worker.close().transform(closed -> Future.failedFuture(error)));
  }

  // A key in a file is there for whoever looks; one that is handed over should not stay long.
  private static void followKey(Vertx vertx, StoreConfig config, JdbcRegistry registry) {
    if (config.key() != null) {
      registry.followKey(vertx);
    }
  }

  private static JdbcRegistry open(WorkerExecutor worker, StoreConfig config, Path dataDir)
      throws StoreException {
    DirLock lock = DirLock.ofGateway(dataDir);
    try {
      RegistryStore store = RegistryStore.open(config, dataDir);
      try {
        store.keys().takeOver(store.transactions());
        new IdentityImport(dataDir).into(store);
        String id =
            store
                .transactions()
                .run(
                    connection ->
                        new IdentityRows(connection)
                            .getOrPut(IdentityRows.SELF, "", UUID.randomUUID().toString()));
        return new JdbcRegistry(worker, store, lock, new DeviceId(id));
      } catch (StoreException | RuntimeException e) {
        store.close();
        throw e;
      }
    } catch (StoreException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }
}
