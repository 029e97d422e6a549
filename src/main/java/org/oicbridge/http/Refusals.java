package org.oicbridge.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Refuses with a moment's delay who asks for too much. A caller that repeats at once what was
 * refused gets its answer as fast as it asks, and the event loop does nothing else; its connection
 * has one answer at a time, so the delay is what it has to keep to. A caller that heeds {@code
 * Retry-After} waits longer anyway.
 */
final class Refusals implements Handler<RoutingContext> {
  /** Of one instance of the API; more are answered at once, so that they cost no memory. */
  static final int MOST = 256;

  /**
   * The least delay. It is up to twice as long, so that callers refused together do not stay so.
   */
  static final long DELAY_MILLIS = 250;

  private static final String KEY = "refusals";
  private static final Counter DELAYED = Metrics.counter("oicgw.http.delayed");

  private final Vertx vertx;
  private int waiting;

  Refusals(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public void handle(RoutingContext context) {
    context.put(KEY, this);
    context.next();
  }

  /** The one that a request has come by. */
  static Refusals of(RoutingContext context) {
    return context.get(KEY);
  }

  /** Answers in a moment, or now when too many wait already. */
  void later(Runnable answer) {
    if (waiting >= MOST) {
      answer.run();
      return;
    }
    waiting++;
    DELAYED.increment();
    vertx.setTimer(
        DELAY_MILLIS + ThreadLocalRandom.current().nextLong(DELAY_MILLIS),
        id -> {
          waiting--;
          answer.run();
        });
  }
}
