package org.oicbridge.coap;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import org.oicbridge.crudn.AddressLiteral;

/**
 * Whence an answer to discovery came.
 *
 * @param address of whoever answered; the only one at which it may say that it is reached
 * @param endpoint where it is reached when it does not say
 */
record AnswerSource(InetAddress address, URI endpoint) {
  /**
   * The source of a datagram.
   *
   * @param zone the network interface that it arrived by, or null; a link-local address means
   *     nothing without one (RFC 4007 section 6)
   */
  static AnswerSource of(InetSocketAddress sender, NetworkInterface zone) {
    InetAddress address = zoned(sender.getAddress(), zone);
    return new AnswerSource(address, uri("coap", address, sender.getPort()));
  }

  private static InetAddress zoned(InetAddress address, NetworkInterface zone) {
    return zone != null && address instanceof Inet6Address && address.isLinkLocalAddress()
        ? AddressLiteral.scoped(address, zone.getIndex())
        : address;
  }

  /** The same host, at another port and under another scheme. */
  URI at(String scheme, int port) {
    return uri(scheme, address, port);
  }

  private static URI uri(String scheme, InetAddress address, int port) {
    return URI.create(scheme + "://" + AddressLiteral.inUri(address) + ":" + port);
  }
}
