package org.oicbridge.coap;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.oicbridge.config.AddressPrefix;

/**
 * From where a datagram is answered at length without an Echo: the networks that this machine is
 * part of, since whom it could hurt there is a neighbour who has easier ways. A configured list
 * takes their place.
 */
final class LocalNetworks {
  private record Network(String interfaceName, AddressPrefix prefix) {}

  private final List<AddressPrefix> configured;
  private volatile List<Network> networks = List.of();

  LocalNetworks(List<AddressPrefix> configured) {
    this.configured = configured;
  }

  /** Looks at the interfaces as they are now; blocks for a moment. */
  void refresh() throws SocketException {
    List<Network> found = new ArrayList<>();
    for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      if (each.isUp()) {
        for (InterfaceAddress address : each.getInterfaceAddresses()) {
          found.add(
              new Network(
                  each.getName(),
                  new AddressPrefix(address.getAddress(), address.getNetworkPrefixLength())));
        }
      }
    }
    networks = List.copyOf(found);
  }

  /** True in what the configuration names; if nothing, for loopback and all neighbours. */
  boolean local(InetAddress address) {
    if (!configured.isEmpty()) {
      return configured.stream().anyMatch(prefix -> prefix.contains(address));
    }
    return address.isLoopbackAddress()
        || networks.stream().anyMatch(network -> network.prefix.contains(address));
  }

  /** True for a neighbour on one of these interfaces. */
  boolean on(Set<String> interfaces, InetAddress address) {
    return networks.stream()
        .anyMatch(
            network ->
                interfaces.contains(network.interfaceName) && network.prefix.contains(address));
  }

  /** The unicast addresses at which a socket that is bound to this one is reached. */
  List<InetAddress> reachable(InetAddress bound) {
    if (!bound.isAnyLocalAddress()) {
      return List.of(bound);
    }
    List<InetAddress> all =
        networks.stream()
            .map(network -> network.prefix.address())
            .filter(address -> !(bound instanceof Inet4Address) || address instanceof Inet4Address)
            .toList();
    List<InetAddress> others = all.stream().filter(a -> !a.isLoopbackAddress()).toList();
    return others.isEmpty() ? all : others;
  }
}
