package org.oicbridge.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@link OcfLikeDevice} as a process of its own, behind a {@link NetworkNamespace} if need be. */
public final class OcfDevicePeer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern READY = Pattern.compile("ready di=(\\S+) endpoints=(\\S+)");

  private final ChildProcess process;
  private final String di;
  private final List<String> endpoints;

  private OcfDevicePeer(ChildProcess process, String di, List<String> endpoints) {
    this.process = process;
    this.di = di;
    this.endpoints = endpoints;
  }

  /** Starts it on this machine's network. */
  public static OcfDevicePeer start(String... arguments) {
    return start(List.of(), arguments);
  }

  /** Starts it in a namespace, on all its addresses, and joins the multicast groups there. */
  public static OcfDevicePeer start(NetworkNamespace namespace, String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--interface",
                namespace.interfaceName(),
                "--host",
                namespace.address() + "," + namespace.address6()));
    all.addAll(List.of(arguments));
    return start(namespace.command(), all.toArray(String[]::new));
  }

  private static OcfDevicePeer start(List<String> prefix, String... arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx128m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(OcfLikeDevice.class.getName());
    command.addAll(List.of(arguments));
    ChildProcess process = ChildProcess.start(folder(), Map.of(), command);
    boolean ready = process.awaitOutput(PATIENCE, List.of("ready di="));
    Matcher line = READY.matcher(process.output());
    if (!ready || !line.find()) {
      String output = process.output();
      process.close();
      throw new IllegalStateException("the device did not start:\n" + output);
    }
    return new OcfDevicePeer(process, line.group(1), List.of(line.group(2).split(",", -1)));
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("oic-bridge-device");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its identifier. */
  public String di() {
    return di;
  }

  /** Where it serves unicast requests, as it advertises it itself. */
  public List<String> endpoints() {
    return endpoints;
  }

  @Override
  public void close() {
    process.close();
  }
}
