package org.oicbridge.hosting;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.store.StoredDevice;

/**
 * Stored devices that no shard knows yet, because they are still asked for their type or their
 * account never logged in.
 */
final class Waiting {
  private final Map<DeviceId, Map<StoredDevice.Key, StoredDevice>> devices = new HashMap<>();

  void add(StoredDevice device) {
    devices.computeIfAbsent(device.di(), di -> new HashMap<>()).put(device.key(), device);
  }

  void remove(StoredDevice.Key key) {
    devices.computeIfPresent(
        key.di(),
        (di, some) -> {
          some.remove(key);
          return some.isEmpty() ? null : some;
        });
  }

  /** Those that a query takes. One that is kept without an account has no place in a list. */
  List<DeviceView> query(DeviceQuery query) {
    if (query.origin() != null && query.origin() != DeviceView.Origin.HOSTED) {
      return List.of();
    }
    Stream<StoredDevice> candidates =
        query.di() == null
            ? devices.values().stream().map(Map::values).flatMap(Collection::stream)
            : devices.getOrDefault(query.di(), Map.of()).values().stream();
    return candidates
        .filter(device -> device.account() != null)
        .filter(device -> query.account() == null || query.account().equals(device.account()))
        .map(device -> DeviceBook.view(device.account(), device, device.rt()))
        .filter(view -> query.rt() == null || view.rt().contains(query.rt()))
        .filter(view -> query.state() == null || query.state() == view.state())
        .filter(view -> query.after() == null || view.key().compareTo(query.after()) > 0)
        .sorted(Comparator.comparing(DeviceView::key))
        .limit(query.limit())
        .toList();
  }
}
