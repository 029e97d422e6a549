package org.oicbridge.coap;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The multicast groups in which OIC devices are looked for. Each group has a socket that is bound
 * to the address of the group, so that what arrives there was sent to the group and nowhere else.
 */
final class MulticastGroups {
  /** All CoAP nodes of IPv4, and OIC's own groups of IPv6: link, realm and site. */
  static final List<String> GROUPS = List.of("224.0.1.187", "ff02::158", "ff03::158", "ff05::158");

  static final int PORT = 5683;

  private static final Logger LOG = LoggerFactory.getLogger(MulticastGroups.class);

  private final Vertx vertx;
  private final int port;
  private final UdpConnector answers;
  private final List<DatagramSocket> sockets = new ArrayList<>();

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
    // A socket of IPv4 can't answer what comes over IPv6.
    boolean both = answers.getAddress().getAddress() instanceof Inet6Address;
    Future<Void> done = Future.succeededFuture();
    for (String group : interfaces.isEmpty() ? List.<String>of() : GROUPS) {
      if (both || group.indexOf(':') < 0) {
        done = done.compose(ignored -> join(group, interfaces));
      } else {
        LOG.info("multicast group {} is not joined: coap.server.host is of IPv4", group);
      }
    }
    return done;
  }

  private Future<Void> join(String group, List<String> interfaces) {
    DatagramSocket socket =
        vertx.createDatagramSocket(
            new DatagramSocketOptions().setReuseAddress(true).setIpV6(group.indexOf(':') >= 0));
    return socket
        .listen(port, group)
        .compose(
            bound -> {
              sockets.add(socket);
              InetSocketAddress destination = new InetSocketAddress(literal(group), port);
              socket.handler(
                  packet -> answers.receivedForGroup(packet.sender(), packet.data(), destination));
              return joinAll(socket, group, interfaces);
            })
        .recover(
            error -> {
              LOG.warn("multicast group {} can't be listened to: {}", group, error.getMessage());
              return socket.close();
            });
  }

  private static Future<Void> joinAll(
      DatagramSocket socket, String group, List<String> interfaces) {
    Future<Void> done = Future.succeededFuture();
    for (String name : interfaces) {
      done =
          done.compose(ignored -> socket.listenMulticastGroup(group, name, null))
              .onSuccess(joined -> LOG.info("joined multicast group {} on {}", group, name))
              .recover(
                  error -> {
                    LOG.warn(
                        "multicast group {} can't be joined on interface {}: {}",
                        group,
                        name,
                        error.getMessage());
                    return Future.succeededFuture();
                  });
    }
    return done;
  }

  private static InetAddress literal(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalArgumentException(address, e);
    }
  }

  Future<Void> leave() {
    Future<Void> done = Future.succeededFuture();
    for (DatagramSocket socket : sockets) {
      done = done.eventually(socket::close);
    }
    sockets.clear();
    return done;
  }
}
