package org.oicbridge.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.oicbridge.GatewayProcess;

/** Looks at the gateway's process from outside. */
final class Probe {
  private static final int HISTOGRAM_LINES = 80;

  private final GatewayProcess gateway;
  private final Path proc;

  Probe(GatewayProcess gateway) {
    this.gateway = gateway;
    this.proc = Path.of("/proc", Long.toString(gateway.pid()));
  }

  /**
   * Bytes of all objects that live after a full collection, which this causes: {@code jcmd
   * GC.class_histogram} counts them in the same pause.
   *
   * @param kept gets the classes that take most
   */
  long heap(Path kept) throws IOException {
    Process jcmd =
        new ProcessBuilder("jcmd", Long.toString(gateway.pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    List<String> lines = jcmd.inputReader(StandardCharsets.UTF_8).lines().toList();
    Files.write(kept, lines.subList(0, Math.min(HISTOGRAM_LINES, lines.size())));
    String total = lines.get(lines.size() - 1);
    if (!total.startsWith("Total")) {
      throw new IOException("jcmd said " + total);
    }
    return Long.parseLong(total.trim().split(" +", -1)[2]);
  }

  /** A number of {@code /proc/PID/status}, such as {@code Threads}. */
  long status(String name) throws IOException {
    for (String line : Files.readAllLines(proc.resolve("status"))) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("no " + name + " in " + proc);
  }

  long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(proc.resolve("fd"))) {
      return open.count();
    }
  }

  /** Processor time of the process so far, in seconds. */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(proc.resolve("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    // utime and stime, in ticks of a hundredth of a second.
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
  }

  String metrics() throws IOException, InterruptedException {
    return gateway.metrics();
  }

  /** The sum of those series of a metric whose tags match. */
  static long metric(String metrics, String name, String tags) {
    Matcher lines = Pattern.compile("(?m)^" + name + "(\\{[^}]*})? ([-0-9.E]+)$").matcher(metrics);
    double sum = 0;
    while (lines.find()) {
      String labels = lines.group(1) == null ? "" : lines.group(1);
      sum += labels.contains(tags) ? Double.parseDouble(lines.group(2)) : 0;
    }
    return Math.round(sum);
  }
}
