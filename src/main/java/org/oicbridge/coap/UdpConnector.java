package org.oicbridge.coap;

import io.vertx.core.Future;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.EndpointContextMatcher;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.RawDataChannel;
import org.eclipse.californium.elements.UdpEndpointContext;
import org.eclipse.californium.elements.util.ClockUtil;

/**
 * Carries Californium's datagrams over a socket that is already bound, so that an endpoint has no
 * sender and receiver thread of its own.
 */
final class UdpConnector implements Connector {
  private final UdpChannel socket;
  private final InetSocketAddress local;
  private RawDataChannel receiver;
  private volatile boolean running;

  UdpConnector(UdpChannel socket) {
    this.socket = socket;
    this.local = socket.local();
    socket.receive((sender, data) -> received(sender, data, local, false));
  }

  /** Takes what arrived for a multicast group on a socket of its own; answers leave by this one. */
  void receivedForGroup(InetSocketAddress sender, byte[] data, InetSocketAddress group) {
    received(sender, data, group, true);
  }

  /** Leaves what is sent to a group to the socket of that group. */
  Future<Void> ignore(InetAddress group, NetworkInterface at) {
    return socket.ignore(group, at);
  }

  private void received(
      InetSocketAddress sender, byte[] data, InetSocketAddress destination, boolean multicast) {
    // RFC 768: source port 0 means that there is nobody to answer to.
    if (running && sender.getPort() != 0) {
      receiver.receiveData(
          RawData.inbound(
              data,
              new UdpEndpointContext(sender),
              multicast,
              ClockUtil.nanoRealtime(),
              destination));
    }
  }

  @Override
  public void send(RawData data) {
    InetSocketAddress peer = data.getInetSocketAddress();
    data.onContextEstablished(new UdpEndpointContext(peer));
    socket.send(data.getBytes(), peer).onComplete(sent -> data.onSent(), data::onError);
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
    // For tests of Californium's own connectors, which read from a socket of the JDK.
    throw new UnsupportedOperationException("datagrams come from the channel");
  }

  @Override
  public String toString() {
    return "coap://" + local;
  }
}
