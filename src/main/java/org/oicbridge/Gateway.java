package org.oicbridge;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.HostAccount;
import org.oicbridge.coap.CoapVerticle;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.GatewayConfig;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.http.HttpVerticle;
import org.oicbridge.ibb.BytestreamVerticle;
import org.oicbridge.ops.MetricsRegistry;
import org.oicbridge.routing.RouterVerticle;
import org.oicbridge.store.IdentityFile;
import org.oicbridge.xmpp.XmppVerticle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running gateway: starts its parts in order and stops them in reverse. */
final class Gateway {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final Duration HOST_TIMEOUT = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final GatewayConfig config;
  private final int shards;
  private final MetricsRegistry metrics = new MetricsRegistry();
  private int httpPort;

  private Gateway(Vertx vertx, GatewayConfig config, int shards) {
    this.vertx = vertx;
    this.config = config;
    this.shards = shards;
  }

  /** The options of a Vert.x instance that has an event loop for each core, which is a shard. */
  static VertxOptions vertxOptions() {
    return new VertxOptions()
        .setEventLoopPoolSize(shardCount())
        .setPreferNativeTransport(true)
        .setWorkerPoolSize(4);
  }

  private static int shardCount() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Starts everything; done when the HTTP API serves, which waits for no XMPP server. */
  static Future<Gateway> start(Vertx vertx, GatewayConfig config) {
    Contracts.register(vertx);
    Gateway gateway = new Gateway(vertx, config, shardCount());
    return vertx
        .executeBlocking(
            () ->
                new IdentityFile(config.dataDir())
                    .of(config.accounts().stream().map(AccountConfig::jid).toList()))
        .compose(
            ids ->
                gateway
                    .deployShards()
                    .compose(deployed -> gateway.deployHttp())
                    .compose(deployed -> gateway.hostAccounts(ids)))
        .map(hosted -> gateway)
        .onFailure(error -> LOG.error("start failed", error));
  }

  /** The port that the HTTP API listens on. */
  int httpPort() {
    return httpPort;
  }

  int shards() {
    return shards;
  }

  private Future<String> deployShards() {
    AtomicInteger next = new AtomicInteger();
    int logins = Math.max(1, config.xmpp().loginsAtOnce() / shards);
    return vertx.deployVerticle(
        () -> shard(next.getAndIncrement(), logins), new DeploymentOptions().setInstances(shards));
  }

  private Shard shard(int shard, int logins) {
    return new Shard(
        List.of(
            new CoapVerticle(shard, config.coap()),
            new XmppVerticle(shard, config.xmpp(), logins),
            new BytestreamVerticle(shard, config.ibb(), config.routing().deadline()),
            new RouterVerticle(shard, config.routing())));
  }
