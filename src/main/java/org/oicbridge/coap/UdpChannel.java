package org.oicbridge.coap;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannel;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.function.Consumer;
import org.oicbridge.crudn.AddressLiteral;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A UDP socket on the event loop of a verticle. That of Vert.x takes an address as a text, which it
 * would look up, and which loses the zone that a link-local address of IPv6 means nothing without.
 *
 * <p>It is closed with its verticle at the latest.
 */
final class UdpChannel {
  private static final Logger LOG = LoggerFactory.getLogger(UdpChannel.class);

  /** Longest datagram; some devices don't cut their answer into blocks. */
  private static final int LONGEST = 65_535;

  /** As many bytes may wait for the network to take them; Netty counts a hundred per datagram. */
  private static final int WAITING = 1 << 20;

  /** Linux, IPv4 and IPv6: only what this socket itself has joined. */
  private static final IntegerUnixChannelOption IP_MULTICAST_ALL =
      new IntegerUnixChannelOption("IP_MULTICAST_ALL", 0, 49);

  private static final IntegerUnixChannelOption IPV6_MULTICAST_ALL =
      new IntegerUnixChannelOption("IPV6_MULTICAST_ALL", 41, 29);

  /** RFC 3849: nothing comes from there. */
  private static final InetAddress NOBODY = AddressLiteral.parse("2001:db8::1").address();

  /** Takes datagrams, in the context of the verticle. */
  interface Receiver {
    void received(InetSocketAddress sender, byte[] data);
  }

  private final ContextInternal context;
  private final DatagramChannel channel;
  private volatile Receiver receiver = (sender, data) -> {};

  private UdpChannel(ContextInternal context, DatagramChannel channel) {
    this.context = context;
    this.channel = channel;
  }

  /**
   * Opens a socket.
   *
   * @param host an address literal or a name of this machine
   * @param port 0 for any
   * @param settings what else it needs before it is bound
   */
  static Future<UdpChannel> bind(
      Vertx vertx, String host, int port, Consumer<DatagramChannel> settings) {
    AddressLiteral literal = AddressLiteral.parse(host);
    Future<InetAddress> address =
        literal == null
            ? ((VertxInternal) vertx).nameResolver().resolve(host)
            : vertx.executeBlocking(literal::scoped);
    return address.compose(found -> bind(vertx, new InetSocketAddress(found, port), settings));
  }

  /** Opens a socket at an address. */
  static Future<UdpChannel> bind(
      Vertx vertx, InetSocketAddress local, Consumer<DatagramChannel> settings) {
    ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
    boolean ipv6 = local.getAddress() instanceof Inet6Address;
    UdpChannel udp;
    try {
      DatagramChannel channel = open(context, ipv6);
      udp = new UdpChannel(context, channel);
      udp.prepare(ipv6);
      settings.accept(channel);
    } catch (RuntimeException e) {
      return context.failedFuture(e);
    }
    return udp.done(context.nettyEventLoop().register(udp.channel))
        .compose(registered -> udp.done(udp.channel.bind(local)))
        .recover(error -> udp.close().transform(closed -> context.failedFuture(error)))
        .map(
            bound -> {
              context.addCloseHook(closed -> udp.close().onComplete(closed));
              return udp;
            });
  }

  /** Vert.x names the families in the way that Netty had before. */
  @SuppressWarnings("deprecation")
  private static DatagramChannel open(ContextInternal context, boolean ipv6) {
    return context
        .owner()
        .transport()
        .datagramChannel(ipv6 ? InternetProtocolFamily.IPv6 : InternetProtocolFamily.IPv4);
  }

  private void prepare(boolean ipv6) {
    channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(LONGEST));
    channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(WAITING / 2, WAITING));
    if (channel instanceof UnixChannel) {
      // Else a socket at a wildcard address also gets what others have joined groups for.
      channel.config().setOption(IP_MULTICAST_ALL, 0);
      if (ipv6) {
        channel.config().setOption(IPV6_MULTICAST_ALL, 0);
      }
    }
    channel.pipeline().addLast(new Inbound());
  }

  /** So that several sockets can have one port, as those of groups must. */
  static void shared(DatagramChannel channel) {
    channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
  }

  /** A socket that needs nothing more. */
  static Future<UdpChannel> bind(Vertx vertx, String host, int port) {
    return bind(vertx, host, port, channel -> {});
  }

  private Future<Void> done(ChannelFuture begun) {
    PromiseInternal<Void> promise = context.promise();
    begun.addListener(promise);
    return promise.future();
  }

  /** What is to become of datagrams; those before are dropped. */
  void receive(Receiver with) {
    this.receiver = with;
  }

  InetSocketAddress local() {
    return channel.localAddress();
  }

  /** Sends a datagram; fails when too much waits already, or when nothing leads there. */
  Future<Void> send(byte[] data, InetSocketAddress peer) {
    if (!channel.isWritable()) {
      return context.failedFuture(new IOException("the network does not take datagrams any more"));
    }
    return done(channel.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(data), peer)));
  }

  /** Joins a multicast group on an interface. */
  Future<Void> join(InetAddress group, NetworkInterface at) {
    return done(channel.joinGroup(group, at, null));
  }

  /** Keeps out what is sent to a group that another socket of this process has joined. */
  Future<Void> ignore(InetAddress group, NetworkInterface at) {
    // Java asks Linux for that with IPv4 only, and can't be told to; but a member that wants one
    // source gets nothing from others.
    return channel instanceof UnixChannel || !(group instanceof Inet6Address)
        ? context.succeededFuture()
        : done(channel.joinGroup(group, at, NOBODY));
  }

  Future<Void> close() {
    receiver = (sender, data) -> {};
    return done(channel.close());
  }

  private final class Inbound extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
      byte[] data = new byte[packet.content().readableBytes()];
      packet.content().readBytes(data);
      InetSocketAddress sender = packet.sender();
      context.emit(data, bytes -> receiver.received(sender, bytes));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      LOG.debug("socket {}", channel.localAddress(), cause);
    }
  }
}
