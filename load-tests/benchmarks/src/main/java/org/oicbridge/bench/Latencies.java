package org.oicbridge.bench;

import java.util.Arrays;

/** How long things took, in nanoseconds. Used from one thread at a time. */
final class Latencies {
  private long[] nanos = new long[1 << 16];
  private int count;

  void add(long took) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = took;
  }

  int count() {
    return count;
  }

  /**
   * The smallest one that so many are not above, in microseconds.
   *
   * @param share from 0 to 1
   */
  double micros(double share) {
    if (count == 0) {
      throw new IllegalStateException("nothing was measured");
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(count - 1L, (long) Math.ceil(share * count) - 1)] / 1e3;
  }
}
