package org.oicbridge.xmpp;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SSLEngineOptions;
import java.util.concurrent.ThreadLocalRandom;
import org.oicbridge.bus.Contracts;
import org.oicbridge.config.XmppConfig;

/**
 * The XMPP sessions of one shard: opens and keeps them, hands over what arrives for bytestreams and
 * about peers, and sends what bytestreams have to say.
 */
public final class XmppVerticle extends VerticleBase {
  private final int number;
  private final XmppConfig config;
  private final int loginsAtOnce;
  private SSLEngineOptions engine;
  private NetClient client;
  private SessionMetrics metrics;
  private Sessions sessions;

  /**
   * A verticle that is not deployed yet.
   *
   * @param shard the shard that it serves, from 0
   * @param loginsAtOnce how many of its sessions negotiate at the same time, at least 1: its share
   *     of what the configuration has for the process
   */
  public XmppVerticle(int shard, XmppConfig config, int loginsAtOnce) {
    this.number = shard;
    this.config = config;
    this.loginsAtOnce = loginsAtOnce;
  }

  @Override
  public Future<?> start() {
    return vertx
        .executeBlocking(
            () -> {
              engine = TlsEngines.of(config.tlsEngine());
              return ServerTls.load(config.trust(), config.negotiationTimeout().toMillis());
            })
        .onSuccess(this::serve);
  }

  @Override
  public Future<?> stop() {
    return sessions == null
        ? Future.succeededFuture()
        : sessions.closeAll().eventually(client::close).onComplete(done -> metrics.close());
  }

  private void serve(ServerTls tls) {
    client =
        vertx.createNetClient(
            new NetClientOptions()
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setSslEngineOptions(engine));
    metrics = new SessionMetrics(number);
    DnsClient dns = vertx.createDnsClient();
    Targets targets = new Targets(dns::resolveSRV, ThreadLocalRandom.current());
    int timeout = Math.toIntExact(config.connectTimeout().toMillis());
    sessions =
        new Sessions(
            new ShardContext(
                number,
                vertx,
                new TimerWheel(vertx),
                config,
                metrics,
                new LoginGate(loginsAtOnce),
                new Outages(),
                new Connector(client, targets, tls, timeout),
                tls,
                new CapsCache()));
    EventBus bus = vertx.eventBus();
    Contracts.OPEN_SESSION.serve(bus, number, sessions::open);
    Contracts.TRY_LOGIN.serve(bus, number, sessions::attempt);
    Contracts.CLOSE_SESSION.serve(bus, number, close -> sessions.close(close.jid()));
    Contracts.SHOW_SESSION.listen(bus, number, sessions::show);
    Contracts.IBB_OUT.listen(bus, number, sessions::send);
  }
}
