package org.oicbridge.bus;

import java.util.List;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/**
 * Tells a shard to host these devices no longer: their sessions say unavailable and end.
 *
 * @param account the bare JID
 */
public record DropDevices(Jid account, List<DeviceId> devices) {
  public DropDevices {
    devices = List.copyOf(devices);
  }
}
