package org.oicbridge.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What orchestrators and monitoring ask. */
final class HealthRoutes {
  static final String LIVEZ = "/livez";
  static final String READYZ = "/readyz";
  private static final String METRICS = "/metrics";

  private final BooleanSupplier ready;
  private final Supplier<String> metrics;
  private Future<String> writing;

  HealthRoutes(BooleanSupplier ready, Supplier<String> metrics) {
    this.ready = ready;
    this.metrics = metrics;
  }

  void mount(Router router) {
    new Endpoint(LIVEZ).on(HttpMethod.GET, context -> send(context, "live")).mount(router, LIVEZ);
    new Endpoint(READYZ).on(HttpMethod.GET, this::readiness).mount(router, READYZ);
    new Endpoint(METRICS).on(HttpMethod.GET, this::scrape).mount(router, METRICS);
  }

  private void readiness(RoutingContext context) {
    if (!ready.getAsBoolean()) {
      context.response().putHeader("Retry-After", "1");
      throw new Refusal(503, "not-ready", "the gateway is starting or stopping");
    }
    send(context, "ready");
  }

  private static void send(RoutingContext context, String status) {
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end("{\"status\":\"" + status + "\"}");
  }

  private void scrape(RoutingContext context) {
    written(context.vertx())
        .onSuccess(
            text ->
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
                    .end(text))
        .onFailure(context::fail);
  }

  /** Whoever asks while the metrics are written out gets the same text, and takes no worker. */
  private Future<String> written(Vertx vertx) {
    if (writing != null) {
      return writing;
    }
    // Writing out a large registry takes longer than an event loop should be held up.
    Future<String> begun = vertx.executeBlocking(metrics::get, false);
    writing = begun;
    // A worker may be done already, and then this is called here and now.
    begun.onComplete(done -> writing = null);
    return begun;
  }
}
