package org.oicbridge;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.config.GatewayConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnRequest.Via;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;
import org.oicbridge.sandbox.EmbeddedXmppServer;
import org.oicbridge.sandbox.SimulatedDevices;

/** A gateway between an embedded XMPP server and simulated devices, all of it on loopback. */
final class Demo {
  private static final String USER = "home";
  private static final String PASSWORD = "home";
  private static final Jid ACCOUNT = Jid.parse(USER + "@localhost");
  private static final String AUTHORITY = "authority.pem";
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final LoopbackAddress http;
  private final LoopbackAddress coap;
  private final EmbeddedXmppServer server;
  private final Set<Jid> online = new HashSet<>();
  private final Promise<Void> allOnline = Promise.promise();
  private Path directory;
  private final String xmppHost;
  private int xmppPort;
  private SimulatedDevices devices;
  private Gateway gateway;

  Demo(Vertx vertx, LoopbackAddress http, LoopbackAddress xmpp, LoopbackAddress coap) {
    this.vertx = vertx;
    this.http = http;
    this.coap = coap;
    this.server =
        new EmbeddedXmppServer(
            vertx,
            new EmbeddedXmppServer.Options(ACCOUNT.domain(), Map.of(USER, PASSWORD))
                .listeningOn(xmpp.host(), xmpp.port()));
    this.xmppHost = xmpp.host();
  }

  /** Starts everything; done when the devices are online and one has answered through XMPP. */
  Future<Void> start() {
    return server
        .start()
        .onSuccess(port -> xmppPort = port)
        .compose(port -> vertx.executeBlocking(this::startDevices))
        .compose(this::startGateway)
        .compose(started -> allOnline.future())
        .compose(ready -> firstAnswer());
  }

  /** Stops what was started, the last first. */
  Future<Void> stop() {
    Future<Void> stopped = gateway == null ? Future.succeededFuture() : gateway.stop();
    return stopped
        .eventually(() -> vertx.executeBlocking(this::stopDevices))
        .eventually(server::stop);
  }

  /** Tells where everything is; the first line is the one that scripts wait for. */
  void describe(PrintStream out) {
    out.println("ready " + gateway.url() + "/api/v1/devices");
    out.printf(
        "  xmpp  %s port %d, account %s, password %s, certificate authority %s%n",
        xmppHost, xmppPort, ACCOUNT, PASSWORD, directory.resolve(AUTHORITY));
    for (SimulatedDevices.Device device : devices.devices()) {
      out.printf(
          "  coap  %s  %s %s %s%n", device.endpoint(), device.di(), device.rt(), device.name());
    }
    SimulatedDevices.Device light = devices.devices().get(0);
    out.printf(
        "try   curl '%s/api/v1/devices/%s/resources/light?via=xmpp'%n", gateway.url(), light.di());
  }

  private Path startDevices() throws IOException {
    directory = Files.createTempDirectory("oic-bridge-demo");
    Buffer authority = server.certificateAuthority();
    Files.write(directory.resolve(AUTHORITY), authority.getBytes());
    devices = SimulatedDevices.start(coap.host(), coap.port());
    return directory;
  }

  private Void stopDevices() throws IOException {
    if (devices != null) {
      devices.stop();
    }
    if (directory != null) {
      delete(directory);
    }
    return null;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private Future<Void> startGateway(Path data) {
    gateway = new Gateway(vertx, GatewayConfig.parse(configuration(data), name -> null));
    int shard = Contracts.shardOf(ACCOUNT, gateway.shards());
    Contracts.SESSION.listen(vertx.eventBus(), shard, this::sessionChanged);
    return gateway.start();
  }

  private String configuration(Path data) {
    StringBuilder yaml = new StringBuilder();
    yaml.append("data: {dir: \"").append(data).append("\"}\n");
    yaml.append("http: {host: \"%s\", port: %d}%n".formatted(http.host(), http.port()));
    yaml.append("coap: {host: \"127.0.0.1\"}\n");
    yaml.append("xmpp: {trust: \"").append(data.resolve(AUTHORITY)).append("\"}\n");
    yaml.append(
        """
        accounts:
          - jid: %s
            password: %s
            address: "%s"
            port: %d
            tls: starttls
            devices:
        """
            .formatted(ACCOUNT, PASSWORD, xmppHost, xmppPort));
    for (SimulatedDevices.Device device : devices.devices()) {
      yaml.append(
          "      - {di: %s, rt: %s, name: \"%s\", endpoint: \"%s\"}%n"
              .formatted(device.di(), device.rt(), device.name(), device.endpoint()));
    }
    return yaml.toString();
  }

  private void sessionChanged(SessionEvent event) {
    if (event.state() == SessionEvent.State.ONLINE) {
      online.add(event.jid());
    } else if (event.state() == SessionEvent.State.REFUSED) {
      allOnline.tryFail(event.jid() + " was refused: " + event.reason());
    }
    // The gateway's own session, role GATEWAY, is one more than there are devices.
    if (online.size() == devices.devices().size() + 1) {
      allOnline.tryComplete();
    }
  }

  private Future<Void> firstAnswer() {
    Deadline deadline = Deadline.in(FIRST_ANSWER);
    CrudnRequest request =
        new CrudnRequest(
            ACCOUNT,
            new DeviceId(devices.devices().get(0).di()),
            Operation.RETRIEVE,
            ResourcePath.parse("/oic/d"),
            Headers.NONE,
            null,
            ACCOUNT,
            Via.XMPP,
            deadline);
    return Contracts.CRUDN
        .request(vertx.eventBus(), Contracts.shardOf(ACCOUNT, gateway.shards()), request, deadline)
        .compose(
            answer ->
                answer.status() == Status.OK
                    ? Future.succeededFuture()
                    : Future.failedFuture("the first request was answered " + answer));
  }
}
