package org.oicbridge.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** The event streams that one instance of the API has open, of a number for all instances. */
final class EventStreams {
  /** Shorter than what proxies usually bear without a byte. */
  static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final Vertx vertx;
  private final int limit;
  private final Duration patience;
  private final OpenStreams all;
  private final Set<Held> held = new HashSet<>();
  private final String instance = "http-" + UUID.randomUUID() + "-";
  private long named;
  private boolean stopped;

  /** How many streams the process has open. */
  private static final class OpenStreams implements Shareable {
    private final AtomicInteger count = new AtomicInteger();
  }

  /** A stream, or the place for one. */
  private static final class Held {
    private EventStream stream;
    private Runnable stop;
  }

  /**
   * Starts with none.
   *
   * @param limit how many streams the process may have
   * @param patience how long a reader may take nothing of what there is for it
   */
  EventStreams(Vertx vertx, int limit, Duration patience, Duration heartbeat) {
    this.vertx = vertx;
    this.limit = limit;
    this.patience = patience;
    LocalMap<String, OpenStreams> shared = vertx.sharedData().getLocalMap("http.event-streams");
    this.all = shared.computeIfAbsent("all", name -> open());
    vertx.setPeriodic(heartbeat.toMillis(), id -> List.copyOf(held).forEach(EventStreams::beat));
  }

  private static OpenStreams open() {
    OpenStreams streams = new OpenStreams();
    Gauge.builder("oicgw.observe.streams", streams.count, AtomicInteger::get)
        .strongReference(true)
        .register(Metrics.globalRegistry);
    return streams;
  }

  private static void beat(Held one) {
    if (one.stream != null) {
      one.stream.beat();
    }
  }

  /**
   * Takes a place, which is given back when the response has ended or its connection is gone.
   *
   * @param gone called once then
   * @throws Refusal when there is no place left
   */
  Place enter(RoutingContext context, Runnable gone) {
    if (stopped) {
      throw new Refusal(503, "stopping", "the gateway is not serving");
    }
    if (context.response().closed()) {
      // Whose end was told already would keep its place for ever; nobody reads this.
      throw new Refusal(400, "invalid-request", "the caller is gone");
    }
    if (all.count.incrementAndGet() > limit) {
      all.count.decrementAndGet();
      context.response().putHeader("Retry-After", "5");
      throw new Refusal(
          429, "too-many-subscribers", "there are " + limit + " event streams open already");
    }
    Held one = new Held();
    held.add(one);
    context.addEndHandler(
        end -> {
          held.remove(one);
          all.count.decrementAndGet();
          if (one.stream != null) {
            one.stream.closed();
          }
          gone.run();
        });
    return (stream, stop) -> {
      one.stream = stream;
      one.stop = stop;
      stream.open(patience);
      if (stopped) {
        stop.run();
      }
    };
  }

  /** The place of a stream. */
  interface Place {
    /**
     * Begins the stream.
     *
     * @param stop ends it when the gateway stops
     */
    void open(EventStream stream, Runnable stop);
  }

  /** A name that no other subscriber in the process has. */
  String name() {
    return instance + Long.toString(++named, 36);
  }

  Vertx vertx() {
    return vertx;
  }

  /** Ends all, so that their connections don't hold up the end of the server. */
  void stop() {
    stopped = true;
    for (Held one : List.copyOf(held)) {
      if (one.stop != null) {
        one.stop.run();
      }
    }
  }
}
