package org.oicbridge.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The registry in a database. Everything is done on one thread of its own, in the order asked. */
final class JdbcRegistry implements Registry {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcRegistry.class);
  private static final long FOLLOW_MILLIS = 1000;

  private final WorkerExecutor worker;
  private final RegistryStore store;
  private final DirLock lock;
  private final DeviceId gatewayId;
  private final AtomicBoolean closed = new AtomicBoolean();
  private Runnable stopFollowing = () -> {};

  JdbcRegistry(WorkerExecutor worker, RegistryStore store, DirLock lock, DeviceId gatewayId) {
    this.worker = worker;
    this.store = store;
    this.lock = lock;
    this.gatewayId = gatewayId;
  }

  /** Looks again and again whether a new key is handed over. */
  void followKey(Vertx vertx) {
    AtomicBoolean looking = new AtomicBoolean();
    long timer =
        vertx.setPeriodic(
            FOLLOW_MILLIS,
            id -> {
              if (looking.compareAndSet(false, true)) {
                worker
                    .executeBlocking(
                        () -> {
                          store.keys().takeOver(store.transactions());
                          return null;
                        })
                    .onFailure(e -> LOG.debug("looking for a new key failed: {}", e.getMessage()))
                    .onComplete(done -> looking.set(false));
              }
            });
    stopFollowing = () -> vertx.cancelTimer(timer);
  }

  @Override
  public DeviceId gatewayId() {
    return gatewayId;
  }

  @Override
  public Future<Map<Jid, DeviceId>> gatewayIds(Collection<Jid> accounts) {
    List<Jid> asked = List.copyOf(accounts);
    return write(
        connection -> {
          IdentityRows identities = new IdentityRows(connection);
          Map<Jid, DeviceId> ids = new LinkedHashMap<>();
          for (Jid account : asked) {
            String fresh = UUID.randomUUID().toString();
            String text = AccountRows.text(account);
            ids.put(account, new DeviceId(identities.getOrPut(IdentityRows.ACCOUNT, text, fresh)));
          }
          return ids;
        });
  }

  @Override
  public Future<Contents> load() {
    return run(
        connection -> {
          RegistryKey key = store.keys().current(connection);
          return new Contents(
              new AccountRows(connection, key).all(),
              new DeviceRows(connection, key).all(),
              new IdentityRows(connection).all(IdentityRows.OWNER));
        });
  }

  @Override
  public Future<Void> putAccount(StoredAccount account) {
    return change(
        connection -> new AccountRows(connection, store.keys().current(connection)).put(account));
  }

  @Override
  public Future<Void> moveAccount(Jid from, StoredAccount account) {
    return change(
        connection -> {
          RegistryKey key = store.keys().current(connection);
          AccountRows accounts = new AccountRows(connection, key);
          if (!Objects.equals(from, account.jid())) {
            if (accounts.has(account.jid())) {
              throw new StoreException("there is an account " + account.jid() + " already");
            }
            accounts.delete(from);
            // The identifier goes along, so that no two accounts have one and the same.
            new IdentityRows(connection).delete(IdentityRows.ACCOUNT, AccountRows.text(from));
            new DeviceRows(connection, key).move(from, account.jid());
          }
          accounts.put(account);
        });
  }

  @Override
  public Future<Void> deleteAccount(Jid account) {
    return change(
        connection -> {
          RegistryKey key = store.keys().current(connection);
          new DeviceRows(connection, key).deleteAll(account);
          new AccountRows(connection, key).delete(account);
        });
  }

  @Override
  public Future<Void> putDevices(List<StoredDevice> devices) {
    List<StoredDevice> group = List.copyOf(devices);
    return change(
        connection -> new DeviceRows(connection, store.keys().current(connection)).put(group));
  }

  @Override
  public Future<Void> deleteDevices(List<StoredDevice.Key> devices) {
    List<StoredDevice.Key> group = List.copyOf(devices);
    return change(
        connection -> new DeviceRows(connection, store.keys().current(connection)).delete(group));
  }

  @Override
  public Future<Void> withdraw(
      List<StoredDevice> shorter, List<StoredDevice.Key> gone, Collection<DeviceId> released) {
    List<StoredDevice> kept = List.copyOf(shorter);
    List<StoredDevice.Key> forgotten = List.copyOf(gone);
    List<DeviceId> free = List.copyOf(released);
    return change(
        connection -> {
          DeviceRows devices = new DeviceRows(connection, store.keys().current(connection));
          devices.put(kept);
          devices.delete(forgotten);
          IdentityRows identities = new IdentityRows(connection);
          for (DeviceId di : free) {
            identities.delete(IdentityRows.OWNER, di.canonical());
          }
        });
  }

  @Override
  public Future<Void> close() {
    if (!closed.compareAndSet(false, true)) {
      return Future.succeededFuture();
    }
    stopFollowing.run();
    return worker
        .<Void>executeBlocking(
            () -> {
              store.close();
              lock.close();
              return null;
            })
        .eventually(worker::close);
  }

  /** A change without an answer. */
  private interface Change {
    void make(Connection connection) throws SQLException, StoreException;
  }

  private Future<Void> change(Change change) {
    return write(
        connection -> {
          change.make(connection);
          return null;
        });
  }

  private <T> Future<T> write(Transactions.Work<T> work) {
    long asked = System.nanoTime();
    return run(work)
        .onComplete(
            result ->
                StoreMetrics.write(
                    result.succeeded() ? "kept" : "failed", System.nanoTime() - asked));
  }

  private <T> Future<T> run(Transactions.Work<T> work) {
    return closed.get()
        ? Future.failedFuture(new StoreException("the registry is closed"))
        : worker.executeBlocking(() -> store.transactions().run(work));
  }
}
