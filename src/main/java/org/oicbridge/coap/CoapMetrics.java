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

  /** A notification of a device was taken, or why it was not. */
  static void notification(String outcome) {
    Metrics.counter("oicgw.observe.notifications", "outcome", outcome).increment();
  }

  /** A hosted device was probed: {@code answered} or {@code unanswered}. */
  static void probe(String outcome) {
    Metrics.counter("oicgw.coap.probes", "outcome", outcome).increment();
  }

  /** A registration was repeated. */
  static void renewal() {
    Metrics.counter("oicgw.observe.renewals").increment();
  }

  /**
   * A request for the gateway itself ended: the class of its answer such as {@code 2.xx}, {@code
   * echo}, {@code silent}, or {@code dropped} unread.
   */
  static void served(String outcome) {
    Metrics.counter("oicgw.coap.server.requests", "outcome", outcome).increment();
  }

  /** A notification was sent to a client, or what became of it. */
  static void told(String outcome) {
    Metrics.counter("oicgw.coap.server.notifications", "outcome", outcome).increment();
  }

  static void handshake(String outcome) {
    Metrics.counter("oicgw.coap.server.handshakes", "outcome", outcome).increment();
  }

  /** Shows a number of the process until {@link #remove}. */
  static Gauge gauge(String name, IntSupplier value) {
    return Gauge.builder(name, value::getAsInt)
        .strongReference(true)
        .register(Metrics.globalRegistry);
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
