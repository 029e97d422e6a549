package org.oicbridge.hosting;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.DeviceConfig;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.OicResource;
import org.oicbridge.store.StoredDevice;

/** All hosted devices that there are, of the file and stored, and whose identifiers are whose. */
final class DeviceBook {
  private final AccountBook accounts;
  private final HostingMetrics metrics;
  private final Map<StoredDevice.Key, DeviceConfig> configured = new HashMap<>();

  /** By account, which may be null. */
  private final Map<Jid, Map<DeviceId, StoredDevice>> stored = new HashMap<>();

  private final Map<String, Set<StoredDevice.Key>> published = new HashMap<>();
  private final Waiting waiting = new Waiting();
  private final Set<StoredDevice.Key> leftOut = new HashSet<>();
  private final Map<DeviceId, Set<Jid>> accountsOf = new HashMap<>();
  private final Map<DeviceId, String> owners = new HashMap<>();

  DeviceBook(AccountBook accounts, HostingMetrics metrics) {
    this.accounts = accounts;
    this.metrics = metrics;
  }

  private void hasAccount(DeviceId di, Jid account) {
    accountsOf.computeIfAbsent(di, unseen -> new HashSet<>()).add(account);
  }

  void addConfigured(AccountConfig account) {
    for (DeviceConfig device : account.devices()) {
      configured.put(new StoredDevice.Key(account.jid(), device.di()), device);
      hasAccount(device.di(), account.jid());
      metrics.devices(HostingMetrics.Origin.CONFIGURED, 1);
    }
  }

  void own(DeviceId di, String owner) {
    owners.put(di, owner);
  }

  /** The identity that an identifier belongs to, or null. */
  String owner(DeviceId di) {
    return owners.get(di);
  }

  void release(DeviceId di) {
    owners.remove(di);
  }

  /** The identifiers that nobody publishes any more without these. */
  Set<DeviceId> freedBy(Collection<StoredDevice.Key> gone) {
    Set<StoredDevice.Key> without = Set.copyOf(gone);
    Set<DeviceId> free = new HashSet<>();
    for (StoredDevice.Key key : gone) {
      String owner = owners.get(key.di());
      if (owner != null
          && published.getOrDefault(owner, Set.of()).stream()
              .noneMatch(other -> other.di().equals(key.di()) && !without.contains(other))) {
        free.add(key.di());
      }
    }
    return free;
  }

  /** A device of the file, or null. */
  DeviceConfig configured(StoredDevice.Key key) {
    return configured.get(key);
  }

  /** A stored device is not hosted and not shown, and can only be deleted. */
  void leaveOut(StoredDevice.Key key) {
    leftOut.add(key);
  }

  boolean isLeftOut(StoredDevice.Key key) {
    return leftOut.contains(key);
  }

  /** A stored device, or null. */
  StoredDevice find(StoredDevice.Key key) {
    return of(key.account()).get(key.di());
  }

  private Map<DeviceId, StoredDevice> of(Jid account) {
    return stored.getOrDefault(account, Map.of());
  }

  /** The stored devices of an account, in no order. */
  Collection<StoredDevice> storedOf(Jid account) {
    return List.copyOf(of(account).values());
  }

  /** All stored devices, in no order. */
  Stream<StoredDevice> all() {
    return stored.values().stream().flatMap(devices -> devices.values().stream());
  }

  /** How many devices an account has, those of the file among them. */
  int count(Account account) {
    return of(account.jid()).size() + account.configuredDevices();
  }

  /** What an identity has published, by identifier. */
  List<StoredDevice> publishedBy(String owner) {
    return published.getOrDefault(owner, Set.of()).stream()
        .map(this::find)
        .sorted(Comparator.comparing(device -> device.di().canonical()))
        .toList();
  }

  int countPublishedBy(String owner) {
    return published.getOrDefault(owner, Set.of()).size();
  }

  /** Whether any account that there is has a device of this identifier. */
  boolean hosts(DeviceId di) {
    return accountsOf.getOrDefault(di, Set.of()).stream()
        .anyMatch(account -> account == null || accounts.find(account).isPresent());
  }

  /** The stored devices that no shard hosts yet, as every one at first. */
  Waiting waiting() {
    return waiting;
  }

  void put(StoredDevice device) {
    remove(device.key());
    waiting.add(device);
    stored.computeIfAbsent(device.account(), account -> new HashMap<>()).put(device.di(), device);
    hasAccount(device.di(), device.account());
    metrics.devices(origin(device), 1);
    if (device.owner() != null) {
      published.computeIfAbsent(device.owner(), owner -> new HashSet<>()).add(device.key());
      owners.put(device.di(), device.owner());
    }
  }

  /** Forgets a device, and gives it; null when there was none. */
  StoredDevice remove(StoredDevice.Key key) {
    Map<DeviceId, StoredDevice> devices = stored.get(key.account());
    StoredDevice device = devices == null ? null : devices.remove(key.di());
    leftOut.remove(key);
    if (device == null) {
      return null;
    }
    waiting.remove(key);
    if (devices.isEmpty()) {
      stored.remove(key.account());
    }
    accountsOf.computeIfPresent(
        key.di(),
        (di, its) -> {
          its.remove(key.account());
          return its.isEmpty() ? null : its;
        });
    metrics.devices(origin(device), -1);
    if (device.owner() != null) {
      published.computeIfPresent(
          device.owner(),
          (owner, keys) -> {
            keys.remove(key);
            return keys.isEmpty() ? null : keys;
          });
    }
    return device;
  }

  /** The devices of an account are kept under another JID now; gives them as they are then. */
  List<StoredDevice> move(Jid from, Jid to) {
    List<StoredDevice> moved = new ArrayList<>();
    for (StoredDevice device : storedOf(from)) {
      remove(device.key());
      StoredDevice there = device.withAccount(to);
      put(there);
      moved.add(there);
    }
    return moved;
  }

  private static HostingMetrics.Origin origin(StoredDevice device) {
    return device.owner() == null
        ? HostingMetrics.Origin.REGISTERED
        : HostingMetrics.Origin.PUBLISHED;
  }

  /**
   * As the API shows it right after a change.
   *
   * @param account as it was asked for
   * @param rt the type that it is hosted with, or null
   */
  static DeviceView view(Jid account, StoredDevice device, String rt) {
    Jid bare = device.account() == null ? account : device.account();
    return new DeviceView(
        device.di(),
        bare,
        rt == null ? List.of() : List.of(rt),
        device.name(),
        DeviceView.Origin.HOSTED,
        rt == null ? null : bare.withResource(new OicResource(rt, device.di()).toString()),
        DeviceView.State.OFFLINE,
        device.version());
  }
}
