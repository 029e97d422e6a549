package org.oicbridge.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What Linux and {@code jcmd} tell of a process. */
final class ProcessFiles {
  private final long pid;
  private final Path proc;

  ProcessFiles(long pid) {
    this.pid = pid;
    this.proc = Path.of("/proc", Long.toString(pid));
  }

  /** A number of {@code /proc/PID/status}, such as {@code Threads}; sizes in KiB. */
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

  /** What lives of a class after a full collection. */
  record Live(long instances, long bytes) {}

  /** The lines of {@code jcmd GC.class_histogram}, which makes a full collection. */
  List<String> histogram() throws IOException {
    Process jcmd =
        new ProcessBuilder("jcmd", Long.toString(pid), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    List<String> lines = jcmd.inputReader(StandardCharsets.UTF_8).lines().toList();
    if (!lines.get(lines.size() - 1).startsWith("Total")) {
      throw new IOException("jcmd said " + lines.get(lines.size() - 1));
    }
    return lines;
  }

  /** The same by the name of the class, and all together as {@code Total}. */
  static Map<String, Live> byClass(List<String> histogram) {
    Map<String, Live> classes = new LinkedHashMap<>();
    for (String line : histogram) {
      String[] words = line.trim().split(" +", -1);
      if (words.length >= 4 && words[0].endsWith(":") && Character.isDigit(words[0].charAt(0))) {
        classes.merge(
            words[3],
            new Live(Long.parseLong(words[1]), Long.parseLong(words[2])),
            (a, b) -> new Live(a.instances() + b.instances(), a.bytes() + b.bytes()));
      } else if (words[0].equals("Total")) {
        classes.put("Total", new Live(Long.parseLong(words[1]), Long.parseLong(words[2])));
      }
    }
    return classes;
  }
}
