package org.oicbridge.coap;

import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.oicbridge.config.CoapConfig;

/**
 * What is known of devices, by endpoint. It is a memory only: a device that was forgotten costs one
 * more discovery when it is used again.
 */
final class Devices {
  static final int LIMIT = 20_000;
  static final Duration IDLE = Duration.ofMinutes(10);

  private final Vertx vertx;
  private final Exchanges exchanges;
  private final CoapConfig config;
  private final AtomicInteger queued = new AtomicInteger();
  // Least recently used first.
  private final Map<URI, Device> byEndpoint = new LinkedHashMap<>(16, 0.75f, true);

  Devices(Vertx vertx, Exchanges exchanges, CoapConfig config) {
    this.vertx = vertx;
    this.exchanges = exchanges;
    this.config = config;
  }

  Device at(URI endpoint) {
    Device device =
        byEndpoint.computeIfAbsent(
            endpoint, at -> new Device(vertx, exchanges, config, queued, at));
    if (byEndpoint.size() > LIMIT) {
      dropEldestIdle(device);
    }
    return device;
  }

  private void dropEldestIdle(Device except) {
    for (Iterator<Device> all = byEndpoint.values().iterator(); all.hasNext(); ) {
      Device device = all.next();
      if (device != except && device.idleSince(System.nanoTime())) {
        all.remove();
        return;
      }
    }
  }

  /** Forgets those that nobody used for a while. */
  void dropIdle(Duration idle) {
    long since = System.nanoTime() - idle.toNanos();
    byEndpoint.values().removeIf(device -> device.idleSince(since));
  }

  int size() {
    return byEndpoint.size();
  }

  /** How many requests wait for their device; any thread may ask. */
  int queued() {
    return queued.get();
  }
}
