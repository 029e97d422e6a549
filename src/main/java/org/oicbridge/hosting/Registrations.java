package org.oicbridge.hosting;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.oicbridge.bus.DeleteDevice;
import org.oicbridge.bus.DeviceOutcome;
import org.oicbridge.bus.DeviceOutcomes;
import org.oicbridge.bus.PreSharedKey;
import org.oicbridge.bus.PutDevices;
import org.oicbridge.crudn.Status;
import org.oicbridge.store.StoredDevice;

/** Devices that the API registers and forgets. */
final class Registrations {
  private final Turns turns;
  private final Timing timing;
  private final Versions versions;
  private final AccountBook accounts;
  private final DeviceBook devices;
  private final Events events;
  private final Hosting hosting;

  Registrations(Parts parts, Hosting hosting) {
    this.turns = parts.turns();
    this.timing = parts.timing();
    this.versions = parts.versions();
    this.accounts = parts.accounts();
    this.devices = parts.devices();
    this.events = parts.events();
    this.hosting = hosting;
  }

  /** One entry: what is kept, or why it is not. */
  private record Plan(PutDevices.Entry entry, StoredDevice device, Status status, Refused refused) {
    DeviceOutcome outcome(Hosting hosting) {
      return refused != null
          ? refused.device()
          : DeviceOutcome.done(
              status, DeviceBook.view(entry.account(), device, hosting.type(device)));
    }

    Plan failed(Throwable error) {
      return refused != null ? this : new Plan(entry, device, status, Refused.of(error));
    }
  }

  Future<DeviceOutcomes> put(PutDevices question) {
    return turns
        .take(() -> plannedPut(question))
        .otherwise(
            error ->
                new DeviceOutcomes(
                    question.entries().stream().map(e -> Refused.of(error).device()).toList()));
  }

  private Future<DeviceOutcomes> plannedPut(PutDevices question) {
    Map<StoredDevice.Key, StoredDevice> batch = new LinkedHashMap<>();
    List<Plan> plans = new ArrayList<>();
    for (PutDevices.Entry entry : question.entries()) {
      plans.add(plan(entry, batch));
    }
    if (batch.isEmpty()) {
      return Future.succeededFuture(outcomes(plans));
    }
    return hosting
        .put(List.copyOf(batch.values()))
        .map(
            written -> {
              batch.values().stream()
                  .filter(device -> device.owner() != null)
                  .map(StoredDevice::account)
                  .distinct()
                  .forEach(events::directoryChanged);
              return outcomes(plans);
            })
        .otherwise(error -> outcomes(plans.stream().map(plan -> plan.failed(error)).toList()));
  }

  private DeviceOutcomes outcomes(List<Plan> plans) {
    return new DeviceOutcomes(plans.stream().map(plan -> plan.outcome(hosting)).toList());
  }

  private Plan plan(PutDevices.Entry entry, Map<StoredDevice.Key, StoredDevice> batch) {
    try {
      Account account = hosting.account(entry.account());
      StoredDevice.Key key = new StoredDevice.Key(account.jid(), entry.di());
      refuseConfigured(key);
      accounts.refuseGateway(key.di());
      StoredDevice before = batch.containsKey(key) ? batch.get(key) : devices.find(key);
      if (!entry.precondition().holds(before == null ? -1 : before.version())) {
        throw conflict(before);
      }
      StoredDevice device = device(entry, key, before);
      if (before == null) {
        hosting.requireRoom(account, 1 + added(batch, key));
      }
      batch.put(key, device);
      return new Plan(entry, device, before == null ? Status.CREATED : Status.OK, null);
    } catch (Refused refused) {
      return new Plan(entry, null, null, refused);
    }
  }

  /** How many devices the same account gets by the entries before. */
  private int added(Map<StoredDevice.Key, StoredDevice> batch, StoredDevice.Key key) {
    return (int)
        batch.keySet().stream()
            .filter(other -> Objects.equals(other.account(), key.account()))
            .filter(other -> devices.find(other) == null)
            .count();
  }

  private void refuseConfigured(StoredDevice.Key key) {
    if (devices.configured(key) != null) {
      throw new Refused(
          Status.CONFLICT,
          "device-configured",
          "device "
              + key.di()
              + " of "
              + key.account()
              + " stands in the configuration file, which alone can change it");
    }
  }

  private static Refused conflict(StoredDevice before) {
    return new Refused(
        Status.PRECONDITION_FAILED,
        "version-conflict",
        before == null
            ? "the device is not registered"
            : "the device is registered with version " + before.version());
  }

  /** A device that somebody has published stays theirs, with what they published. */
  private StoredDevice device(PutDevices.Entry entry, StoredDevice.Key at, StoredDevice before) {
    boolean secured = "coaps".equals(DeviceRules.endpoint(entry.endpoint()).getScheme());
    PreSharedKey key = DeviceRules.key(entry.key());
    if (key != null && !secured) {
      throw Refused.value("endpoint", "\"" + entry.endpoint() + "\"", "coaps:// with a key");
    }
    String rt = DeviceRules.type(entry.rt());
    return new StoredDevice(
        at.account(),
        at.di(),
        rt == null && before != null ? before.rt() : rt,
        DeviceRules.name(entry.name()),
        entry.endpoint(),
        before == null ? null : before.owner(),
        DeviceRules.expiry(timing.clock().instant(), entry.ttl()),
        key == null ? null : key.identity(),
        key == null ? null : key.secret(),
        before == null ? List.of() : before.links(),
        versions.next());
  }

  Future<DeviceOutcome> delete(DeleteDevice question) {
    return turns.take(() -> deleted(question)).otherwise(error -> Refused.of(error).device());
  }

  private Future<DeviceOutcome> deleted(DeleteDevice question) {
    StoredDevice.Key key = keyOf(question);
    refuseConfigured(key);
    StoredDevice before = devices.find(key);
    if (before == null && !devices.isLeftOut(key) && devices.owner(key.di()) == null) {
      throw new Refused(
          Status.NOT_FOUND,
          "device-unknown",
          "device " + key.di() + " is not registered under " + question.account());
    }
    if (!question.precondition().holds(before == null ? -1 : before.version())) {
      throw conflict(before);
    }
    // The operator's word frees an identifier, unless it is published elsewhere.
    return hosting
        .withdraw(List.of(), List.of(key))
        .map(
            gone -> {
              if (before != null && before.owner() != null) {
                events.directoryChanged(key.account());
              }
              return DeviceOutcome.done(Status.NO_CONTENT, null);
            });
  }

  /** Its account may have gone from the file while we did not run. */
  private StoredDevice.Key keyOf(DeleteDevice question) {
    StoredDevice.Key asked = new StoredDevice.Key(question.account(), question.di());
    return devices.find(asked) != null
        ? asked
        : new StoredDevice.Key(hosting.account(question.account()).jid(), question.di());
  }
}
