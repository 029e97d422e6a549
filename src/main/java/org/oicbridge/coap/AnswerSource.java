package org.oicbridge.coap;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * Whence an answer to discovery came.
 *
 * @param address of whoever answered; the only one at which it may say that it is reached
 * @param endpoint where it is reached when it does not say
 */
record AnswerSource(InetAddress address, URI endpoint) {
  /** What java.net.URI takes behind the percent sign. */
  private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9_.]+");

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
    if (zone == null || !(address instanceof Inet6Address) || !address.isLinkLocalAddress()) {
      return address;
    }
    try {
      return Inet6Address.getByAddress(null, address.getAddress(), zone);
    } catch (UnknownHostException e) {
      // The interface has no address of that kind any more.
      return address;
    }
  }

  /** The same host, at another port and under another scheme. */
  URI at(String scheme, int port) {
    return uri(scheme, address, port);
  }

  private static URI uri(String scheme, InetAddress address, int port) {
    String text = NetUtil.toAddressString(address);
    if (!(address instanceof Inet6Address v6)) {
      return URI.create(scheme + "://" + text + ":" + port);
    }
    String host = text;
    if (v6.isLinkLocalAddress() && v6.getScopeId() > 0) {
      NetworkInterface zone = v6.getScopedInterface();
      boolean named = zone != null && ZONE.matcher(zone.getName()).matches();
      host += "%" + (named ? zone.getName() : String.valueOf(v6.getScopeId()));
    }
    return URI.create(scheme + "://[" + host + "]:" + port);
  }
}
