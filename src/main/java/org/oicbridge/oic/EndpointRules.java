package org.oicbridge.oic;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.oicbridge.config.AddressPrefix;
import org.oicbridge.crudn.AddressLiteral;
import org.oicbridge.crudn.Status;

/**
 * Where a published device may be: at its publisher, or where the configuration allows. Whoever
 * could name any address would have the gateway send packets there for everybody that may ask the
 * device something.
 */
final class EndpointRules {
  static final String COAP = "coap";
  static final String COAPS = "coaps";

  private final List<AddressPrefix> prefixes;
  private final InetSocketAddress source;

  /**
   * The rules for one publisher.
   *
   * @param prefixes where endpoints may be beside the publisher's own address
   * @param source where its datagram came from, or null when it came another way
   */
  EndpointRules(List<AddressPrefix> prefixes, InetSocketAddress source) {
    this.prefixes = prefixes;
    this.source = source;
  }

  /**
   * The endpoint that is meant when none is named: where the publication came from. Null when it
   * came from no address.
   *
   * @param secure whether it came over DTLS, which then is what is spoken at that port
   */
  URI unnamed(boolean secure) {
    return source == null
        ? null
        : uri(secure ? COAPS : COAP, source.getAddress(), source.getPort());
  }

  /** The endpoint at the publisher's own address with another scheme or port. */
  URI own(String scheme, int port, String name) {
    if (source == null) {
      throw Refusal.member(name, "has no address, and the publisher itself has none here");
    }
    if (!allowed(source.getAddress(), true)) {
      throw foreign(source.getAddress(), name);
    }
    return uri(scheme, source.getAddress(), port);
  }

  /**
   * An endpoint that a publication names.
   *
   * @param scheme {@link #COAP} or {@link #COAPS}
   * @param host an address literal, an IPv6 one with or without brackets
   * @param port -1 for the default one of the scheme
   * @param name the member that names it
   */
  URI named(String scheme, String host, int port, String name) {
    // A name could mean another address at every look.
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
    if (address == null) {
      throw Refusal.member(name, "names the host \"" + host + "\", expected an address literal");
    }
    int number = port == -1 ? scheme.equals(COAPS) ? 5684 : 5683 : port;
    if (number < 1 || number > 65_535) {
      throw Refusal.member(name, "names the port " + port + ", expected 1 to 65535");
    }
    boolean own = source != null && address.equals(source.getAddress());
    if (!allowed(address, own)) {
      throw foreign(address, name);
    }
    // The own address has the zone of the interface, which a literal of a foreign machine can't.
    return uri(scheme, own ? source.getAddress() : address, number);
  }

  private static Refusal foreign(InetAddress address, String name) {
    return new Refusal(
        Status.FORBIDDEN,
        "foreign-endpoint",
        name
            + " is at "
            + NetUtil.toAddressString(address)
            + ", which is neither the publisher's own address nor allowed by"
            + " coap.server.publishPrefixes");
  }

  private boolean allowed(InetAddress address, boolean own) {
    boolean listed = prefixes.stream().anyMatch(prefix -> prefix.contains(address));
    if (address.isAnyLocalAddress() || address.isMulticastAddress() || reserved(address)) {
      return false;
    }
    if (address.isLoopbackAddress()) {
      return own && listed;
    }
    return own || (listed && !address.isLinkLocalAddress());
  }

  /** Broadcast and class E (RFC 1112 section 4), and IPv6 that only wraps IPv4. */
  private static boolean reserved(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet6Address wrapped
        ? wrapped.isIPv4CompatibleAddress() && !wrapped.isLoopbackAddress()
        : (bytes[0] & 0xff) >= 240 || bytes[0] == 0;
  }

  /** The URI of an endpoint; a link-local address keeps its zone. */
  static URI uri(String scheme, InetAddress address, int port) {
    return URI.create(scheme + "://" + AddressLiteral.inUri(address) + ":" + port);
  }
}
