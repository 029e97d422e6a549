package org.oicbridge.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Free ports of 127.0.0.1 for servers that cannot be told port 0. Somebody else may take one before
 * the server does, so whoever starts a server tries again with other ports.
 */
final class LoopbackPorts {
  private LoopbackPorts() {}

  /** Different ports, each free for TCP and for UDP a moment ago. */
  static List<Integer> free(int count) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      // All are held until the last is found, so that none is given twice.
      while (held.size() < count) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        if (isFreeForUdp(socket.getLocalPort())) {
          held.add(socket);
        } else {
          socket.close();
        }
      }
      List<Integer> ports = held.stream().map(ServerSocket::getLocalPort).toList();
      for (ServerSocket socket : held) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isFreeForUdp(int port) {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
