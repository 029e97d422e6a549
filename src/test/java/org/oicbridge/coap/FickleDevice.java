package org.oicbridge.coap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A device on a socket that answers what it is told to answer, and counts what it is asked. */
final class FickleDevice implements AutoCloseable {
  /** What it answers. */
  enum Mood {
    /** Pings and requests. */
    ALL,
    /** Requests only, as devices do that know no pings. */
    REQUESTS,
    /** Requests with an acknowledgement, and never with a response. */
    ACKNOWLEDGES,
    /** Nothing. */
    NOTHING
  }

  /** What arrived: {@code ping}, or {@code request}. */
  final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

  volatile Mood mood = Mood.ALL;
  private final DatagramSocket socket;

  FickleDevice() {
    try {
      socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::serve, "fickle-device");
    thread.setDaemon(true);
    thread.start();
  }

  String endpoint() {
    return "coap://127.0.0.1:" + socket.getLocalPort();
  }

  private void serve() {
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        socket.receive(packet);
        answer(packet);
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void answer(DatagramPacket packet) throws IOException {
    byte[] bytes = CoapGateway.bytes(packet);
    // RFC 7252 section 4.1: an empty message has code 0.00.
    boolean ping = bytes[1] == 0;
    asked.add(ping ? "ping" : "request");
    if (ping && mood == Mood.ALL) {
      CoapGateway.reply(socket, packet, asked -> new byte[] {0x70, 0, asked[2], asked[3]});
    } else if (!ping && mood == Mood.ACKNOWLEDGES) {
      CoapGateway.reply(socket, packet, asked -> new byte[] {0x60, 0, asked[2], asked[3]});
    } else if (!ping && mood != Mood.NOTHING) {
      CoapGateway.reply(socket, packet, CoapGateway.ack("84"));
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
