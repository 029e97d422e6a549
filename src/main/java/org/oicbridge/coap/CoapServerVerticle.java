package org.oicbridge.coap;

import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.OwnChange;
import org.oicbridge.bus.OwnEndpoints;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.config.CoapServerConfig;
import org.oicbridge.config.IdentityConfig;
import org.oicbridge.crudn.DeviceId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway as a CoAP server: turns the requests of clients into {@link Contracts#OWN_DEVICE}.
 * One in a process, at {@link Contracts#HOME}; without a port it does nothing.
 */
public final class CoapServerVerticle extends VerticleBase {
  /** DEFAULT_LEISURE of RFC 7252 section 4.8. */
  static final Duration LEISURE = Duration.ofSeconds(5);

  /**
   * What a test has otherwise.
   *
   * @param leisure for how many milliseconds to put off an answer to a group
   * @param groupPort of the multicast groups
   * @param clock milliseconds since 1970
   * @param sequenceFile where {@link OscoreSequence} stores how far it is, or null
   * @param silence after which an observer has to confirm its interest
   */
  record Surroundings(
      LongSupplier leisure,
      int groupPort,
      LongSupplier clock,
      Path sequenceFile,
      Duration silence) {
    static Surroundings real(Path sequenceFile) {
      return new Surroundings(
          () -> ThreadLocalRandom.current().nextLong(LEISURE.toMillis()),
          DeviceAddress.DEFAULT_PORT,
          System::currentTimeMillis,
          sequenceFile,
          SILENCE);
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(CoapServerVerticle.class);
  private static final long REFRESH_MILLIS = 60_000;

  /** Looked for as often, so that no observer is silent for 24 hours (RFC 7641 section 4.5). */
  private static final Duration SILENCE = Duration.ofHours(11);

  private final CoapConfig config;
  private final CoapServerConfig server;
  private final DeviceId gatewayId;
  private final Duration deadline;
  private final Promise<OwnEndpoints> endpoints;
  private final Surroundings surroundings;
  private final LocalNetworks networks;
  private final List<CoapEndpoint> started = new ArrayList<>();
  private final List<Gauge> gauges = new ArrayList<>();
  private UdpChannel socket;
  private MulticastGroups groups;
  private OwnResources resources;
  private ScheduledExecutorService handshakes;
  private MessageConsumer<OwnChange> changes;

  /**
   * Prepares the verticle.
   *
   * @param config the {@code coap} section of the configuration
   * @param gatewayId the identifier of the gateway's own device
   * @param deadline how long an answer may take
   * @param endpoints is told where it serves, once it does
   * @param sequenceFile holds which sequence numbers of OSCORE are used, so that none comes twice
   *     when the clock is set back; made when it is not there, its folder must be
   */
  public CoapServerVerticle(
      CoapConfig config,
      DeviceId gatewayId,
      Duration deadline,
      Promise<OwnEndpoints> endpoints,
      Path sequenceFile) {
    this(config, gatewayId, deadline, endpoints, Surroundings.real(sequenceFile));
  }

  CoapServerVerticle(
      CoapConfig config,
      DeviceId gatewayId,
      Duration deadline,
      Promise<OwnEndpoints> endpoints,
      Surroundings surroundings) {
    this.config = config;
    this.server = config.server();
    this.gatewayId = gatewayId;
    this.deadline = deadline;
    this.endpoints = endpoints;
    this.surroundings = surroundings;
    this.networks = new LocalNetworks(server.localPrefixes());
  }

  @Override
  public Future<?> start() {
    if (server.port() == CoapServerConfig.NONE && server.securePort() == CoapServerConfig.NONE) {
      endpoints.complete(OwnEndpoints.NONE);
      return Future.succeededFuture();
    }
    ServerGate gate = new ServerGate(networks, Set.copyOf(server.interfaces()), System::nanoTime);
    Contracts.LOAD.listen(
        vertx.eventBus(), Contracts.HOME, load -> gate.overloaded(load.overloaded()));
    resources =
        new OwnResources(
            vertx, context, config, gatewayId, deadline, networks, gate, surroundings.leisure());
    return vertx
        .executeBlocking(this::refresh)
        .compose(done -> startPlain(gate))
        .compose(port -> startSecure().map(secure -> endpoints(port, secure)))
        .onSuccess(
            where -> {
              serve();
              endpoints.complete(where);
            })
        .onFailure(endpoints::tryFail);
  }

  private Void refresh() throws SocketException {
    networks.refresh();
    return null;
  }

  private Future<Integer> startPlain(ServerGate gate) {
    if (server.port() == CoapServerConfig.NONE) {
      if (!server.interfaces().isEmpty()) {
        LOG.warn("coap.server.interfaces needs coap.server.port; no multicast group is joined");
      }
      return Future.succeededFuture(CoapServerConfig.NONE);
    }
    return bind()
        .compose(
            bound -> {
              socket = bound;
              UdpConnector connector = new UdpConnector(socket);
              ScheduledExecutorService loop = loop();
              groups = new MulticastGroups(vertx, surroundings.groupPort(), connector);
              return vertx
                  .executeBlocking(() -> start(plain(connector, gate, loop)))
                  .compose(port -> groups.join(server.interfaces()).map(port));
            });
  }

  private Future<UdpChannel> bind() {
    // The port may be that of the groups, whose sockets are bound to it as well.
    return UdpChannel.bind(
        vertx,
        server.host(),
        server.port(),
        server.interfaces().isEmpty() ? channel -> {} : UdpChannel::shared);
  }

  private CoapEndpoint plain(UdpConnector connector, ServerGate gate, ScheduledExecutorService loop)
      throws IOException {
    List<OscoreContext> contexts = contexts();
    CoapEndpoint endpoint =
        contexts.isEmpty()
            ? EndpointFactory.serverEndpoint(config, connector, loop)
            : EndpointFactory.oscoreEndpoint(
                config, new OscoreConnector(connector, contexts), loop);
    endpoint.addInterceptor(gate);
    endpoint.addInterceptor(new ForwardProxy(gatewayId));
    endpoint.addInterceptor(resources.plainUploads());
    endpoint.setMessageDeliverer(resources.plain());
    return endpoint;
  }

  private List<OscoreContext> contexts() throws IOException {
    List<IdentityConfig> identities =
        server.identities().stream()
            .filter(identity -> identity.proof() instanceof IdentityConfig.Oscore)
            .toList();
    if (identities.isEmpty()) {
      return List.of();
    }
    OscoreSequence sequence =
        OscoreSequence.open(surroundings.sequenceFile(), surroundings.clock());
    return identities.stream()
        .map(
            identity ->
                new OscoreContext(
                    identity.id(), (IdentityConfig.Oscore) identity.proof(), sequence))
        .toList();
  }

  private Future<Integer> startSecure() {
    if (server.securePort() == CoapServerConfig.NONE) {
      return Future.succeededFuture(CoapServerConfig.NONE);
    }
    handshakes =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "coap-server-dtls");
              thread.setDaemon(true);
              return thread;
            });
    ScheduledExecutorService loop = loop();
    return vertx.executeBlocking(
        () -> {
          CoapEndpoint endpoint =
              EndpointFactory.serverEndpoint(
                  config,
                  DtlsServer.connector(
                      server,
                      handshakes,
                      peer -> resources.enter(() -> resources.observers().endOf(peer))),
                  loop);
          endpoint.addInterceptor(new ForwardProxy(gatewayId));
          endpoint.addInterceptor(resources.secureUploads());
          endpoint.setMessageDeliverer(resources.secure());
          return start(endpoint);
        });
  }

  private ScheduledExecutorService loop() {
    return ((ContextInternal) context).nettyEventLoop();
  }

  private synchronized int start(CoapEndpoint endpoint) throws IOException {
    endpoint.start();
    started.add(endpoint);
    return endpoint.getAddress().getPort();
  }

  private OwnEndpoints endpoints(int port, int securePort) {
    InetAddress bound = started.get(0).getAddress().getAddress();
    return new OwnEndpoints(networks.reachable(bound), port, securePort);
  }

  private void serve() {
    gauges.add(CoapMetrics.gauge("oicgw.coap.server.observers", resources.observers()::size));
    changes =
        Contracts.OWN_CHANGED.listen(
            vertx.eventBus(),
            Contracts.HOME,
            change -> resources.observers().changed(change.path()));
    Duration silence = surroundings.silence();
    vertx.setPeriodic(silence.toMillis(), id -> resources.observers().remind(silence));
    vertx.setPeriodic(REFRESH_MILLIS, id -> vertx.executeBlocking(this::refresh));
    started.forEach(endpoint -> LOG.info("CoAP server at {}", endpoint.getUri()));
  }

  @Override
  public Future<?> stop() {
    gauges.forEach(CoapMetrics::remove);
    Future<Void> deaf = changes == null ? Future.succeededFuture() : changes.unregister();
    return deaf.eventually(() -> groups == null ? Future.succeededFuture() : groups.leave())
        .eventually(() -> vertx.executeBlocking(this::stopEndpoints))
        .eventually(() -> socket == null ? Future.succeededFuture() : socket.close());
  }

  private synchronized Void stopEndpoints() {
    started.forEach(CoapEndpoint::destroy);
    if (handshakes != null) {
      handshakes.shutdown();
    }
    return null;
  }
}
