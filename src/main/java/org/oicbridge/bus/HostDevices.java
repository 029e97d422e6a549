package org.oicbridge.bus;

import java.util.List;
import org.oicbridge.crudn.Jid;

/**
 * Tells a shard to host devices of an account that it serves; one that it hosts already is
 * replaced.
 *
 * @param account the bare JID
 */
public record HostDevices(Jid account, List<HostedDevice> devices) {
  public HostDevices {
    devices = List.copyOf(devices);
  }
}
