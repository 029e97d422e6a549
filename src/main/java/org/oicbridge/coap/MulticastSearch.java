package org.oicbridge.coap;

import io.netty.channel.socket.DatagramChannel;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.EmptyMessage;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.MessageFormatException;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.oicbridge.crudn.AddressLiteral;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to OIC's multicast groups from one interface, and its many answers. Devices answer
 * from a port of their own, which is why an exchange of Californium can't serve here: it takes no
 * answer but one from where the request went.
 */
final class MulticastSearch {
  static final int MAX_ANSWERS = 1000;
  private static final int MAX_BYTES = 4 << 20;
  private static final int TOKEN = 8;

  /** Realm and site may be larger than the link; how far a request goes, its group says. */
  private static final int HOPS = 16;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Logger LOG = LoggerFactory.getLogger(MulticastSearch.class);

  /**
   * An answer.
   *
   * @param sender where it came from
   */
  record Answer(Response response, InetSocketAddress sender) {}

  /** What is sent, and what makes an answer one to it. */
  private record Question(Token token, Buffer datagram) {
    static Question of(Era era) {
      // Nobody who did not get the request can make an answer to it.
      byte[] token = new byte[TOKEN];
      RANDOM.nextBytes(token);
      Request request = era.get(List.of(), "oic", "res");
      request.setType(CoAP.Type.NON);
      request.setMID(RANDOM.nextInt(0x10000));
      request.setToken(new Token(token));
      return new Question(
          request.getToken(), Buffer.buffer(new UdpDataSerializer().getByteArray(request)));
    }
  }

  private final Vertx vertx;
  private final NetworkInterface zone;
  private final String local;
  private final int port;
  private final Consumer<Answer> answers;
  private final Question ocf = Question.of(Era.OCF);
  private final Question legacy = Question.of(Era.LEGACY);
  private final Set<Object> seen = new HashSet<>();
  private UdpChannel socket;
  private int count;
  private int bytes;

  /**
   * Prepares a search.
   *
   * @param zone the interface that the requests leave by
   * @param local the local address, of IPv4 or IPv6
   * @param port of the groups, 5683
   * @param answers takes every answer that is worth reading
   */
  MulticastSearch(
      Vertx vertx, NetworkInterface zone, String local, int port, Consumer<Answer> answers) {
    this.vertx = vertx;
    this.zone = zone;
    this.local = local;
    this.port = port;
    this.answers = answers;
  }

  private boolean ipv6() {
    return local.indexOf(':') >= 0;
  }

  private void outward(DatagramChannel channel) {
    channel.config().setTimeToLive(ipv6() ? HOPS : 1);
    channel.config().setNetworkInterface(zone);
  }

  /** Asks in both dialects, and ends when the time for answers is over. */
  Future<Void> run(DiscoveryPace pace) {
    return UdpChannel.bind(vertx, local, 0, this::outward)
        .compose(
            bound -> {
              socket = bound;
              socket.receive(this::receive);
              return ask(pace).eventually(socket::close);
            });
  }

  private Future<Void> ask(DiscoveryPace pace) {
    return send(ocf)
        .compose(sent -> pause(pace.legacyAfter().toMillis()))
        .compose(ignored -> send(legacy))
        .compose(sent -> pause(pace.collect().toMillis()));
  }

  private Future<Void> send(Question question) {
    List<Future<Void>> sent =
        (ipv6() ? MulticastGroups.IPV6 : MulticastGroups.IPV4)
            .stream()
                .map(
                    group ->
                        socket
                            .send(
                                question.datagram.getBytes(),
                                new InetSocketAddress(address(group), port))
                            .onFailure(
                                error ->
                                    LOG.debug("{} by {}: {}", group, zone.getName(), error, error)))
                .toList();
    // A scope that can't be reached from here does not spoil the others.
    return Future.any(sent).mapEmpty();
  }

  private Future<Void> pause(long millis) {
    return vertx.timer(Math.max(1, millis), TimeUnit.MILLISECONDS).mapEmpty();
  }

  private static InetAddress address(String group) {
    return AddressLiteral.parse(group).address();
  }

  private void receive(InetSocketAddress sender, byte[] data) {
    bytes += data.length;
    if (++count > MAX_ANSWERS || bytes > MAX_BYTES) {
      CoapMetrics.discoveryAnswer("excess");
      return;
    }
    if (sender.getPort() == 0 || sender.getAddress().isMulticastAddress() || foreign(sender)) {
      return;
    }
    Message message = parse(data);
    if (message == null) {
      CoapMetrics.discoveryAnswer("malformed");
    } else if (message instanceof Response response && mine(response)) {
      acknowledge(response, sender);
      if (seen.add(List.of(sender, response.getToken()))) {
        answers.accept(new Answer(response, sender));
      }
    }
  }

  /** True for a link-local address of another link than the one that was asked. */
  private boolean foreign(InetSocketAddress sender) {
    return sender.getAddress() instanceof Inet6Address address
        && address.isLinkLocalAddress()
        && address.getScopeId() != zone.getIndex();
  }

  /** The message in a datagram, null when it is none. */
  static Message parse(byte[] datagram) {
    try {
      return new UdpDataParser(false, OcfOption.REGISTRY).parseMessage(datagram);
    } catch (MessageFormatException | IllegalStateException e) {
      // The latter when the payload is longer than the block it says to be.
      return null;
    }
  }

  private boolean mine(Response response) {
    Token token = response.getToken();
    return token.equals(ocf.token) || token.equals(legacy.token);
  }

  private void acknowledge(Response response, InetSocketAddress sender) {
    if (response.getType() == CoAP.Type.CON) {
      EmptyMessage ack = EmptyMessage.newACK(response);
      ack.setToken(Token.EMPTY);
      socket.send(new UdpDataSerializer().getByteArray(ack), sender);
    }
  }
}
