package org.oicbridge.hosting;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.store.Registry;
import org.oicbridge.store.StoredAccount;
import org.oicbridge.store.StoredDevice;

/** The registry, whose results arrive on our event loop, a failed write as {@link Refused}. */
final class Ledger {
  private final Registry registry;
  private final Turns turns;

  Ledger(Registry registry, Turns turns) {
    this.registry = registry;
    this.turns = turns;
  }

  DeviceId gatewayId() {
    return registry.gatewayId();
  }

  Future<Map<Jid, DeviceId>> gatewayIds(Collection<Jid> accounts) {
    return turns.written(registry.gatewayIds(accounts));
  }

  Future<Void> putAccount(StoredAccount account) {
    return turns.written(registry.putAccount(account));
  }

  /** Keeps an account that was kept under this JID, or null, until now. */
  Future<Void> replaceAccount(Jid before, StoredAccount account) {
    return Objects.equals(before, account.jid())
        ? putAccount(account)
        : turns.written(registry.moveAccount(before, account));
  }

  Future<Void> deleteAccount(Jid account) {
    return turns.written(registry.deleteAccount(account));
  }

  Future<Void> putDevices(List<StoredDevice> devices) {
    return turns.written(registry.putDevices(devices));
  }

  Future<Void> deleteDevices(List<StoredDevice.Key> devices) {
    return turns.written(registry.deleteDevices(devices));
  }

  Future<Void> withdraw(
      List<StoredDevice> shorter, List<StoredDevice.Key> gone, Collection<DeviceId> released) {
    return turns.written(registry.withdraw(shorter, gone, released));
  }
}
