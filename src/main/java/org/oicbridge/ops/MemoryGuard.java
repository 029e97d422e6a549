package org.oicbridge.ops;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when so much of the heap stays in use after collections that new work is to be refused,
 * before there is no memory left for anything. To be asked regularly, by one thread.
 */
public final class MemoryGuard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryGuard.class);

  /** One reading may be of a collection that came at a bad moment. */
  private static final int READINGS = 3;

  /**
   * Without work nothing is allocated and nothing collected, so the reading would stay as it is.
   */
  private static final int READINGS_UNTIL_COLLECTION = 10;

  private final double limit;
  private final DoubleSupplier usedShare;
  private final Runnable collection;
  private final Consumer<Boolean> listener;
  private final Gauge gauge;
  private int above;
  private volatile boolean overloaded;

  /**
   * A guard that has seen nothing.
   *
   * @param limit the share of the heap that may stay in use, over 0; from 1 on all may
   * @param usedShare what was in use after the last collection, 0 to 1
   * @param collection has the heap collected, without holding up the caller
   * @param listener is told when new work is to be refused, and when no more
   */
  public MemoryGuard(
      double limit, DoubleSupplier usedShare, Runnable collection, Consumer<Boolean> listener) {
    this.limit = limit;
    this.usedShare = usedShare;
    this.collection = collection;
    this.listener = listener;
    this.gauge =
        Gauge.builder("oicgw.overloaded", () -> overloaded ? 1 : 0)
            .strongReference(true)
            .register(Metrics.globalRegistry);
  }

  /**
   * What was in use of the fullest of the heap's lasting pools when it was collected last, as a
   * share of what it may have.
   */
  public static double heapAfterCollection() {
    double most = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      // Those that new objects go to are full now and then by design, and have no threshold.
      if (pool.getType() == MemoryType.HEAP && pool.isUsageThresholdSupported()) {
        MemoryUsage used = pool.getCollectionUsage();
        if (used != null) {
          long max = used.getMax() < 0 ? Runtime.getRuntime().maxMemory() : used.getMax();
          most = Math.max(most, (double) used.getUsed() / max);
        }
      }
    }
    return most;
  }

  /** Takes a reading. */
  public void look() {
    double share = usedShare.getAsDouble();
    above = limit < 1 && share > limit ? above + 1 : 0;
    boolean now = above >= READINGS;
    if (now && above % READINGS_UNTIL_COLLECTION == 0) {
      collection.run();
    }
    if (now == overloaded) {
      return;
    }
    overloaded = now;
    int percent = (int) Math.round(100 * share);
    if (now) {
      LOG.error("{} % of the heap stay in use: new requests are refused", percent);
    } else {
      LOG.warn("{} % of the heap are in use: new requests are taken again", percent);
    }
    listener.accept(now);
  }

  @Override
  public void close() {
    Metrics.globalRegistry.remove(gauge);
    gauge.close();
  }
}
