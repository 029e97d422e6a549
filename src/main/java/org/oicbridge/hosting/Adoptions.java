package org.oicbridge.hosting;

import io.vertx.core.Future;
import java.util.List;
import org.oicbridge.bus.Adopt;
import org.oicbridge.bus.DeviceOutcome;
import org.oicbridge.bus.FoundDevice;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.config.DeviceConfig;
import org.oicbridge.config.DiscoveryConfig;
import org.oicbridge.crudn.Status;
import org.oicbridge.store.StoredDevice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hosts discovered devices: those that somebody asks for, and those that a rule names. */
final class Adoptions {
  private static final Logger LOG = LoggerFactory.getLogger(Adoptions.class);

  private final Turns turns;
  private final AccountBook accounts;
  private final DeviceBook devices;
  private final Versions versions;
  private final HostingMetrics metrics;
  private final Hosting hosting;
  private final Discovered discovered;
  private final List<DiscoveryConfig.Adoption> rules;

  Adoptions(
      Parts parts, Hosting hosting, Discovered discovered, List<DiscoveryConfig.Adoption> rules) {
    this.turns = parts.turns();
    this.accounts = parts.accounts();
    this.devices = parts.devices();
    this.versions = parts.versions();
    this.metrics = parts.metrics();
    this.hosting = hosting;
    this.discovered = discovered;
    this.rules = rules;
  }

  /** A device answered to discovery. */
  void found(FoundDevice device) {
    if (accounts.isGateway(device.di())) {
      return;
    }
    discovered.saw(device);
    metrics.discovered(discovered.count());
    if (devices.hosts(device.di())) {
      return;
    }
    rules.stream()
        .filter(rule -> rule.rt() == null || rule.rt().equals(device.rt()))
        .findFirst()
        .filter(rule -> accounts.find(rule.account()).filter(this::takesMore).isPresent())
        .ifPresent(rule -> adoptByRule(new Adopt(device.di(), rule.account())));
  }

  /** Anybody on the local network can answer, with as many identifiers as they like. */
  private boolean takesMore(Account account) {
    return devices.count(account) < Discovered.MOST;
  }

  private void adoptByRule(Adopt adoption) {
    turns
        .take(() -> byRule(adoption))
        .otherwise(error -> Refused.of(error).device())
        .onSuccess(
            outcome -> {
              if (!outcome.status().success()) {
                LOG.warn(
                    "device {} is not adopted for {}: {}",
                    adoption.di(),
                    adoption.account(),
                    outcome.problem().detail());
              }
            });
  }

  /** What waited for its turn may have filled the account meanwhile. */
  private Future<DeviceOutcome> byRule(Adopt adoption) {
    if (!takesMore(hosting.account(adoption.account()))) {
      throw new Refused(
          Status.TOO_MANY_REQUESTS,
          "too-many-devices",
          "rules adopt no more than " + Discovered.MOST + " devices for an account");
    }
    return adopted(adoption);
  }

  Future<DeviceOutcome> adopt(Adopt question) {
    return turns.take(() -> adopted(question)).otherwise(error -> Refused.of(error).device());
  }

  private Future<DeviceOutcome> adopted(Adopt question) {
    Account account = hosting.account(question.account());
    accounts.refuseGateway(question.di());
    StoredDevice.Key key = new StoredDevice.Key(account.jid(), question.di());
    StoredDevice before = devices.find(key);
    DeviceConfig configured = devices.configured(key);
    if (before != null || configured != null) {
      return Future.succeededFuture(there(question, before, configured));
    }
    FoundDevice found = discovered.find(question.di());
    if (found == null) {
      throw new Refused(
          Status.NOT_FOUND,
          "device-unknown",
          "device " + question.di() + " was not discovered lately");
    }
    hosting.requireRoom(account, 1);
    StoredDevice device =
        new StoredDevice(
            key.account(),
            found.di(),
            DeviceRules.type(found.rt()),
            DeviceRules.name(found.name()),
            DeviceRules.endpoint(found.endpoint()),
            null,
            null,
            null,
            null,
            List.of(),
            versions.next());
    return hosting
        .put(List.of(device))
        .map(
            written -> {
              LOG.info("device {} adopted for {}", device.di(), question.account());
              metrics.discovered(discovered.count());
              return outcome(Status.CREATED, question, device);
            });
  }

  /** It is hosted already, so there is nothing to do. */
  private DeviceOutcome there(Adopt question, StoredDevice before, DeviceConfig configured) {
    if (before != null) {
      return outcome(Status.OK, question, before);
    }
    HostedDevice device = HostedDevice.of(configured);
    StoredDevice same =
        new StoredDevice(
            question.account(),
            device.di(),
            device.rt(),
            device.name(),
            device.endpoint(),
            null,
            null,
            null,
            null,
            List.of(),
            0);
    return outcome(Status.OK, question, same);
  }

  private DeviceOutcome outcome(Status status, Adopt question, StoredDevice device) {
    return DeviceOutcome.done(
        status, DeviceBook.view(question.account(), device, hosting.type(device)));
  }
}
