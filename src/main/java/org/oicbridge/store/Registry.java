package org.oicbridge.store;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/**
 * What the gateway must not forget. Every future completes once the change is on disk, and fails
 * when it is not; a change is there as a whole or not at all. Nothing blocks the caller. There is
 * one writer in a process.
 */
public interface Registry {
  /** The gateway's own identifier, made at the very first start. */
  DeviceId gatewayId();

  /**
   * The identifiers that the gateway's own sessions on these accounts bind with; the accounts that
   * have none get one.
   *
   * @param accounts bare JIDs
   */
  Future<Map<Jid, DeviceId>> gatewayIds(Collection<Jid> accounts);

  /** Everything, as it is at the start. */
  Future<Contents> load();

  /** Keeps an account, in the place of one that is there. */
  Future<Void> putAccount(StoredAccount account);

  /**
   * Gives an account another bare JID; its devices go with it, in one change.
   *
   * @param from the bare JID until now, or null for the default account that has none
   * @param account what it is from now on
   */
  Future<Void> moveAccount(Jid from, StoredAccount account);

  /** Forgets an account with its devices. */
  Future<Void> deleteAccount(Jid account);

  /**
   * Keeps devices, each in the place of one that is there, all in one change. The identifier of one
   * that has an owner belongs to it from then on.
   */
  Future<Void> putDevices(List<StoredDevice> devices);

  /** Forgets devices, all in one change. Whom their identifiers belong to stays known. */
  Future<Void> deleteDevices(List<StoredDevice.Key> devices);

  /**
   * Takes back what was published, all in one change.
   *
   * @param shorter devices that stay with fewer links
   * @param gone devices to forget
   * @param released identifiers that belong to nobody from then on, so that anybody may publish
   *     them
   */
  Future<Void> withdraw(
      List<StoredDevice> shorter, List<StoredDevice.Key> gone, Collection<DeviceId> released);

  /** Lets go of it; nothing is lost by not doing so. */
  Future<Void> close();

  /**
   * All that is kept.
   *
   * @param owners the identity that each identifier belongs to, by canonical identifier
   */
  record Contents(
      List<StoredAccount> accounts, List<StoredDevice> devices, Map<String, String> owners) {
    public Contents {
      accounts = List.copyOf(accounts);
      devices = List.copyOf(devices);
      owners = Map.copyOf(owners);
    }
  }
}
