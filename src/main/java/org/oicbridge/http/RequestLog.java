package org.oicbridge.http;

import io.micrometer.core.instrument.Metrics;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts, times and logs every request, and gives every response its protective headers. */
final class RequestLog implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
  private static final String ROUTE = "route";
  private static final String STARTED = "started";
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT");

  /** Remembers which template a request matched. */
  static void route(RoutingContext context, String template) {
    context.put(ROUTE, template);
  }

  /** The template that a request matched, or {@code none}; never the path, which is unbounded. */
  static String route(RoutingContext context) {
    return context.get(ROUTE, "none");
  }

  @Override
  public void handle(RoutingContext context) {
    begin(context);
    context.next();
  }

  /** Begins to observe a request, unless that was done before. */
  static void begin(RoutingContext context) {
    if (context.get(STARTED) != null) {
      return;
    }
    long started = System.nanoTime();
    context.put(STARTED, started);
    context
        .response()
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    context.addEndHandler(end -> ended(context, System.nanoTime() - started, end.succeeded()));
  }

  private static void ended(RoutingContext context, long nanos, boolean sent) {
    String method = context.request().method().name();
    int status = context.response().getStatusCode();
    Metrics.timer(
            "oicgw.http.requests",
            "method",
            METHODS.contains(method) ? method : "other",
            ROUTE,
            route(context),
            "status",
            sent ? status / 100 + "xx" : "aborted")
        .record(nanos, TimeUnit.NANOSECONDS);
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          "{} {} {} {} in {} µs",
          context.request().remoteAddress(),
          method,
          String.valueOf(context.request().uri()).replaceAll("[^!-~]", "?"),
          sent ? status : "aborted",
          nanos / 1000);
    }
  }
}
