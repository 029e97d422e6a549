package org.oicbridge.routing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What is counted of one shard's observations. */
final class ObserveMetrics {
  private final AtomicInteger upstream = new AtomicInteger();
  private final AtomicInteger subscriptions = new AtomicInteger();
  private final Counter received = Metrics.counter("oicgw.observe.received");
  private final Counter told = Metrics.counter("oicgw.observe.told");
  private final Counter lost = Metrics.counter("oicgw.observe.lost");
  private final List<Gauge> gauges;

  ObserveMetrics(int shard) {
    gauges =
        List.of(
            gauge("oicgw.observe.upstream", shard, upstream),
            gauge("oicgw.observe.subscriptions", shard, subscriptions));
  }

  private static Gauge gauge(String name, int shard, AtomicInteger value) {
    return Gauge.builder(name, value, AtomicInteger::get)
        .tag("shard", String.valueOf(shard))
        .strongReference(true)
        .register(Metrics.globalRegistry);
  }

  void upstream(int change) {
    upstream.addAndGet(change);
  }

  void subscriptions(int change) {
    subscriptions.addAndGet(change);
  }

  void received() {
    received.increment();
  }

  void told(int subscribers) {
    told.increment(subscribers);
  }

  void lost() {
    lost.increment();
  }

  /** Takes back what shows the state of this shard. */
  void close() {
    gauges.forEach(Metrics.globalRegistry::remove);
  }
}
