package org.oicbridge.bus;

import java.net.URI;
import java.util.List;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Link;

/**
 * A device that answered to discovery.
 *
 * @param rt its device type
 * @param name for people, may be empty
 * @param endpoint where it is reached best
 * @param links its resources
 */
public record FoundDevice(DeviceId di, String rt, String name, URI endpoint, List<Link> links) {
  public FoundDevice {
    links = List.copyOf(links);
  }
}
