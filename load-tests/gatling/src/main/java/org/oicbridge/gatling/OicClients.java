package org.oicbridge.gatling;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.oicbridge.Shard;
import org.oicbridge.bus.Admission;
import org.oicbridge.bus.CloseSession;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceRequest;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.RemoteRequest;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.coap.CoapVerticle;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.GatewayConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Jid;
import org.oicbridge.ibb.BytestreamVerticle;
import org.oicbridge.xmpp.XmppVerticle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions and CoAP endpoints of all virtual users, in the gateway's own verticles. */
final class OicClients {
  private static final Logger LOG = LoggerFactory.getLogger(OicClients.class);
  private static final int SHARDS = Runtime.getRuntime().availableProcessors();
  private static final int LOGINS_AT_ONCE = 64;
  private static final int PROBES = 1;
  private static final int CLOSE_MILLIS = 5000;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(SHARDS));
  private final Map<Jid, Promise<Jid>> logins = new ConcurrentHashMap<>();
  private final OicProtocol protocol;

  private OicClients(OicProtocol protocol) {
    this.protocol = protocol;
  }

  /** Starts the verticles and waits for them. */
  static OicClients start(OicProtocol protocol) {
    OicClients clients = new OicClients(protocol);
    Contracts.register(clients.vertx);
    GatewayConfig config = GatewayConfig.parse(clients.configuration(), name -> null);
    AtomicInteger next = new AtomicInteger();
    clients
        .vertx
        .deployVerticle(
            () -> clients.shard(next.getAndIncrement(), config),
            new DeploymentOptions().setInstances(SHARDS))
        .await();
    return clients;
  }

  private String configuration() {
    // A load generator is not to be held back by what spares a server or a device.
    return "xmpp: {loginsPerSecond: 0%s}%ncoap: {host: 0.0.0.0, nstart: 64, queue: 10000}%n"
        .formatted(protocol.trust() == null ? "" : ", trust: \"" + protocol.trust() + "\"");
  }

  private Shard shard(int shard, GatewayConfig config) {
    // Virtual users ask and are not asked.
    Contracts.ADMISSION.serve(
        vertx.eventBus(), shard, query -> Future.succeededFuture(new Admission(false)));
    return new Shard(
        List.of(
            new CoapVerticle(shard, config.coap(), PROBES),
            new XmppVerticle(shard, config.xmpp(), LOGINS_AT_ONCE),
            new BytestreamVerticle(shard, config.ibb(), protocol.timeout()),
            new LoginWatch(shard)));
  }

  /** Hears of a session on the same event loop behind the bytestreams, so that they know it. */
  private final class LoginWatch extends VerticleBase {
    private final int shard;

    LoginWatch(int shard) {
      this.shard = shard;
    }

    @Override
    public Future<?> start() {
      return Contracts.SESSION
          .listen(vertx.eventBus(), shard, OicClients.this::sessionChanged)
          .completion();
    }
  }

  /** Logs in as an account with a resource of its own; gives the full JID. */
  Future<Jid> login(String bareJid, String password) {
    Jid account = Jid.parse(bareJid).bare();
    Jid user = account.withResource("OIC/1.0/" + protocol.deviceType() + "/" + UUID.randomUUID());
    AccountConfig config =
        new AccountConfig(
            account,
            password,
            protocol.host(),
            protocol.port(),
            protocol.tls(),
            List.of(),
            List.of());
    Promise<Jid> online = Promise.promise();
    logins.put(user, online);
    Deadline deadline = Deadline.in(protocol.timeout());
    return Contracts.OPEN_SESSION
        .request(
            vertx.eventBus(),
            shardOf(account),
            new OpenSession(config, user, SessionRole.GATEWAY),
            deadline)
        .compose(open -> online.future())
        .timeout(deadline.remainingMillis(), TimeUnit.MILLISECONDS)
        .onFailure(error -> forget(user))
        .onComplete(done -> logins.remove(user));
  }

  private void sessionChanged(SessionEvent event) {
    Promise<Jid> login = logins.get(event.jid());
    if (login != null) {
      switch (event.state()) {
        case ONLINE -> login.tryComplete(event.jid());
        case REFUSED, CLOSED -> login.tryFail(event.reason());
        case OFFLINE -> {
          // Another attempt is coming, and the login has its timeout.
        }
      }
    }
  }

  /** Logs a user out; done when the stream is closed. */
  Future<Void> logout(Jid user) {
    return Contracts.CLOSE_SESSION
        .request(
            vertx.eventBus(),
            shardOf(user),
            new CloseSession(user),
            Deadline.in(protocol.timeout()))
        .mapEmpty();
  }

  /** Logs a user out, if there still is one. */
  void forget(Jid user) {
    logout(user).otherwiseEmpty();
  }

  /** Asks a device over a bytestream between two full JIDs. */
  Future<CrudnResponse> ask(Jid user, Jid device, CrudnRequest request) {
    return Contracts.REMOTE
        .request(
            vertx.eventBus(),
            shardOf(user),
            new RemoteRequest(user, device, request),
            request.deadline())
        .otherwise(Contracts::failure);
  }

  /** Asks a device over CoAP; its path goes before that of the request. */
  Future<CrudnResponse> ask(URI device, CrudnRequest request) {
    HostedDevice hosted = new HostedDevice(request.target(), "oic.wk.d", "", device, null, 0);
    return Contracts.DEVICE
        .request(
            vertx.eventBus(),
            Math.floorMod(device.hashCode(), SHARDS),
            new DeviceRequest(hosted, request),
            request.deadline())
        .otherwise(Contracts::failure);
  }

  OicProtocol protocol() {
    return protocol;
  }

  void close() {
    try {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // What does not stop ends with the process.
      LOG.warn("the clients did not stop", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int shardOf(Jid jid) {
    return Contracts.shardOf(jid, SHARDS);
  }
}
