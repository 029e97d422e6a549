package org.oicbridge.hosting;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.DeviceConfig;
import org.oicbridge.config.GatewayConfig;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.store.Registry;
import org.oicbridge.store.StoredAccount;
import org.oicbridge.store.StoredDevice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes up what the file and the registry say, and tells the shards. */
final class StartUp {
  private static final Logger LOG = LoggerFactory.getLogger(StartUp.class);

  private final GatewayConfig config;
  private final Registry registry;
  private final Parts parts;
  private final Hosting hosting;
  private final AccountChanges changes;

  StartUp(
      GatewayConfig config,
      Registry registry,
      Parts parts,
      Hosting hosting,
      AccountChanges changes) {
    this.config = config;
    this.registry = registry;
    this.parts = parts;
    this.hosting = hosting;
    this.changes = changes;
  }

  /** Done when the shards have been told all; no XMPP server is waited for. */
  Future<Void> run() {
    Turns turns = parts.turns();
    return turns
        .here(registry.load())
        .compose(
            contents ->
                turns
                    .here(registry.gatewayIds(config.accounts().stream().map(this::jid).toList()))
                    .compose(ids -> host(contents, ids)));
  }

  private Jid jid(AccountConfig account) {
    return account.jid();
  }

  private Future<Void> host(Registry.Contents contents, Map<Jid, DeviceId> ids) {
    Jid standard = standard(contents);
    Map<Jid, AccountConfig> configured = new HashMap<>();
    for (AccountConfig account : config.accounts()) {
      configured.put(account.jid(), account);
      DeviceId id =
          account.jid().equals(config.oic().account())
              ? registry.gatewayId()
              : ids.get(account.jid());
      parts
          .accounts()
          .add(Account.configured(account, id, account.jid().equals(standard), deviceType()));
      parts.devices().addConfigured(account);
    }
    parts.accounts().addGatewayId(registry.gatewayId());
    contents.accounts().forEach(account -> parts.versions().saw(account.version()));
    contents.devices().forEach(device -> parts.versions().saw(device.version()));
    contents.accounts().forEach(account -> take(account, standard, configured));
    checkConfigured();
    contents.owners().forEach((di, owner) -> parts.devices().own(new DeviceId(di), owner));
    List<StoredDevice.Key> expired = takeDevices(contents.devices());
    warnOfOrphans(contents.devices());
    parts.accounts().all().forEach(this::count);
    return drop(expired).compose(dropped -> serveAll(configured));
  }

  /** The bare JID of a configured default account; null when it is a stored one, or none. */
  private Jid standard(Registry.Contents contents) {
    if (config.oic().account() != null) {
      return config.oic().account();
    }
    return contents.accounts().stream()
        .filter(StoredAccount::standard)
        .map(StoredAccount::jid)
        .filter(jid -> config.accounts().stream().anyMatch(a -> a.jid().equals(jid)))
        .findFirst()
        .orElse(null);
  }

  private String deviceType() {
    return config.oic().deviceType();
  }

  private void take(StoredAccount account, Jid standard, Map<Jid, AccountConfig> configured) {
    if (account.jid() != null && configured.containsKey(account.jid())) {
      LOG.warn("account {}: the configuration file goes before the registry", account.jid());
      return;
    }
    boolean isStandard = account.standard() && standard == null;
    if (account.jid() != null || isStandard) {
      parts.accounts().add(Account.stored(account, isStandard, deviceType()));
    }
  }

  /** Which identifiers the gateway has is known only here. */
  private void checkConfigured() {
    for (int i = 0; i < config.accounts().size(); i++) {
      List<DeviceConfig> devices = config.accounts().get(i).devices();
      for (int j = 0; j < devices.size(); j++) {
        DeviceId di = devices.get(j).di();
        if (parts.accounts().isGateway(di)) {
          throw new IllegalStateException(
              "accounts[%d].devices[%d].di is \"%s\", which the gateway itself has on an account,"
                      .formatted(i, j, di)
                  + " expected the identifier of a device");
        }
      }
    }
  }

  private void count(Account account) {
    parts.metrics().account(account, account.view().status());
  }

  /** Those that have expired meanwhile are not hosted. */
  private List<StoredDevice.Key> takeDevices(List<StoredDevice> devices) {
    Instant now = parts.timing().clock().instant();
    List<StoredDevice.Key> expired = new ArrayList<>();
    for (StoredDevice device : devices) {
      if (device.expires() != null && !device.expires().isAfter(now)) {
        LOG.info("device {} expired", device.key());
        expired.add(device.key());
      } else if (parts.devices().configured(device.key()) != null) {
        LOG.warn("device {}: the configuration file goes before the registry", device.key());
      } else if (parts.accounts().isGateway(device.di())) {
        LOG.warn(
            "device {} is not hosted: its identifier is the gateway's own; delete it",
            device.key());
        parts.devices().leaveOut(device.key());
      } else {
        hosting.remember(device);
      }
    }
    return expired;
  }

  /** An account of the file may be gone from it. */
  private void warnOfOrphans(List<StoredDevice> devices) {
    devices.stream()
        .map(StoredDevice::account)
        .filter(account -> account != null && parts.accounts().find(account).isEmpty())
        .collect(Collectors.groupingBy(account -> account, Collectors.counting()))
        .forEach(
            (account, count) ->
                LOG.warn(
                    "{} devices of {} are not hosted, because there is no such account any more;"
                        + " they can be deleted, or come back with it",
                    count,
                    account));
  }

  private Future<Void> drop(List<StoredDevice.Key> expired) {
    if (expired.isEmpty()) {
      return Future.succeededFuture();
    }
    HostingMetrics.expired(expired.size());
    return parts.turns().here(registry.deleteDevices(expired));
  }

  private Future<Void> serveAll(Map<Jid, AccountConfig> configured) {
    List<Future<Void>> told = new ArrayList<>();
    parts
        .accounts()
        .all()
        .forEach(
            account -> {
              if (account.login() != null) {
                told.add(hosting.serve(account, devicesOf(configured.get(account.jid()))));
              }
              if (!account.configured()) {
                changes.resume(account);
              }
            });
    return Future.all(told).mapEmpty();
  }

  private static List<HostedDevice> devicesOf(AccountConfig configured) {
    return configured == null
        ? List.of()
        : configured.devices().stream().map(HostedDevice::of).toList();
  }
}
