package org.oicbridge.bench;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.oicbridge.GatewayParts;
import org.oicbridge.bus.Admission;
import org.oicbridge.bus.Contracts;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.GatewayConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Status;
import org.oicbridge.ibb.BytestreamVerticle;
import org.oicbridge.xmpp.XmppVerticle;

/**
 * The gateway's own XMPP and bytestream verticles, a pair on each event loop as in the gateway,
 * with a router that lets everybody in and answers every request as the echo's device.
 */
final class GatewaySide {
  private final Vertx vertx = Vertx.vertx(GatewayParts.vertxOptions());
  private final List<Router> routers = new ArrayList<>();
  private final GatewayConfig config;
  private final boolean sessionsOnly;

  GatewaySide(Site site) {
    this(site, false);
  }

  private GatewaySide(Site site, boolean sessionsOnly) {
    this.sessionsOnly = sessionsOnly;
    this.config = GatewayConfig.parse(configuration(site), name -> null);
  }

  /** The same with the XMPP verticles alone. */
  static GatewaySide sessionsOnly(Site site) {
    return new GatewaySide(site, true);
  }

  private static String configuration(Site site) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("xmpp: {trust: \"").append(site.authority);
    yaml.append("\", loginsPerSecond: 0, streamManagement: false}\naccounts:\n");
    for (int account = 0; account < site.accounts; account++) {
      yaml.append(
          "  - {jid: %s@%s, password: %s, address: 127.0.0.1, port: %d, tls: %s}%n"
              .formatted(
                  Site.user(account),
                  Site.DOMAIN,
                  Site.PASSWORD,
                  site.port,
                  site.tls ? "starttls" : "none"));
    }
    return yaml.toString();
  }

  void start() throws InterruptedException {
    Contracts.register(vertx);
    int shards = GatewayParts.vertxOptions().getEventLoopPoolSize();
    for (int shard = 0; shard < shards; shard++) {
      Router router = new Router(shard);
      routers.add(router);
      XmppVerticle xmpp = new XmppVerticle(shard, config.xmpp(), config.xmpp().loginsAtOnce());
      List<Deployable> verticles =
          sessionsOnly
              ? List.of(xmpp, router)
              : List.of(
                  xmpp,
                  new BytestreamVerticle(shard, config.ibb(), config.routing().deadline()),
                  router);
      Wait.of(vertx.deployVerticle(GatewayParts.shard(verticles)), "shard " + shard);
    }
  }

  Vertx vertx() {
    return vertx;
  }

  AccountConfig account(int number) {
    return config.accounts().get(number);
  }

  int shards() {
    return routers.size();
  }

  int shardOf(AccountConfig account) {
    return Contracts.shardOf(account.jid(), routers.size());
  }

  /** Where the verticles of a shard run. */
  Context context(int shard) {
    return routers.get(shard).where();
  }

  /** Runs something where the verticles of a shard run. */
  void on(int shard, Runnable task) {
    routers.get(shard).run(task);
  }

  private static final class Router extends VerticleBase {
    private final int shard;

    Router(int shard) {
      this.shard = shard;
    }

    Context where() {
      return context;
    }

    void run(Runnable task) {
      context.runOnContext(nothing -> task.run());
    }

    @Override
    public Future<?> start() {
      Contracts.ADMISSION.serve(
          vertx.eventBus(), shard, query -> Future.succeededFuture(new Admission(true)));
      Contracts.CRUDN.serve(
          vertx.eventBus(),
          shard,
          request ->
              Future.succeededFuture(
                  CrudnResponse.answered(
                      Status.OK, Headers.NONE, EchoWork.answer(request.body()))));
      return Future.succeededFuture();
    }
  }
}
