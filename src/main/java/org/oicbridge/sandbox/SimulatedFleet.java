package org.oicbridge.sandbox;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thousands of OCF lights in one process (RFC 7252, OCF Core 1.0), each with a datagram channel of
 * its own on the event loops of Vert.x, so that the number of threads does not follow from theirs.
 * Each has {@code /light} and {@code /dimming}, which are observable, besides {@code /oic/res},
 * {@code /oic/d} and {@code /oic/p}.
 */
public final class SimulatedFleet {
  /** So many listen at one address, the next ones at the address after it. */
  static final int PER_ADDRESS = 10_000;

  /**
   * Most that there can be: the addresses of IPv4's loopback are many, file descriptors are not.
   */
  public static final int MAX = 1_000_000;

  /** A request without blocks fits into one Ethernet frame (RFC 7252 section 4.6). */
  private static final int LONGEST = 2048;

  private static final Logger LOG = LoggerFactory.getLogger(SimulatedFleet.class);

  private final Bootstrap bootstrap;
  private final List<Channel> channels = new ArrayList<>();
  private final List<SimulatedDevices.Device> devices = new ArrayList<>();

  private SimulatedFleet(VertxInternal vertx) {
    bootstrap =
        new Bootstrap()
            .group(vertx.nettyEventLoopGroup())
            .channelFactory(() -> open(vertx))
            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LONGEST));
  }

  /** Vert.x names the families in the way that Netty had before. */
  @SuppressWarnings("deprecation")
  private static Channel open(VertxInternal vertx) {
    return vertx.transport().datagramChannel(InternetProtocolFamily.IPv4);
  }

  /**
   * Starts a fleet; done when all sockets are bound.
   *
   * @param host the IPv4 address that the first 10000 listen at; the next 10000 do at the address
   *     after it, and so on
   * @param port the UDP port of the first at each address, the others follow it; 0 gives each a
   *     free one
   * @param count how many, 1 to {@link #MAX}
   * @return fails when a port is taken or beyond 65535, or the process may not open so many files;
   *     then none of them runs
   */
  public static Future<SimulatedFleet> start(Vertx vertx, String host, int port, int count) {
    if (count < 1 || count > MAX) {
      return Future.failedFuture(
          new IllegalArgumentException("there are " + count + " devices, expected 1 to " + MAX));
    }
    if (port < 0 || port + Math.min(count, PER_ADDRESS) - 1 > 0xffff) {
      return Future.failedFuture(
          new IllegalArgumentException("from port " + port + " on there are not enough ports"));
    }
    OcfVersionOptions.register();
    SimulatedFleet fleet = new SimulatedFleet((VertxInternal) vertx);
    return vertx
        .executeBlocking(
            () -> {
              fleet.bind(InetAddress.getByName(host), port, count);
              return fleet;
            })
        .recover(error -> fleet.stop().transform(stopped -> Future.failedFuture(error)));
  }

  /** Not for an event loop: it waits for each socket. */
  private void bind(InetAddress first, int port, int count) throws Exception {
    for (int number = 0; number < count; number++) {
      int offset = number % PER_ADDRESS;
      InetSocketAddress local =
          new InetSocketAddress(
              address(first, number / PER_ADDRESS), port == 0 ? 0 : port + offset);
      Inbound inbound = new Inbound();
      Channel channel = bootstrap.clone().handler(inbound).bind(local).sync().channel();
      channels.add(channel);
      InetSocketAddress bound = (InetSocketAddress) channel.localAddress();
      URI endpoint =
          URI.create("coap://" + bound.getAddress().getHostAddress() + ":" + bound.getPort());
      FleetDevice device = new FleetDevice(number, endpoint);
      devices.add(device.description());
      channel.eventLoop().submit(() -> inbound.device = device).sync();
    }
  }

  static InetAddress address(InetAddress first, int further) throws UnknownHostException {
    byte[] bytes = first.getAddress();
    if (bytes.length != 4) {
      throw new IllegalArgumentException(first.getHostAddress() + " is no IPv4 address");
    }
    int carry = further;
    for (int at = bytes.length - 1; at >= 0 && carry > 0; at--) {
      carry += bytes[at] & 0xff;
      bytes[at] = (byte) carry;
      carry >>= 8;
    }
    return InetAddress.getByAddress(bytes);
  }

  /** The devices in the order of their numbers. */
  public List<SimulatedDevices.Device> devices() {
    return List.copyOf(devices);
  }

  /** Stops all devices and frees their ports. */
  public Future<Void> stop() {
    List<Future<Void>> closing = new ArrayList<>();
    for (Channel channel : channels) {
      Promise<Void> closed = Promise.promise();
      channel.close().addListener(done -> closed.complete());
      closing.add(closed.future());
    }
    return Future.join(closing).mapEmpty();
  }

  /** Hands the datagrams of one channel to its device. */
  private static final class Inbound extends SimpleChannelInboundHandler<DatagramPacket> {
    /** Null until it is bound; what comes earlier is lost, as datagrams may be. */
    private FleetDevice device;

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
      if (device != null) {
        byte[] datagram = new byte[packet.content().readableBytes()];
        packet.content().readBytes(datagram);
        device.receive(datagram, packet.sender(), (answer, peer) -> send(ctx, answer, peer));
      }
    }

    private static void send(ChannelHandlerContext ctx, byte[] answer, InetSocketAddress peer) {
      // What the network does not take is lost, as datagrams may be.
      ChannelFuture unused = ctx.write(new DatagramPacket(Unpooled.wrappedBuffer(answer), peer));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      LOG.warn("simulated device at {}: {}", ctx.channel().localAddress(), cause.toString());
    }
  }
}
