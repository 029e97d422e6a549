package org.oicbridge.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** CPU time of processes, in nanoseconds: of all their threads, in user and kernel mode. */
final class Cpu {
  /** Linux counts in ticks of a hundredth of a second for whoever reads /proc (proc(5)). */
  private static final long TICK_NANOS = 10_000_000;

  private static final int USER = 11;
  private static final int KERNEL = 12;

  private Cpu() {}

  /** What this process has used. */
  static long own() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** What another process has used. */
  static long of(long process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process + "/stat"));
      // The name of the program stands in parentheses and may hold anything.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(fields[USER]) + Long.parseLong(fields[KERNEL])) * TICK_NANOS;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
