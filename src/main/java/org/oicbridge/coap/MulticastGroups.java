package org.oicbridge.coap;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.oicbridge.crudn.AddressLiteral;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The multicast groups in which OIC devices are looked for. Each group has a socket that is bound
 * to the address of the group, so that what arrives there was sent to the group and nowhere else.
 */
final class MulticastGroups {
  /** All CoAP nodes (RFC 7252 section 12.8); OIC has its own groups in IPv6 only. */
  static final List<String> IPV4 = List.of("224.0.1.187");

  /** OIC devices on the link, in the realm and in the site. */
  static final List<String> IPV6 = List.of("ff02::158", "ff03::158", "ff05::158");

  private static final Logger LOG = LoggerFactory.getLogger(MulticastGroups.class);

  private final Vertx vertx;
  private final int port;
  private final UdpConnector answers;
  private final List<UdpChannel> sockets = new ArrayList<>();

  /**
   * Prepares to join.
   *
   * @param port of the groups, 5683
   * @param answers the unicast socket, by which answers leave
   */
  MulticastGroups(Vertx vertx, int port, UdpConnector answers) {
    this.vertx = vertx;
    this.port = port;
    this.answers = answers;
  }

  /** Joins on these interfaces; what can't be joined is told in the log, and the rest is joined. */
  Future<Void> join(List<String> interfaces) {
    if (interfaces.isEmpty()) {
      return Future.succeededFuture();
    }
    return vertx.executeBlocking(() -> find(interfaces)).compose(this::joinOn);
  }

  private static List<NetworkInterface> find(List<String> names) throws SocketException {
    List<NetworkInterface> found = new ArrayList<>();
    for (String name : names) {
      NetworkInterface each = NetworkInterface.getByName(name);
      if (each == null) {
        LOG.warn("no multicast group is joined on interface {}: there is none of that name", name);
      } else {
        found.add(each);
      }
    }
    return found;
  }

  private Future<Void> joinOn(List<NetworkInterface> interfaces) {
    // A socket of IPv4 can't answer what comes over IPv6.
    boolean both = answers.getAddress().getAddress() instanceof Inet6Address;
    List<String> groups = Stream.concat(IPV4.stream(), IPV6.stream()).toList();
    Future<Void> done = Future.succeededFuture();
    for (String name : interfaces.isEmpty() ? List.<String>of() : groups) {
      InetAddress group = AddressLiteral.parse(name).address();
      if (!both && group instanceof Inet6Address) {
        LOG.info("multicast group {} is not joined: coap.server.host is of IPv4", name);
      } else if (group.isMCLinkLocal() && group instanceof Inet6Address) {
        // There is one such group on each link, and no socket is bound to all of them.
        for (NetworkInterface each : interfaces) {
          InetAddress there = AddressLiteral.scoped(group, each.getIndex());
          done = done.compose(ignored -> join(there, List.of(each)));
        }
      } else {
        done = done.compose(ignored -> join(group, interfaces));
      }
    }
    return done;
  }

  private Future<Void> join(InetAddress group, List<NetworkInterface> interfaces) {
    InetSocketAddress destination = new InetSocketAddress(group, port);
    return UdpChannel.bind(vertx, destination, UdpChannel::shared)
        .compose(
            socket -> {
              sockets.add(socket);
              socket.receive((sender, data) -> answers.receivedForGroup(sender, data, destination));
              return joinAll(socket, group, interfaces);
            })
        .recover(
            error -> {
              LOG.warn(
                  "multicast group {} can't be listened to: {}",
                  group.getHostAddress(),
                  error.getMessage());
              return Future.succeededFuture();
            });
  }

  private Future<Void> joinAll(
      UdpChannel socket, InetAddress group, List<NetworkInterface> interfaces) {
    String name = group.getHostAddress();
    Future<Void> done = Future.succeededFuture();
    for (NetworkInterface each : interfaces) {
      done =
          done.compose(ignored -> answers.ignore(group, each))
              .compose(ignored -> socket.join(group, each))
              .onSuccess(
                  joined -> LOG.info("joined multicast group {} on {}", name, each.getName()))
              .recover(
                  error -> {
                    LOG.warn(
                        "multicast group {} can't be joined on interface {}: {}",
                        name,
                        each.getName(),
                        error.getMessage());
                    return Future.succeededFuture();
                  });
    }
    return done;
  }

  Future<Void> leave() {
    Future<Void> done = Future.succeededFuture();
    for (UdpChannel socket : sockets) {
      done = done.eventually(socket::close);
    }
    sockets.clear();
    return done;
  }
}
