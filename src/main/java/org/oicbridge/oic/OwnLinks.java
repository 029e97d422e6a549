package org.oicbridge.oic;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.oicbridge.bus.OwnEndpoints;
import org.oicbridge.crudn.AddressLiteral;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.ResourcePath;

/** The links of the gateway's own resources. */
final class OwnLinks {
  static final String RES = "/oic/res";
  static final String DEVICE = "/oic/d";
  static final String PLATFORM = "/oic/p";
  static final String DIRECTORY = "/oic/rd";
  static final String XMPP = "/XMPPResURI";
  static final String USER = "/XMPPUserResURI";

  static final List<String> RES_INTERFACES = List.of("oic.if.ll", OwnQuery.BASELINE);
  static final List<String> READ_INTERFACES = List.of("oic.if.r", OwnQuery.BASELINE);
  static final List<String> DIRECTORY_INTERFACES = List.of(OwnQuery.BASELINE);

  /** The first is the only one that the specification's definitions name (annex A). */
  static final List<String> PROVISIONING_INTERFACES =
      List.of("oic.if.s", "oic.if.rw", OwnQuery.BASELINE);

  private final Supplier<OwnEndpoints> server;
  private final String deviceType;

  OwnLinks(Supplier<OwnEndpoints> server, String deviceType) {
    this.server = server;
    this.deviceType = deviceType;
  }

  /** The path of a resource that belongs to an account other than the default one. */
  static String path(Jid account, String name) {
    return new ResourcePath(List.of("ra", account.toString(), name), List.of()).path();
  }

  /** What everybody finds. */
  List<Link> common(InetSocketAddress reader) {
    List<URI> open = endpoints(reader, EndpointRules.COAP);
    List<URI> secured = endpoints(reader, EndpointRules.COAPS);
    return List.of(
        link(RES, List.of("oic.wk.res"), RES_INTERFACES, true, open),
        link(DEVICE, List.of("oic.wk.d", deviceType), READ_INTERFACES, false, open),
        link(PLATFORM, List.of("oic.wk.p"), READ_INTERFACES, false, open),
        link(DIRECTORY, List.of("oic.wk.rd"), DIRECTORY_INTERFACES, false, secured));
  }

  /**
   * The two resources of an account.
   *
   * @param account null for the default one
   */
  List<Link> provisioning(Jid account, InetSocketAddress reader) {
    List<URI> secured = endpoints(reader, EndpointRules.COAPS);
    String xmpp = account == null ? XMPP : path(account, "xmpp");
    String user = account == null ? USER : path(account, "user");
    return List.of(
        link(xmpp, List.of("oic.ra.xmpp"), PROVISIONING_INTERFACES, true, secured),
        link(user, List.of("oic.ra.user"), PROVISIONING_INTERFACES, false, secured));
  }

  /** A link of a device that is reached through the gateway. */
  Link forwarded(
      String href, List<String> types, List<String> interfaces, InetSocketAddress reader) {
    return link(href, types, interfaces, false, endpoints(reader, EndpointRules.COAP));
  }

  private static Link link(
      String href,
      List<String> types,
      List<String> interfaces,
      boolean observable,
      List<URI> endpoints) {
    int policy = observable ? Link.DISCOVERABLE | Link.OBSERVABLE : Link.DISCOVERABLE;
    return new Link(href, types, interfaces, policy, "", endpoints);
  }

  /** Where a reader may reach the gateway, one scheme before the other. */
  private List<URI> endpoints(InetSocketAddress reader, String first) {
    OwnEndpoints own = server.get();
    List<URI> plain = new ArrayList<>();
    List<URI> secured = new ArrayList<>();
    for (InetAddress address : own.addresses()) {
      if (!useful(address, reader)) {
        continue;
      }
      String host = AddressLiteral.unzoned(address);
      if (own.port() > 0) {
        plain.add(URI.create("coap://" + host + ":" + own.port()));
      }
      if (own.securePort() > 0) {
        secured.add(URI.create("coaps://" + host + ":" + own.securePort()));
      }
    }
    boolean securedFirst = first.equals(EndpointRules.COAPS);
    List<URI> all = new ArrayList<>(securedFirst ? secured : plain);
    all.addAll(securedFirst ? plain : secured);
    return all;
  }

  /** Answers to multicast have to be short, and another machine's loopback is not this one. */
  private static boolean useful(InetAddress address, InetSocketAddress reader) {
    if (reader == null) {
      return !address.isLoopbackAddress() && !address.isLinkLocalAddress();
    }
    boolean sameFamily =
        address instanceof Inet6Address == reader.getAddress() instanceof Inet6Address;
    return sameFamily && (!address.isLoopbackAddress() || reader.getAddress().isLoopbackAddress());
  }
}
