package org.oicbridge.coap;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceLiveness;
import org.oicbridge.bus.DropDevices;
import org.oicbridge.bus.HostDevices;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.config.ProbeConfig;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells which of a shard's hosted devices answer. */
final class Liveness {
  private static final Logger LOG = LoggerFactory.getLogger(Liveness.class);

  private final Vertx vertx;
  private final int shard;
  private final ProbeConfig config;
  private final Devices devices;
  private final ProbePace pace;
  private final AtomicInteger silent = new AtomicInteger();
  private final Map<Id, HostedDevice> hosted = new HashMap<>();

  /** By endpoint and proof: what several accounts host is probed once. */
  private final Map<Devices.Key, Watched> watched = new HashMap<>();

  private record Id(Jid account, DeviceId di) {}

  /** Who hosts what is watched. */
  private record Watched(Watch watch, Map<Id, HostedDevice> hosts) {}

  /**
   * Watches nothing yet.
   *
   * @param perSecond how many probes begin in a second at the most
   */
  Liveness(Vertx vertx, int shard, ProbeConfig config, int perSecond, Devices devices) {
    this.vertx = vertx;
    this.shard = shard;
    this.config = config;
    this.devices = devices;
    this.pace = new ProbePace(vertx, perSecond);
  }

  /** Watches these devices; what is known of one already is told at once. */
  void watch(HostDevices host) {
    host.devices().forEach(device -> watch(new Id(host.account(), device.di()), device));
  }

  private void watch(Id id, HostedDevice device) {
    if (config.interval().isZero()) {
      tell(id, device, true);
      return;
    }
    Devices.Key key = Devices.key(device);
    HostedDevice before = hosted.put(id, device);
    if (before != null && !Devices.key(before).equals(key)) {
      release(id, before);
    }
    Watched known = watched.get(key);
    if (known == null) {
      known = begin(key, device);
    }
    known.hosts.put(id, device);
    Boolean answers = known.watch.answers();
    if (answers != null) {
      tell(id, device, answers);
    }
    if (!Boolean.TRUE.equals(answers)) {
      // Somebody says that it is there, which is a reason to look.
      known.watch.ask();
    }
  }

  private Watched begin(Devices.Key key, HostedDevice device) {
    Map<Id, HostedDevice> hosts = new HashMap<>();
    Watch watch =
        new Watch(
            vertx,
            config,
            pace,
            ping -> probe(device, ping),
            (before, now) -> changed(hosts, before, now));
    Watched begun = new Watched(watch, hosts);
    watched.put(key, begun);
    return begun;
  }

  private Future<?> probe(HostedDevice device, boolean ping) {
    return devices.at(device).probe(ping, config.timeout());
  }

  /** Watches these devices no longer. */
  void unwatch(DropDevices drop) {
    for (DeviceId di : drop.devices()) {
      Id id = new Id(drop.account(), di);
      HostedDevice device = hosted.remove(id);
      if (device != null) {
        release(id, device);
      }
    }
  }

  private void release(Id id, HostedDevice device) {
    Watched known = watched.get(Devices.key(device));
    known.hosts.remove(id);
    if (known.hosts.isEmpty()) {
      watched.remove(Devices.key(device));
      count(known.watch.answers(), null);
      known.watch.end();
    }
  }

  private void changed(Map<Id, HostedDevice> hosts, Boolean before, boolean answers) {
    count(before, answers);
    Map.copyOf(hosts)
        .forEach(
            (id, device) -> {
              if (answers && before == null) {
                LOG.debug("{} device {} answers", id.account, id.di);
              } else if (answers) {
                LOG.info("{} device {} at {} answers again", id.account, id.di, device.endpoint());
              } else {
                LOG.warn(
                    "{} device {} at {} does not answer and is shown as unavailable",
                    id.account,
                    id.di,
                    device.endpoint());
              }
              tell(id, device, answers);
            });
  }

  private void count(Boolean before, Boolean now) {
    silent.addAndGet((Boolean.FALSE.equals(now) ? 1 : 0) - (Boolean.FALSE.equals(before) ? 1 : 0));
  }

  private void tell(Id id, HostedDevice device, boolean answers) {
    Contracts.DEVICE_LIVENESS.publish(
        vertx.eventBus(), shard, new DeviceLiveness(id.account, device, answers));
  }

  /** The one who is to hear of what a device answers, watched or not. */
  Contact.Listener listener(Devices.Key key) {
    return new Contact.Listener() {
      @Override
      public void heard() {
        Watched known = watched.get(key);
        if (known != null) {
          known.watch.heard();
        }
      }

      @Override
      public void missed() {
        Watched known = watched.get(key);
        if (known != null) {
          known.watch.missed();
        }
      }
    };
  }

  /** How many endpoints are known not to answer; any thread may ask. */
  int silent() {
    return silent.get();
  }

  /** Probes no more. */
  void close() {
    List.copyOf(watched.values()).forEach(each -> each.watch.end());
    watched.clear();
    hosted.clear();
  }
}
