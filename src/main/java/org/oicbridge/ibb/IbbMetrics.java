package org.oicbridge.ibb;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.oicbridge.bus.Ibb;
import org.oicbridge.crudn.CrudnResponse;

/** The counters of one shard's bytestreams. */
final class IbbMetrics {
  private final Counter blocksIn = count("oicgw.ibb.blocks", "in");
  private final Counter blocksOut = count("oicgw.ibb.blocks", "out");
  private final Counter bytesIn = count("oicgw.ibb.bytes", "in");
  private final Counter bytesOut = count("oicgw.ibb.bytes", "out");
  private final Counter messagesIn = count("oicgw.ibb.messages", "in");
  private final Counter messagesOut = count("oicgw.ibb.messages", "out");
  private final Map<Role, AtomicInteger> streams = new EnumMap<>(Role.class);
  private final Map<Role, Map<String, Counter>> requests = new EnumMap<>(Role.class);
  private final List<Gauge> gauges = new ArrayList<>();

  IbbMetrics(int shard) {
    for (Role role : Role.values()) {
      AtomicInteger open = new AtomicInteger();
      streams.put(role, open);
      requests.put(role, new HashMap<>());
      gauges.add(
          Gauge.builder("oicgw.ibb.streams", open, AtomicInteger::get)
              .tag("role", role.tag())
              .tag("shard", String.valueOf(shard))
              .strongReference(true)
              .register(Metrics.globalRegistry));
    }
  }

  private static Counter count(String name, String direction) {
    return Metrics.counter(name, "direction", direction);
  }

  /** Takes back what shows the state of this shard, so that its successor can show its own. */
  void close() {
    gauges.forEach(Metrics.globalRegistry::remove);
  }

  void streamRegistered(Role role) {
    streams.get(role).incrementAndGet();
  }

  void streamEnded(Role role, Ending.Cause cause) {
    streams.get(role).decrementAndGet();
    String reason = cause.name().toLowerCase(Locale.ROOT);
    Metrics.counter("oicgw.ibb.ended", "role", role.tag(), "cause", reason).increment();
  }

  void blockReceived(int bytes) {
    blocksIn.increment();
    bytesIn.increment(bytes);
  }

  void blockSent(Chunker.Block block) {
    blocksOut.increment();
    bytesOut.increment(block.size());
    if (block.last()) {
      messagesOut.increment();
    }
  }

  void messageReceived() {
    messagesIn.increment();
  }

  void refused(String direction, Ibb.Condition condition) {
    Metrics.counter("oicgw.ibb.refusals", "direction", direction, "condition", condition.element())
        .increment();
  }

  /** A message that answers nothing: it came late, or was never asked for. */
  void unmatched(Role role) {
    Metrics.counter("oicgw.ibb.unmatched", "role", role.tag()).increment();
  }

  /** How a request ended: the type of our own problem, else the status. */
  void request(Role role, CrudnResponse response) {
    String outcome =
        response.problem() == null
            ? String.valueOf(response.status().code())
            : response.problem().type();
    // Looking one up among all meters takes longer than what it counts.
    requests
        .get(role)
        .computeIfAbsent(
            outcome,
            tag -> Metrics.counter("oicgw.ibb.requests", "role", role.tag(), "outcome", tag))
        .increment();
  }
}
