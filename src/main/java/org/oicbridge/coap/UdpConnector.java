package org.oicbridge.coap;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.EndpointContextMatcher;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.RawDataChannel;
import org.eclipse.californium.elements.UdpEndpointContext;
import org.eclipse.californium.elements.util.ClockUtil;

/**
 * Carries Californium's datagrams over a Vert.x socket that is already bound, so that an endpoint
 * has no sender and receiver thread of its own.
 */
final class UdpConnector implements Connector {
  private final DatagramSocket socket;
  private final InetSocketAddress local;
  private RawDataChannel receiver;
  private volatile boolean running;

  UdpConnector(DatagramSocket socket) {
    this.socket = socket;
    this.local = new InetSocketAddress(socket.localAddress().host(), socket.localAddress().port());
    socket.handler(packet -> received(packet.sender(), packet.data(), local, false));
  }

  /** Takes what arrived for a multicast group on a socket of its own; answers leave by this one. */
  void receivedForGroup(SocketAddress sender, Buffer data, InetSocketAddress group) {
    received(sender, data, group, true);
  }

  private void received(
      SocketAddress sender, Buffer data, InetSocketAddress destination, boolean multicast) {
    // RFC 768: source port 0 means that there is nobody to answer to.
    if (running && sender.port() != 0) {
      receiver.receiveData(
          RawData.inbound(
              data.getBytes(),
              new UdpEndpointContext(address(sender)),
              multicast,
              ClockUtil.nanoRealtime(),
              destination));
    }
  }

  static InetSocketAddress address(SocketAddress sender) {
    try {
      // hostAddress() is a literal here, so this looks nothing up.
      return new InetSocketAddress(InetAddress.getByName(sender.hostAddress()), sender.port());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("datagram from " + sender, e);
    }
  }

  @Override
  public void send(RawData data) {
    InetSocketAddress peer = data.getInetSocketAddress();
    if (zoned(peer.getAddress())) {
      data.onError(new IOException("Vert.x can't send to a link-local address"));
      return;
    }
    data.onContextEstablished(new UdpEndpointContext(peer));
    socket
        .send(Buffer.buffer(data.getBytes()), peer.getPort(), peer.getAddress().getHostAddress())
        .onComplete(sent -> data.onSent(), data::onError);
  }

  /** The socket takes names only, and would ask the DNS for one that has a zone behind it. */
  static boolean zoned(InetAddress address) {
    return address instanceof Inet6Address v6 && v6.getScopeId() > 0;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public void destroy() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public void setRawDataReceiver(RawDataChannel channel) {
    this.receiver = channel;
  }

  @Override
  public void setEndpointContextMatcher(EndpointContextMatcher matcher) {
    // Plain UDP has no security context to compare before something is sent.
  }

  @Override
  public InetSocketAddress getAddress() {
    return local;
  }

  @Override
  public String getProtocol() {
    return "UDP";
  }

  @Override
  public void processDatagram(DatagramPacket datagram) {
    throw new UnsupportedOperationException("datagrams come from the Vert.x socket");
  }

  @Override
  public String toString() {
    return "coap://" + local;
  }
}
