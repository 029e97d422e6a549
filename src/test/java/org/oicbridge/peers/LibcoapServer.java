package org.oicbridge.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** libcoap's example server on loopback; ten resources may be created by PUT. */
public final class LibcoapServer implements AutoCloseable {
  private static final String PLAIN = "coap-server-notls";
  private static final String SECURE = "coap-server-openssl";
  private static final int TRIES = 5;
  private static final int PINGS = 100;
  private static final Duration PING = Duration.ofMillis(50);
  // RFC 7252 section 4.3: an empty confirmable message, answered by a reset with its message id.
  private static final byte[] EMPTY = {0x40, 0, 0x12, 0x34};
  private static final byte[] RESET = {0x70, 0, 0x12, 0x34};

  private final ChildProcess process;
  private final int port;

  private LibcoapServer(ChildProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it and waits until it answers a CoAP ping; tries again when its port was taken. */
  public static LibcoapServer start() {
    return start(PLAIN, List.of());
  }

  /**
   * Starts one that serves DTLS as well, at {@link #securePort()}.
   *
   * @param key that clients of any identity must have
   */
  public static LibcoapServer startSecure(String key) {
    return start(SECURE, List.of("-k", key, "-h", "hint"));
  }

  private static LibcoapServer start(String name, List<String> more) {
    String program = Peers.require(name).toString();
    StringBuilder failures = new StringBuilder();
    for (int i = 0; i < TRIES; i++) {
      int port = LoopbackPorts.free(1).get(0);
      List<String> command =
          new ArrayList<>(
              List.of(program, "-A", "127.0.0.1", "-p", Integer.toString(port), "-d", "10"));
      command.addAll(more);
      ChildProcess process = ChildProcess.start(temporaryFolder(), Map.of(), command);
      if (answersPing(process, port)) {
        return new LibcoapServer(process, port);
      }
      failures.append(process.output()).append('\n');
      process.close();
    }
    throw new IllegalStateException(name + " did not start:\n" + failures);
  }

  /** UDP and TCP port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** UDP port of DTLS on 127.0.0.1. */
  public int securePort() {
    return port + 1;
  }

  /** Lets it answer nothing any more, as a device does that hangs; its socket stays. */
  public void freeze() {
    process.signal("STOP");
  }

  /** Lets it go on, with what has arrived meanwhile. */
  public void goOn() {
    process.signal("CONT");
  }

  @Override
  public void close() {
    process.close();
  }

  private static boolean answersPing(ChildProcess process, int port) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.setSoTimeout((int) PING.toMillis());
      for (int i = 0; i < PINGS; i++) {
        boolean answered = ping(socket);
        // Also the pause between two pings, which an unreachable port refuses at once.
        if (process.endsWithin(PING)) {
          return false;
        }
        if (answered) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean ping(DatagramSocket socket) throws IOException {
    try {
      socket.send(new DatagramPacket(EMPTY, EMPTY.length));
      DatagramPacket answer = new DatagramPacket(new byte[RESET.length], RESET.length);
      socket.receive(answer);
      return Arrays.equals(answer.getData(), RESET);
    } catch (SocketTimeoutException | PortUnreachableException e) {
      return false;
    }
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("oic-bridge-libcoap");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
