package org.oicbridge.routing;

import io.vertx.core.eventbus.EventBus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.DeviceView.State;

/** Tells whoever follows the devices which of them a change has made another. */
final class DeviceNews {
  private final EventBus bus;

  DeviceNews(EventBus bus) {
    this.bus = bus;
  }

  /**
   * Makes a change, and tells what is different then.
   *
   * @param concerned the devices that the change may concern, as they are when it is asked
   */
  <T> T during(Supplier<Stream<DeviceView>> concerned, Supplier<T> change) {
    Map<String, DeviceView> before = byKey(concerned);
    T result = change.get();
    Map<String, DeviceView> after = byKey(concerned);
    after.forEach(
        (key, device) -> {
          if (!device.equals(before.get(key))) {
            tell(device);
          }
        });
    before.forEach(
        (key, device) -> {
          if (!after.containsKey(key) && device.state() != State.OFFLINE) {
            tell(gone(device));
          }
        });
    return result;
  }

  /** Likewise, for a change that has no result. */
  void during(Supplier<Stream<DeviceView>> concerned, Runnable change) {
    during(
        concerned,
        () -> {
          change.run();
          return null;
        });
  }

  private static Map<String, DeviceView> byKey(Supplier<Stream<DeviceView>> devices) {
    Map<String, DeviceView> byKey = new LinkedHashMap<>();
    devices.get().forEach(device -> byKey.put(device.key(), device));
    return byKey;
  }

  private static DeviceView gone(DeviceView device) {
    return new DeviceView(
        device.di(),
        device.account(),
        device.rt(),
        device.name(),
        device.origin(),
        device.jid(),
        State.OFFLINE,
        device.version());
  }

  private void tell(DeviceView device) {
    Contracts.DEVICE_CHANGED.publish(bus, Contracts.HOME, device);
  }
}
