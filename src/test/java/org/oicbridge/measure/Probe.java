package org.oicbridge.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.oicbridge.GatewayProcess;

/** Looks at the gateway's process from outside. */
final class Probe {
  private static final int HISTOGRAM_LINES = 80;

  private final GatewayProcess gateway;
  private final ProcessFiles files;

  Probe(GatewayProcess gateway) {
    this.gateway = gateway;
    this.files = new ProcessFiles(gateway.pid());
  }

  /**
   * Bytes of all objects that live after a full collection, which this causes: {@code jcmd
   * GC.class_histogram} counts them in the same pause.
   *
   * @param kept gets the classes that take most
   */
  long heap(Path kept) throws IOException {
    List<String> lines = files.histogram();
    Files.write(kept, lines.subList(0, Math.min(HISTOGRAM_LINES, lines.size())));
    return ProcessFiles.byClass(lines).get("Total").bytes();
  }

  /** A number of {@code /proc/PID/status}, such as {@code Threads}. */
  long status(String name) throws IOException {
    return files.status(name);
  }

  long descriptors() throws IOException {
    return files.descriptors();
  }

  /** Processor time of the process so far, in seconds. */
  double cpuSeconds() throws IOException {
    return files.cpuSeconds();
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
