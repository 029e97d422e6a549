package org.oicbridge.measure;

import io.netty.util.internal.PlatformDependent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.oicbridge.Main;

/**
 * The gateway as {@code bin/oic-bridge run} starts it, and one thread more, which answers each line
 * of its input with what the JVM tells of itself after a full collection.
 */
final class MeasuredGateway {
  /**
   * What it tells.
   *
   * @param threads that live, of the ThreadMXBean
   * @param heap bytes in use
   * @param direct bytes of direct buffers, those that Netty takes from the system itself among them
   */
  record Figures(int threads, long heap, long direct) {
    static Figures parse(String line) {
      String[] words = line.split(" ", -1);
      return new Figures(
          Integer.parseInt(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
    }

    private String line() {
      return threads + " " + heap + " " + direct;
    }
  }

  private MeasuredGateway() {}

  public static void main(String[] args) throws IOException {
    Main.main(args);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (in.readLine() != null) {
      System.out.println(figures().line());
    }
  }

  private static Figures figures() {
    // The first one finds what is to be cleaned up, the second one finds it gone.
    System.gc();
    System.gc();
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return new Figures(
        ManagementFactory.getThreadMXBean().getThreadCount(),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        direct + Math.max(0, PlatformDependent.usedDirectMemory()));
  }
}
