package org.oicbridge.coap;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/**
 * An interface that searches leave by.
 *
 * @param local the addresses to search from, of IPv4, of IPv6 or one of each
 */
record SearchInterface(NetworkInterface zone, List<String> local) {
  /**
   * Looks at an interface as it is now; blocks for a moment.
   *
   * @param ipv6 whether requests to devices can leave by IPv6, too; a device that is reached in no
   *     other way is not worth finding without
   * @throws IOException when there is none that can be used, with the reason for people
   */
  static SearchInterface find(String name, boolean ipv6) throws IOException {
    NetworkInterface zone = NetworkInterface.getByName(name);
    if (zone == null) {
      throw new SocketException("there is none of that name");
    }
    if (!zone.isUp()) {
      throw new SocketException("it is down");
    }
    List<String> local = new ArrayList<>();
    List<InetAddress> addresses = zone.inetAddresses().toList();
    addresses.stream()
        .filter(Inet4Address.class::isInstance)
        .findFirst()
        .ifPresent(address -> local.add(address.getHostAddress()));
    if (ipv6 && addresses.stream().anyMatch(Inet6Address.class::isInstance)) {
      local.add("::");
    }
    if (local.isEmpty()) {
      throw new SocketException("it has no address that can be searched from");
    }
    return new SearchInterface(zone, local);
  }
}
