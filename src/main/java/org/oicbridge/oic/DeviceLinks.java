package org.oicbridge.oic;

import java.net.URI;
import java.util.List;
import java.util.function.Predicate;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Link;

/**
 * A device as {@code /oic/res} lists it.
 *
 * @param endpoint where those links are served that name no endpoint, or null: where the list is
 * @param links what it serves
 */
record DeviceLinks(DeviceId di, String name, URI endpoint, List<Link> links) {
  DeviceLinks {
    links = List.copyOf(links);
  }

  /** The same device with some of its links. */
  DeviceLinks only(Predicate<Link> wanted) {
    return new DeviceLinks(di, name, endpoint, links.stream().filter(wanted).toList());
  }
}
