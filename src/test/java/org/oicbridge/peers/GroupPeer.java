package org.oicbridge.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** {@link GroupAsker} behind a {@link NetworkNamespace}. */
public final class GroupPeer {
  private static final Duration WAIT = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private GroupPeer() {}

  /**
   * An answer.
   *
   * @param port that it came from
   * @param datagram in hexadecimal digits
   */
  public record Answer(InetAddress sender, int port, String datagram) {}

  /** Sends datagrams to a group, and gives everything that came back in a while. */
  public static List<Answer> ask(
      NetworkNamespace network, String group, int port, byte[]... datagrams) throws IOException {
    List<String> command = new ArrayList<>(network.command());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(GroupAsker.class.getName(), network.interfaceName(), group));
    command.addAll(List.of(String.valueOf(port), String.valueOf(WAIT.toMillis())));
    for (byte[] datagram : datagrams) {
      command.add(HexFormat.of().formatHex(datagram));
    }
    try (ChildProcess process =
        ChildProcess.start(Files.createTempDirectory("oic-bridge-group"), Map.of(), command)) {
      if (!process.awaitOutput(PATIENCE, List.of("end"))) {
        throw new IllegalStateException("the client failed:\n" + process.output());
      }
      List<Answer> answers = new ArrayList<>();
      for (String line : process.output().lines().filter(l -> l.startsWith("answer ")).toList()) {
        String[] parts = line.split(" ", -1);
        answers.add(
            new Answer(InetAddress.getByName(parts[1]), Integer.parseInt(parts[2]), parts[3]));
      }
      return answers;
    }
  }
}
