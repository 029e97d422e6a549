package org.oicbridge.hosting;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.Directory;
import org.oicbridge.bus.DirectoryQuery;
import org.oicbridge.bus.Publish;
import org.oicbridge.bus.PublishOutcome;
import org.oicbridge.bus.Unpublish;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.Status;
import org.oicbridge.store.StoredDevice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The resource directory: devices that publish themselves, or that somebody publishes. */
final class Publications {
  private static final Logger LOG = LoggerFactory.getLogger(Publications.class);

  private final Turns turns;
  private final Timing timing;
  private final Versions versions;
  private final AccountBook accounts;
  private final DeviceBook devices;
  private final Events events;
  private final Hosting hosting;
  private final int devicesPerIdentity;

  Publications(Parts parts, Hosting hosting, int devicesPerIdentity) {
    this.turns = parts.turns();
    this.timing = parts.timing();
    this.versions = parts.versions();
    this.accounts = parts.accounts();
    this.devices = parts.devices();
    this.events = parts.events();
    this.hosting = hosting;
    this.devicesPerIdentity = devicesPerIdentity;
  }

  Future<PublishOutcome> publish(Publish question) {
    return turns
        .take(() -> published(question))
        .onSuccess(outcome -> HostingMetrics.publication("published"))
        .otherwise(Publications::refused);
  }

  private static PublishOutcome refused(Throwable error) {
    Refused refused = Refused.of(error);
    HostingMetrics.publication(refused.type());
    return refused.publication();
  }

  private Future<PublishOutcome> published(Publish question) {
    String owner = identity(question.caller());
    StoredDevice.Key key = new StoredDevice.Key(accountOf(question.caller()), question.di());
    accounts.refuseGateway(key.di());
    refuseForeign(key.di(), owner);
    StoredDevice before = devices.find(key);
    if (devices.configured(key) != null || (before != null && before.owner() == null)) {
      throw new Refused(
          Status.CONFLICT,
          "device-registered",
          "device " + key.di() + " was registered by the operator and can't be published");
    }
    if (before == null) {
      requireRoom(key, owner);
    }
    StoredDevice device = device(question, key, before);
    return hosting
        .put(List.of(device))
        .map(
            written -> {
              LOG.info(
                  "device {} {} by {} with {} links",
                  key,
                  before == null ? "published" : "published again",
                  owner,
                  device.links().size());
              events.directoryChanged(key.account());
              return PublishOutcome.done(Status.OK, inOrder(question.links(), device.links()));
            });
  }

  private static String identity(Caller caller) {
    if (caller.stranger()) {
      throw new Refused(
          Status.UNAUTHORIZED, "identity-required", "the directory takes nothing from strangers");
    }
    return caller.identity();
  }

  /** Under which account the devices of a caller are kept; null for a default one without a JID. */
  private Jid accountOf(Caller caller) {
    if (caller.account() != null) {
      return hosting.account(caller.account()).jid();
    }
    return accounts.standard() == null ? null : accounts.standard().jid();
  }

  private void refuseForeign(DeviceId di, String owner) {
    String known = devices.owner(di);
    if (known != null && !known.equals(owner)) {
      throw new Refused(
          Status.FORBIDDEN, "not-the-owner", "device " + di + " belongs to somebody else");
    }
  }

  private void requireRoom(StoredDevice.Key key, String owner) {
    if (devices.countPublishedBy(owner) >= devicesPerIdentity) {
      throw new Refused(
          Status.TOO_MANY_REQUESTS,
          "too-many-devices",
          owner + " has published " + devicesPerIdentity + " devices, which is the limit");
    }
    if (key.account() != null) {
      hosting.requireRoom(hosting.account(key.account()), 1);
    }
  }

  private StoredDevice device(Publish question, StoredDevice.Key key, StoredDevice before) {
    List<Link> links =
        hosting.numbers().merge(before == null ? List.of() : before.links(), question.links());
    if (links.size() > DeviceRules.MAX_LINKS) {
      throw new Refused(
          Status.CONTENT_TOO_LARGE,
          "too-many-links",
          "device "
              + key.di()
              + " would have "
              + links.size()
              + " links, at most "
              + DeviceRules.MAX_LINKS
              + " are kept");
    }
    String name = question.name() != null ? question.name() : before == null ? "" : before.name();
    return new StoredDevice(
        key.account(),
        key.di(),
        type(question, before),
        DeviceRules.name(name),
        DeviceRules.endpoint(question.endpoint()),
        question.caller().identity(),
        DeviceRules.expiry(timing.clock().instant(), question.ttl()),
        before == null ? null : before.keyIdentity(),
        before == null ? null : before.keySecret(),
        links,
        versions.next());
  }

