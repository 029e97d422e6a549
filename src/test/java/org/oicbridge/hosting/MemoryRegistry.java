package org.oicbridge.hosting;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.store.Registry;
import org.oicbridge.store.StoredAccount;
import org.oicbridge.store.StoredDevice;

/** A registry that forgets, whose writes the test can hold up or let fail. */
final class MemoryRegistry implements Registry {
  static final DeviceId GATEWAY = new DeviceId("99999999-9999-4999-8999-999999999999");

  final Map<Jid, StoredAccount> accounts = new HashMap<>();
  final Map<StoredDevice.Key, StoredDevice> devices = new LinkedHashMap<>();
  final Map<String, String> owners = new HashMap<>();
  final Map<Jid, DeviceId> ids = new HashMap<>();
  final List<String> writes = new ArrayList<>();
  private final Deque<Runnable> held = new ArrayDeque<>();
  private boolean holding;
  private String failing;

  /** The writes that were held up. */
  final BlockingQueue<String> heldUp = new LinkedBlockingQueue<>();

  /** The writes that failed, as they failed. */
  final BlockingQueue<String> failures = new LinkedBlockingQueue<>();

  synchronized void hold() {
    holding = true;
  }

  /** Lets go of all writes that wait; later ones don't. */
  synchronized void letGo() {
    holding = false;
    while (!held.isEmpty()) {
      held.remove().run();
    }
  }

  synchronized int waiting() {
    return held.size();
  }

  /** Lets the writes fail that begin so; null for none. */
  synchronized void fail(String which) {
    failing = which;
  }

  synchronized List<String> written() {
    return List.copyOf(writes);
  }

  synchronized StoredAccount account(Jid jid) {
    return accounts.get(jid);
  }

  synchronized StoredDevice device(Jid account, DeviceId di) {
    return devices.get(new StoredDevice.Key(account, di));
  }

  synchronized String owner(DeviceId di) {
    return owners.get(di.canonical());
  }

  @Override
  public DeviceId gatewayId() {
    return GATEWAY;
  }

  @Override
  public synchronized Future<Map<Jid, DeviceId>> gatewayIds(Collection<Jid> which) {
    Map<Jid, DeviceId> found = new HashMap<>();
    for (Jid jid : which) {
      found.put(jid, ids.computeIfAbsent(jid, MemoryRegistry::id));
    }
    return Future.succeededFuture(found);
  }

  /** The identifier that an account gets here. */
  static DeviceId id(Jid account) {
    return new DeviceId("gateway-of-" + account.local());
  }

  @Override
  public synchronized Future<Contents> load() {
    return Future.succeededFuture(
        new Contents(List.copyOf(accounts.values()), List.copyOf(devices.values()), owners));
  }

  @Override
  public Future<Void> putAccount(StoredAccount account) {
    return write("putAccount " + account.jid(), () -> accounts.put(account.jid(), account));
  }

  @Override
  public Future<Void> moveAccount(Jid from, StoredAccount account) {
    return write(
        "moveAccount " + from + " " + account.jid(),
        () -> {
          accounts.remove(from);
          for (StoredDevice device : List.copyOf(devices.values())) {
            if (Objects.equals(device.account(), from)) {
              devices.remove(device.key());
              StoredDevice moved = device.withAccount(account.jid());
              devices.put(moved.key(), moved);
            }
          }
          accounts.put(account.jid(), account);
        });
  }

  @Override
  public Future<Void> deleteAccount(Jid account) {
    return write(
        "deleteAccount " + account,
        () -> {
          devices.keySet().removeIf(key -> Objects.equals(key.account(), account));
          accounts.remove(account);
        });
  }

  @Override
  public Future<Void> putDevices(List<StoredDevice> changed) {
    return write(
        "putDevices " + changed.size(),
        () -> {
          for (StoredDevice device : changed) {
            devices.put(device.key(), device);
            if (device.owner() != null) {
              owners.put(device.di().canonical(), device.owner());
            }
          }
        });
  }

  @Override
  public Future<Void> deleteDevices(List<StoredDevice.Key> gone) {
    return write("deleteDevices " + gone.size(), () -> devices.keySet().removeAll(gone));
  }

  @Override
  public Future<Void> withdraw(
      List<StoredDevice> shorter, List<StoredDevice.Key> gone, Collection<DeviceId> released) {
    return write(
        "withdraw " + gone.size(),
        () -> {
          shorter.forEach(device -> devices.put(device.key(), device));
          devices.keySet().removeAll(gone);
          released.forEach(di -> owners.remove(di.canonical()));
        });
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }

  private synchronized Future<Void> write(String what, Runnable change) {
    Promise<Void> done = Promise.promise();
    Runnable commit =
        () -> {
          if (failing != null && what.startsWith(failing)) {
            failures.add(what);
            done.fail(new IOException("no space left on device"));
            return;
          }
          change.run();
          writes.add(what);
          done.complete();
        };
    if (holding) {
      held.add(commit);
      heldUp.add(what);
    } else {
      commit.run();
    }
    return done.future();
  }
}
