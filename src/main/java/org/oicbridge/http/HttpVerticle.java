package org.oicbridge.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.oicbridge.config.HttpConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP API. Deploy as many instances as there are event loops in one deployment; they share the
 * port.
 */
public final class HttpVerticle extends VerticleBase {
  /** Shorter than what a process manager waits, so that the sessions can still say goodbye. */
  private static final long MAX_DRAIN_MILLIS = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(HttpVerticle.class);

  private final HttpConfig config;
  private final Duration defaultDeadline;
  private final int shards;
  private final Supplier<String> metrics;
  private final BooleanSupplier ready;
  private final Promise<Integer> port;
  private final Duration heartbeat;
  private HttpServer server;
  private EventStreams streams;

  /**
   * Makes an instance.
   *
   * @param config the address, the guards and the limits
   * @param defaultDeadline for a request without {@code Prefer: wait=}, 1 s to 300 s
   * @param shards how many shards the accounts are spread over
   * @param metrics all metrics in the text format of Prometheus; called on a worker thread
   * @param ready whether the gateway takes requests; must not wait for anything
   * @param port completed with the port that is listened on, shared by all instances
   */
  public HttpVerticle(
      HttpConfig config,
      Duration defaultDeadline,
      int shards,
      Supplier<String> metrics,
      BooleanSupplier ready,
      Promise<Integer> port) {
    this(config, defaultDeadline, shards, metrics, ready, port, EventStreams.HEARTBEAT);
  }

  HttpVerticle(
      HttpConfig config,
      Duration defaultDeadline,
      int shards,
      Supplier<String> metrics,
      BooleanSupplier ready,
      Promise<Integer> port,
      Duration heartbeat) {
    this.config = config;
    this.defaultDeadline = defaultDeadline;
    this.shards = shards;
    this.metrics = metrics;
    this.ready = ready;
    this.port = port;
    this.heartbeat = heartbeat;
  }

  @Override
  public Future<?> start() {
    server =
        vertx
            .createHttpServer(ServerOptions.of(config))
            .requestHandler(router(vertx))
            .invalidRequestHandler(Problems::refuseInvalid);
    // A free port of its own for each instance is what 0 means to Vert.x; the instances of one
    // deployment share a free port when the number is negative.
    return server
        .listen(config.port() == 0 ? -1 : config.port(), config.host())
        .onSuccess(listening -> announce(listening.actualPort()));
  }

  private void announce(int actualPort) {
    if (port.tryComplete(actualPort)) {
      LOG.info(
          "the HTTP API listens on {} port {}, {} TLS, {} token",
          config.host(),
          actualPort,
          config.certificate() == null ? "without" : "with",
          config.token() == null ? "without" : "with");
    }
  }

  /** All of the API, with its guards. */
  Router router(Vertx vertx) {
    EventBus bus = vertx.eventBus();
    Router router = Router.router(vertx);
    router.route().handler(new RequestLog()).failureHandler(new Problems());
    router.route().handler(new Refusals(vertx));
    router.route().handler(new TargetGuard());
    router.route().handler(new HostGuard(config));
    if (config.token() != null) {
      router.route().handler(new TokenGuard(config.token()));
    }
    streams = new EventStreams(vertx, config.subscribers(), config.stallTimeout(), heartbeat);
    DeviceFinder finder = new DeviceFinder(bus, shards);
    WriteBody bodies = new WriteBody(config.maxBody());
    new HealthRoutes(ready, metrics).mount(router);
    new OpenApiRoute().mount(router);
    router.route().handler(new LoadGuard(vertx, config.requestsAtOnce()));
    new AccountsRoutes(bus, defaultDeadline, config.token() != null, bodies).mount(router);
    new DevicesRoutes(
            finder,
            defaultDeadline,
            new DeviceWrites(bus, finder, defaultDeadline),
            new DeviceImport(bus, defaultDeadline, DeviceImport.IDLE),
            bodies)
        .mount(router);
    new ResourcesRoutes(bus, shards, finder, defaultDeadline, bodies, streams).mount(router);
    new EventsRoutes(streams).mount(router);
    router
        .route()
        .handler(
            context -> {
              throw new Refusal(404, "route-unknown", "there is nothing at this path");
            });
    return router;
  }

  /** Takes no new requests and waits for those that are being answered. */
  @Override
  public Future<?> stop() {
    if (streams != null) {
      streams.stop();
    }
    return server == null
        ? Future.succeededFuture()
        : server.shutdown(
            Math.min(defaultDeadline.toMillis(), MAX_DRAIN_MILLIS), TimeUnit.MILLISECONDS);
  }
}
