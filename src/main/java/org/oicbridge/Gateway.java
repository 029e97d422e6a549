package org.oicbridge;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.HostAccount;
import org.oicbridge.bus.HostDevices;
import org.oicbridge.bus.HostedDevice;
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
  private static final int WORKERS = 4;
  private static final Duration HOST_TIMEOUT = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final GatewayConfig config;
  private final int shards;
  private final MetricsRegistry metrics = new MetricsRegistry();
  private final AtomicBoolean ready = new AtomicBoolean();
  private final List<String> deployments = new ArrayList<>();
  private final Promise<Integer> httpPort = Promise.promise();

  Gateway(Vertx vertx, GatewayConfig config) {
    this.vertx = vertx;
    this.config = config;
    this.shards = shardCount();
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
    return vertx
        .executeBlocking(this::clientIds)
        .compose(
            ids ->
                deployShards()
                    .compose(deployed -> hostAccounts(ids))
                    .compose(hosted -> deployHttp()))
        .onSuccess(done -> ready.set(true))
        .onSuccess(done -> LOG.info("serving {} accounts on {}", config.accounts().size(), url()));
  }

  /** Stops everything, the last started first; sessions say goodbye to their servers. */
  Future<Void> stop() {
    ready.set(false);
    Future<Void> done = Future.succeededFuture();
    for (int i = deployments.size() - 1; i >= 0; i--) {
      String deployment = deployments.get(i);
      done = done.eventually(() -> vertx.undeploy(deployment));
    }
    deployments.clear();
    return done.eventually(
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

  private Map<Jid, DeviceId> clientIds() throws IOException {
    return new IdentityFile(config.dataDir())
        .of(config.accounts().stream().map(AccountConfig::jid).toList());
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
    return new Shard(
        List.of(
            new CoapVerticle(shard, config.coap()),
            new XmppVerticle(shard, config.xmpp(), logins),
            new BytestreamVerticle(shard, config.ibb(), config.routing().deadline()),
            new RouterVerticle(shard, config.routing(), config.oic().deviceType())));
  }

  private Future<Void> hostAccounts(Map<Jid, DeviceId> ids) {
    return Future.all(
            config.accounts().stream()
                .map(account -> new HostAccount(account, ids.get(account.jid())))
                .map(this::host)
                .toList())
        .mapEmpty();
  }

  private Future<Done> host(HostAccount host) {
    int shard = Contracts.shardOf(host.account().jid(), shards);
    HostDevices devices =
        new HostDevices(
            host.account().jid(), host.account().devices().stream().map(HostedDevice::of).toList());
    return Contracts.HOST_ACCOUNT
        .request(vertx.eventBus(), shard, host, Deadline.in(HOST_TIMEOUT))
        .compose(
            hosted ->
                Contracts.HOST_DEVICES.request(
                    vertx.eventBus(), shard, devices, Deadline.in(HOST_TIMEOUT)));
  }
}
