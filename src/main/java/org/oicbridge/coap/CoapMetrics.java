package org.oicbridge.coap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntSupplier;

/** What this package counts. */
final class CoapMetrics {
  private static final Counter RETRANSMISSIONS = Metrics.counter("oicgw.coap.retransmissions");

  private CoapMetrics() {}

  /**
   * A request for a device ended: {@code answered}, or the type of the problem that ended it. The
   * time includes the queue.
   */
  static void request(String outcome, long nanos) {
    Timer.builder("oicgw.coap.requests")
        .tag("outcome", outcome)
        .register(Metrics.globalRegistry)
        .record(Duration.ofNanos(nanos));
  }

  static void retransmission() {
    RETRANSMISSIONS.increment();
  }

  static void detection(Era era) {
    Metrics.counter("oicgw.coap.detections", "era", era.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  /** An answer to discovery was taken, or why it was not. */
  static void discoveryAnswer(String outcome) {
    Metrics.counter("oicgw.coap.discovery.answers", "outcome", outcome).increment();
  }

  /** Devices were found by a search, or left out. */
  static void discoveryDevices(String outcome, int count) {
    Metrics.counter("oicgw.coap.discovery.devices", "outcome", outcome).increment(count);
  }

  /** Shows a number of this shard until {@link #remove}. */
  static Gauge gauge(String name, int shard, IntSupplier value) {
    return Gauge.builder(name, value::getAsInt)
        .tag("shard", String.valueOf(shard))
        .strongReference(true)
        .register(Metrics.globalRegistry);
  }

  static void remove(Gauge gauge) {
    Metrics.globalRegistry.remove(gauge);
  }
}
