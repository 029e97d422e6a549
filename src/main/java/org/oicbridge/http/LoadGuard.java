package org.oicbridge.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Metrics;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicInteger;
import org.oicbridge.bus.Contracts;

/**
 * Refuses what is more than the process can have under way, before it takes a body: requests over a
 * number for all instances of the API, and every one while memory is short.
 */
final class LoadGuard implements Handler<RoutingContext> {
  private final int limit;
  private final UnderWay all;
  private boolean overloaded;

  /** How many requests the process has under way. */
  private static final class UnderWay implements Shareable {
    private final AtomicInteger count = new AtomicInteger();
  }

  /**
   * Starts with none.
   *
   * @param limit how many requests the process may have under way
   */
  LoadGuard(Vertx vertx, int limit) {
    this.limit = limit;
    LocalMap<String, UnderWay> shared = vertx.sharedData().getLocalMap("http.under-way");
    this.all = shared.computeIfAbsent("all", name -> underWay());
    Contracts.LOAD.listen(vertx.eventBus(), Contracts.HOME, load -> overloaded = load.overloaded());
  }

  private static UnderWay underWay() {
    UnderWay underWay = new UnderWay();
    Gauge.builder("oicgw.http.in.flight", underWay.count, AtomicInteger::get)
        .strongReference(true)
        .register(Metrics.globalRegistry);
    return underWay;
  }

  @Override
  public void handle(RoutingContext context) {
    if (overloaded) {
      throw refused(context, "5", "the gateway is short of memory");
    }
    if (!lasting(context.request())) {
      if (all.count.incrementAndGet() > limit) {
        all.count.decrementAndGet();
        throw refused(context, "1", limit + " requests are under way already");
      }
      context.addEndHandler(end -> all.count.decrementAndGet());
    }
    context.next();
  }

  /** Event streams have a limit of their own. */
  private static boolean lasting(HttpServerRequest request) {
    return request.method().equals(HttpMethod.GET) && Accept.prefersEvents(request.headers());
  }

  private static Refusal refused(RoutingContext context, String retryAfter, String detail) {
    context.response().putHeader(HttpHeaders.RETRY_AFTER, retryAfter);
    return new Refusal(503, "overloaded", detail);
  }
}
