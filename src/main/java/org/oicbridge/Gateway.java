package org.oicbridge;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.LoadEvent;
import org.oicbridge.bus.OwnEndpoints;
import org.oicbridge.coap.CoapServerVerticle;
import org.oicbridge.coap.CoapVerticle;
import org.oicbridge.coap.DiscoveryVerticle;
import org.oicbridge.config.DiscoveryConfig;
import org.oicbridge.config.GatewayConfig;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.hosting.HostingVerticle;
import org.oicbridge.http.EventsVerticle;
import org.oicbridge.http.HttpVerticle;
import org.oicbridge.ibb.BytestreamVerticle;
import org.oicbridge.oic.OicVerticle;
import org.oicbridge.ops.LoopDelayVerticle;
import org.oicbridge.ops.MemoryGuard;
import org.oicbridge.ops.MetricsRegistry;
import org.oicbridge.routing.RouterVerticle;
import org.oicbridge.store.Registries;
import org.oicbridge.store.Registry;
import org.oicbridge.xmpp.XmppVerticle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running gateway: starts its parts in order and stops them in reverse. */
final class Gateway {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final int WORKERS = 4;
  private static final long READING_MILLIS = 1000;

  private final Vertx vertx;
  private final GatewayConfig config;
  private final int shards;
  private final MetricsRegistry metrics = new MetricsRegistry();
  private final AtomicBoolean ready = new AtomicBoolean();
  private final List<String> deployments = new ArrayList<>();
  private final Promise<Integer> httpPort = Promise.promise();
  private final Promise<OwnEndpoints> endpoints = Promise.promise();
  private final MemoryGuard memory;
  private long readings = -1;
  private Registry registry;

  Gateway(Vertx vertx, GatewayConfig config) {
    this.vertx = vertx;
    this.config = config;
    this.shards = shardCount();
    this.memory =
        new MemoryGuard(
            config.routing().heapLimit() / 100.0,
            MemoryGuard::heapAfterCollection,
            this::collectGarbage,
            this::tellLoad);
  }

  /** The options of a Vert.x instance that has an event loop for each core, which is a shard. */
  static VertxOptions vertxOptions() {
    return new VertxOptions()
        .setEventLoopPoolSize(shardCount())
        .setWorkerPoolSize(WORKERS)
        .setPreferNativeTransport(true);
  }

  private static int shardCount() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Starts everything; done when the HTTP API serves, which waits for no XMPP server. */
  Future<Void> start() {
    Contracts.register(vertx);
    return Registries.open(vertx, config.store(), config.dataDir())
        .onSuccess(opened -> registry = opened)
        // Before anything that happens, so that it misses nothing.
        .compose(opened -> deploy(new EventsVerticle(shards)))
        .compose(deployed -> deployShards())
        .compose(deployed -> deployOwnDevice())
        .compose(deployed -> deploy(new HostingVerticle(config, shards, registry)))
        .compose(deployed -> deploy(coapServer()))
        .compose(deployed -> deployDiscovery())
        .compose(deployed -> deployHttp())
        .onSuccess(done -> ready.set(true))
        .onSuccess(done -> readings = vertx.setPeriodic(READING_MILLIS, id -> memory.look()))
        .onSuccess(done -> LOG.info("serving on {}", url()));
  }

  /** Stops everything, the last started first; sessions say goodbye to their servers. */
  Future<Void> stop() {
    ready.set(false);
    vertx.cancelTimer(readings);
    memory.close();
    Future<Void> done = Future.succeededFuture();
    for (int i = deployments.size() - 1; i >= 0; i--) {
      String deployment = deployments.get(i);
      done = done.eventually(() -> vertx.undeploy(deployment));
    }
    deployments.clear();
    return done.eventually(() -> registry == null ? Future.succeededFuture() : registry.close())
        .eventually(
            () -> {
              metrics.close();
              return Future.succeededFuture();
            });
  }

  /** How many shards the accounts are spread over. */
  int shards() {
    return shards;
  }

  /** Where the HTTP API is, once the gateway has started. */
  String url() {
    String scheme = config.http().certificate() == null ? "http" : "https";
    String host = config.http().host();
    return scheme
        + "://"
        + (host.indexOf(':') < 0 ? host : "[" + host + "]")
        + ":"
        + httpPort.future().result();
  }

  /** Where CoAP is served, {@link OwnEndpoints#NONE} until it is. */
  OwnEndpoints endpoints() {
    return endpoints.future().succeeded() ? endpoints.future().result() : OwnEndpoints.NONE;
  }

  /** The gateway's own identifier, once it has started. */
  DeviceId id() {
    return registry.gatewayId();
  }

  private void tellLoad(boolean overloaded) {
    for (int shard = 0; shard < shards; shard++) {
      Contracts.LOAD.publish(vertx.eventBus(), shard, new LoadEvent(overloaded));
    }
  }

  private void collectGarbage() {
    vertx.executeBlocking(
        () -> {
          System.gc();
          return null;
        });
  }

  private Future<Void> deployShards() {
    AtomicInteger next = new AtomicInteger();
    int logins = Math.max(1, config.xmpp().loginsAtOnce() / shards);
    return vertx
        .deployVerticle(
            () -> shard(next.getAndIncrement(), logins),
            new DeploymentOptions().setInstances(shards))
        .map(deployments::add)
        .mapEmpty();
  }

  private Future<Void> deployOwnDevice() {
    return deploy(
        new OicVerticle(
            config.oic(), config.coap().server(), registry.gatewayId(), this::endpoints, shards));
  }

  private CoapServerVerticle coapServer() {
    return new CoapServerVerticle(
        config.coap(),
        registry.gatewayId(),
        config.routing().deadline(),
        endpoints,
        config.dataDir().resolve("oscore.sequence"));
  }

  private Future<Void> deployDiscovery() {
    DiscoveryConfig discovery = config.discovery();
    return discovery.interfaces().isEmpty() && discovery.unicast().isEmpty()
        ? Future.succeededFuture()
        : deploy(new DiscoveryVerticle(config.coap(), discovery));
  }

  private Future<Void> deploy(Deployable verticle) {
    return vertx.deployVerticle(verticle).map(deployments::add).mapEmpty();
  }

  private Future<Void> deployHttp() {
    return vertx
        .deployVerticle(
            () ->
                new HttpVerticle(
                    config.http(),
                    config.routing().deadline(),
                    shards,
                    metrics::scrape,
                    ready::get,
                    httpPort),
            new DeploymentOptions().setInstances(shards))
        .map(deployments::add)
        .mapEmpty();
  }

  private Shard shard(int shard, int logins) {
    int probes = config.coap().probe().perSecond();
    return new Shard(
        List.of(
            new LoopDelayVerticle(shard),
            new CoapVerticle(shard, config.coap(), Math.max(1, probes / shards)),
            new XmppVerticle(shard, config.xmpp(), logins),
            new BytestreamVerticle(shard, config.ibb(), config.routing().deadline()),
            new RouterVerticle(shard, config.routing(), config.oic().deviceType())));
  }
}
