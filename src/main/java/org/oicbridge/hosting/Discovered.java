package org.oicbridge.hosting;

import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.FoundDevice;
import org.oicbridge.crudn.DeviceId;

/** Devices that answered to discovery lately, the one seen last at the end. */
final class Discovered {
  /** Most devices that are remembered: anybody on the local network can answer. */
  static final int MOST = 1000;

  private static final int INTERVALS = 3;

  private final Timing timing;
  private final DeviceBook devices;
  private final long lifetimeNanos;
  private final Map<DeviceId, Sighting> seen = new LinkedHashMap<>();

  private record Sighting(FoundDevice device, long nanoTime) {}

  /**
   * Makes an empty one.
   *
   * @param interval from one search to the next
   */
  Discovered(Timing timing, DeviceBook devices, Duration interval) {
    this.timing = timing;
    this.devices = devices;
    this.lifetimeNanos = interval.multipliedBy(INTERVALS).toNanos();
  }

  void saw(FoundDevice device) {
    seen.remove(device.di());
    seen.put(device.di(), new Sighting(device, timing.nanoTime().getAsLong()));
    forgetOld();
    if (seen.size() > MOST) {
      seen.remove(seen.keySet().iterator().next());
    }
  }

  /** The device of this identifier, or null. */
  FoundDevice find(DeviceId di) {
    forgetOld();
    Sighting sighting = seen.get(di);
    return sighting == null ? null : sighting.device();
  }

  /** How many are there that nobody hosts. */
  int count() {
    forgetOld();
    return (int) seen.keySet().stream().filter(di -> !devices.hosts(di)).count();
  }

  private void forgetOld() {
    long now = timing.nanoTime().getAsLong();
    Iterator<Sighting> oldest = seen.values().iterator();
    while (oldest.hasNext() && now - oldest.next().nanoTime() > lifetimeNanos) {
      oldest.remove();
    }
  }

  /** Those that nobody hosts. */
  List<DeviceView> query(DeviceQuery query) {
    forgetOld();
    return seen.values().stream()
        .map(Sighting::device)
        .filter(device -> !devices.hosts(device.di()))
        .map(Discovered::view)
        .filter(view -> matches(view, query))
        .sorted(Comparator.comparing(DeviceView::key))
        .limit(query.limit())
        .toList();
  }

  private static boolean matches(DeviceView view, DeviceQuery query) {
    return query.account() == null
        && (query.di() == null || query.di().equals(view.di()))
        && (query.rt() == null || view.rt().contains(query.rt()))
        && (query.origin() == null || query.origin() == view.origin())
        && (query.state() == null || query.state() == view.state())
        && (query.after() == null || view.key().compareTo(query.after()) > 0);
  }

  private static DeviceView view(FoundDevice device) {
    return new DeviceView(
        device.di(),
        null,
        device.rt() == null ? List.of() : List.of(device.rt()),
        device.name(),
        DeviceView.Origin.DISCOVERED,
        null,
        DeviceView.State.ONLINE,
        0);
  }
}