  private static String type(Publish question, StoredDevice before) {
    String told = DeviceRules.type(question.rt());
    if (told == null) {
      told = DeviceTypes.choose(question.links());
    }
    return told != null || before == null ? told : before.rt();
  }

  private static List<Link> inOrder(List<Link> published, List<Link> numbered) {
    Map<String, Link> byHref = new HashMap<>();
    numbered.forEach(link -> byHref.put(link.href(), link));
    return published.stream().map(link -> byHref.get(link.href())).toList();
  }

  Future<PublishOutcome> unpublish(Unpublish question) {
    return turns
        .take(() -> withdrawn(question))
        .onSuccess(outcome -> HostingMetrics.publication("withdrawn"))
        .otherwise(Publications::refused);
  }

  private Future<PublishOutcome> withdrawn(Unpublish question) {
    String owner = identity(question.caller());
    List<StoredDevice> affected =
        question.di() == null
            ? withLinks(devices.publishedBy(owner), question.ins())
            : List.of(own(question, owner));
    Set<String> missing = new HashSet<>(question.ins());
    affected.forEach(device -> device.links().forEach(link -> missing.remove(link.ins())));
    if (!missing.isEmpty()) {
      throw new Refused(
          Status.NOT_FOUND, "link-unknown", "no published link has the ins " + missing);
    }
    List<StoredDevice> shorter = new ArrayList<>();
    List<StoredDevice.Key> gone = new ArrayList<>();
    for (StoredDevice device : affected) {
      List<Link> left =
          device.links().stream().filter(link -> !question.ins().contains(link.ins())).toList();
      if (question.ins().isEmpty() || left.isEmpty()) {
        gone.add(device.key());
      } else {
        shorter.add(device.withLinks(left, versions.next()));
      }
    }
    return done(owner, shorter, gone);
  }

  private Future<PublishOutcome> done(
      String owner, List<StoredDevice> shorter, List<StoredDevice.Key> gone) {
    return hosting
        .withdraw(shorter, gone)
        .map(
            written -> {
              Set<Jid> changed = new HashSet<>();
              shorter.forEach(device -> changed.add(device.account()));
              for (StoredDevice.Key key : gone) {
                LOG.info("device {} withdrawn by {}", key, owner);
                changed.add(key.account());
              }
              changed.forEach(events::directoryChanged);
              return PublishOutcome.done(Status.OK, List.of());
            });
  }

  private StoredDevice own(Unpublish question, String owner) {
    refuseForeign(question.di(), owner);
    StoredDevice device =
        devices.find(new StoredDevice.Key(accountOf(question.caller()), question.di()));
    if (device == null || !owner.equals(device.owner())) {
      throw new Refused(
          Status.NOT_FOUND, "device-unknown", "device " + question.di() + " is not published");
    }
    return device;
  }

  private static List<StoredDevice> withLinks(List<StoredDevice> own, Set<String> ins) {
    if (ins.isEmpty()) {
      throw Refused.value("di", "missing", "a device, or ins of links");
    }
    return own.stream()
        .filter(device -> device.links().stream().anyMatch(link -> ins.contains(link.ins())))
        .collect(Collectors.toList());
  }

  Directory directory(DirectoryQuery query) {
    Jid account = query.account();
    if (account == null) {
      account = accounts.standard() == null ? null : accounts.standard().jid();
    } else {
      account = accounts.find(account).map(Account::jid).orElse(account);
    }
    return new Directory(
        devices.storedOf(account).stream()
            .filter(device -> device.owner() != null)
            .sorted(Comparator.comparing(device -> device.di().canonical()))
            .map(
                device ->
                    new Directory.Entry(
                        device.di(), device.name(), device.endpoint(), device.links()))
            .toList());
  }
}
