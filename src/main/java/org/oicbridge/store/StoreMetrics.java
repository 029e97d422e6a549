package org.oicbridge.store;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** What this package counts. */
final class StoreMetrics {
  private StoreMetrics() {}

  /** A change was kept or has failed; the time includes the wait for those before it. */
  static void write(String outcome, long nanos) {
    Timer.builder("oicgw.store.writes")
        .tag("outcome", outcome)
        .register(Metrics.globalRegistry)
        .record(Duration.ofNanos(nanos));
  }
}
