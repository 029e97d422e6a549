package org.oicbridge.hosting;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.PreSharedKey;
import org.oicbridge.config.CoapServerConfig;
import org.oicbridge.config.IdentityConfig;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.DeviceType;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Status;
import org.oicbridge.store.StoredDevice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps devices and has the shards host them. A device is hosted when its type is known and its
 * account has logged in once.
 */
final class Hosting implements DeviceTypes.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Hosting.class);

  private final Turns turns;
  private final Ledger ledger;
  private final Shards shards;
  private final AccountBook accounts;
  private final DeviceBook devices;
  private final Events events;
  private final LinkNumbers numbers = new LinkNumbers();
  private final Expiry expiry;
  private final DeviceTypes types;
  private final Map<String, PreSharedKey> keys = new HashMap<>();
  private final int sessionsPerAccount;

  /** The accounts that a shard serves. */
  private final Set<Jid> served = new HashSet<>();

  /** Devices that did not tell their type; they are asked again after a restart. */
  private final Set<StoredDevice.Key> untold = new HashSet<>();

  Hosting(Parts parts, CoapServerConfig server, int sessionsPerAccount) {
    this.turns = parts.turns();
    this.ledger = parts.ledger();
    this.shards = parts.shards();
    Timing timing = parts.timing();
    this.accounts = parts.accounts();
    this.devices = parts.devices();
    this.events = parts.events();
    this.expiry = new Expiry(parts.vertx(), timing, new Overdue(parts, this)::over);
    this.types = new DeviceTypes(parts.vertx(), shards, timing, this);
    this.sessionsPerAccount = sessionsPerAccount;
    for (IdentityConfig identity : server.identities()) {
      if (identity.proof() instanceof IdentityConfig.Psk psk) {
        keys.put(identity.id(), new PreSharedKey(psk.identity(), psk.key()));
      }
    }
  }

  LinkNumbers numbers() {
    return numbers;
  }

  /** Takes a stored device that was there before, without hosting it yet. */
  void remember(StoredDevice device) {
    devices.put(device);
    numbers.take(device);
    expiry.set(device.key(), device.expires());
  }

  /** Serves an account from now on, with the devices of the file and the stored ones. */
  Future<Void> serve(Account account, List<HostedDevice> configured) {
    served.add(account.jid());
    List<HostedDevice> all = new ArrayList<>(configured);
    all.addAll(hostable(devices.storedOf(account.jid())));
    Future<Done> told = shards.hostAccount(account.login(), account.gatewayId());
    // Sent at once: both arrive in this order, and nothing has to wait between them.
    return all.isEmpty()
        ? told.mapEmpty()
        : Future.all(told, shards.hostDevices(account.jid(), all)).mapEmpty();
  }

  /** Keeps devices and has them hosted; in a turn. */
  Future<Void> put(List<StoredDevice> changed) {
    return ledger.putDevices(changed).map(written -> apply(changed));
  }

  private Void apply(List<StoredDevice> changed) {
    Map<Jid, List<StoredDevice>> byAccount = new HashMap<>();
    for (StoredDevice device : changed) {
      boolean silent = untold.contains(device.key());
      StoredDevice before = forget(device.key());
      remember(device);
      if (silent && device.rt() == null) {
        untold.add(device.key());
        if (!device.endpoint().equals(before.endpoint())) {
          // Somebody else may be there, who tells more.
          types.ask(device.key(), hosted(device, DeviceType.ANY));
        }
      }
      byAccount.computeIfAbsent(device.account(), account -> new ArrayList<>()).add(device);
    }
    byAccount.forEach(this::host);
    return null;
  }

  private void host(Jid account, List<StoredDevice> which) {
    if (served.contains(account)) {
      List<HostedDevice> now = hostable(which);
      if (!now.isEmpty()) {
        shards.hostDevices(account, now);
      }
    }
  }

  /** Those whose type is known; the others are asked. */
  private List<HostedDevice> hostable(Iterable<StoredDevice> which) {
    List<HostedDevice> now = new ArrayList<>();
    for (StoredDevice device : which) {
      String rt = type(device);
      if (rt == null) {
        types.ask(device.key(), hosted(device, DeviceType.ANY));
      } else {
        devices.waiting().remove(device.key());
        now.add(hosted(device, rt));
      }
    }
    return now;
  }

  /** The type that a device is hosted with; null while it is not known. */
  String type(StoredDevice device) {
    return device.rt() == null && untold.contains(device.key()) ? DeviceType.ANY : device.rt();
  }

  private HostedDevice hosted(StoredDevice device, String rt) {
    return new HostedDevice(
        device.di(), rt, device.name(), device.endpoint(), key(device), device.version());
  }

  /** Its own key, else the one by which its publisher is recognised. */
  private PreSharedKey key(StoredDevice device) {
    if (device.keySecret() != null) {
      return new PreSharedKey(device.keyIdentity(), device.keySecret());
    }
    boolean secured = "coaps".equals(device.endpoint().getScheme());
    return secured && device.owner() != null ? keys.get(device.owner()) : null;
  }

  /** Forgets devices, in a turn; whose their identifiers are stays known. */
  Future<Void> remove(List<StoredDevice.Key> gone) {
    return ledger.deleteDevices(gone).map(written -> removed(gone));
  }

  /**
   * Keeps devices with fewer links and forgets others, in a turn. The identifiers of those belong
   * to nobody then, unless they are published under another account too.
   */
  Future<Void> withdraw(List<StoredDevice> shorter, List<StoredDevice.Key> gone) {
    Set<DeviceId> free = devices.freedBy(gone);
    return ledger
        .withdraw(shorter, gone, free)
        .map(
            written -> {
              free.forEach(devices::release);
              apply(shorter);
              return removed(gone);
            });
  }

  private Void removed(List<StoredDevice.Key> gone) {
    Map<Jid, List<DeviceId>> byAccount = new HashMap<>();
    for (StoredDevice.Key key : gone) {
      if (forget(key) != null && served.contains(key.account())) {
        byAccount.computeIfAbsent(key.account(), a -> new ArrayList<>()).add(key.di());
      }
    }
    byAccount.forEach(shards::dropDevices);
    return null;
  }

  private StoredDevice forget(StoredDevice.Key key) {
    StoredDevice device = devices.remove(key);
    if (device != null) {
      numbers.free(device);
    }
    expiry.remove(key);
    types.forget(key);
    untold.remove(key);
    return device;
  }

  @Override
  public void found(StoredDevice.Key key, String rt) {
    turns.takeAnyway(() -> typeFound(key, rt));
  }

  private Future<Void> typeFound(StoredDevice.Key key, String rt) {
    StoredDevice device = devices.find(key);
    if (device == null || device.rt() != null) {
      return Future.succeededFuture();
    }
    if (rt == null) {
      if (untold.add(key)) {
        LOG.warn("device {} does not tell its type", key);
        host(key.account(), List.of(device));
      }
      return Future.succeededFuture();
    }
    LOG.info("device {} is {}", key, rt);
    return put(List.of(device.withType(rt)));
  }

  /** What could not be written is not over yet. */
  void expireLater(StoredDevice.Key key, Instant moment) {
    expiry.set(key, moment);
  }

  /** An account has bound with other values, which may be under another JID than before. */
  void accountBound(Account account, Jid before) {
    Jid now = account.jid();
    if (now.equals(before) && served.contains(now)) {
      shards.hostAccount(account.login(), account.gatewayId());
      return;
    }
    if (!now.equals(before)) {
      for (StoredDevice device : devices.storedOf(before)) {
        expiry.remove(device.key());
        types.forget(device.key());
        untold.remove(device.key());
      }
      for (StoredDevice device : devices.move(before, now)) {
        expiry.set(device.key(), device.expires());
      }
    }
    serve(account, List.of());
    if (!now.equals(before) && served.remove(before)) {
      shards.dropAccount(before);
    }
  }

  /** An account is no more, and neither are its devices. */
  void accountGone(Account account) {
    boolean published = false;
    for (StoredDevice device : devices.storedOf(account.jid())) {
      published |= device.owner() != null;
      forget(device.key());
    }
    if (served.remove(account.jid())) {
      shards.dropAccount(account.jid());
    }
    if (published) {
      events.directoryChanged(account);
    }
  }

  /** Refuses further devices of an account when its server would. */
  void requireRoom(Account account, int more) {
    int sessions = devices.count(account) + more + 1;
    if (sessionsPerAccount > 0 && sessions > sessionsPerAccount) {
      throw new Refused(
          Status.TOO_MANY_REQUESTS,
          "too-many-devices",
          "account "
              + account.shown().jid()
              + " would need "
              + sessions
              + " sessions, xmpp.sessionsPerAccount allows "
              + sessionsPerAccount);
    }
  }

  /** The account that a device is registered under. */
  Account account(Jid jid) {
    return accounts.find(jid).orElseThrow(() -> AccountChanges.unknown(jid));
  }

  void stop() {
    expiry.stop();
    types.stop();
  }
}
