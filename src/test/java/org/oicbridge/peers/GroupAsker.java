package org.oicbridge.peers;

import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketTimeoutException;
import java.util.HexFormat;

/**
 * Sends datagrams to a multicast group and tells what comes back within a while, as a program of
 * its own: for it to run in a {@link NetworkNamespace}. A line "answer HOST PORT HEX" for each, and
 * at last "end".
 *
 * <p>Arguments: the interface to send by, the group, its port, milliseconds to wait, and the
 * datagrams in hexadecimal digits.
 */
public final class GroupAsker {
  private GroupAsker() {}

  public static void main(String[] arguments) throws Exception {
    InetSocketAddress group =
        new InetSocketAddress(InetAddress.getByName(arguments[1]), Integer.parseInt(arguments[2]));
    try (MulticastSocket socket = new MulticastSocket(0)) {
      socket.setNetworkInterface(NetworkInterface.getByName(arguments[0]));
      for (int i = 4; i < arguments.length; i++) {
        byte[] datagram = HexFormat.of().parseHex(arguments[i]);
        socket.send(new DatagramPacket(datagram, datagram.length, group));
      }
      listen(socket, System.nanoTime() + Long.parseLong(arguments[3]) * 1_000_000);
    }
    System.out.println("end");
  }

  private static void listen(MulticastSocket socket, long end) throws Exception {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    try {
      for (long left; (left = end - System.nanoTime()) > 0; ) {
        socket.setSoTimeout((int) (left / 1_000_000) + 1);
        packet.setLength(2048);
        socket.receive(packet);
        System.out.printf(
            "answer %s %d %s%n",
            packet.getAddress().getHostAddress().replaceAll("%.*", ""),
            packet.getPort(),
            HexFormat.of().formatHex(packet.getData(), 0, packet.getLength()));
      }
    } catch (SocketTimeoutException e) {
      // Nothing more is expected.
    }
  }
}
