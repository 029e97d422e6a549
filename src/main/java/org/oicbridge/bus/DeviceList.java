package org.oicbridge.bus;

import java.util.List;

/**
 * The devices that a query found in one shard.
 *
 * @param devices sorted by {@link DeviceView#key()}
 */
public record DeviceList(List<DeviceView> devices) {
  public DeviceList {
    devices = List.copyOf(devices);
  }
}
