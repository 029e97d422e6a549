package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoublePredicate;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.oicbridge.GatewayFixture.Answer;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.peers.EjabberdPeer;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.peers.TcpProxy;
import org.oicbridge.peers.XmppServer;
import org.oicbridge.sandbox.EmbeddedXmppServer;

/**
 * The connections of a whole gateway are lost while requests are in flight: every stream is
 * resumed, every request is answered, and every device is asked exactly once for each.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ResumptionIT {
  private static final int ACCOUNTS = 4;
  private static final int DEVICES = 5;
  private static final int ALL = ACCOUNTS * DEVICES;

  /** With the gateway's own on each account. */
  private static final int SESSIONS = ALL + ACCOUNTS;

  @TempDir Path data;

  private final HeldDevices held = new HeldDevices();
  private final Queue<SessionEvent> events = new ConcurrentLinkedQueue<>();
  private PlainDevice device;
  private XmppServer server;
  private TcpProxy proxy;
  private GatewayFixture gateway;

  /** Servers that can resume streams. */
  enum Server {
    PROSODY {
      @Override
      XmppServer start() {
        return ProsodyPeer.start(ProsodyPeer.Options.asShipped());
      }
    },
    EJABBERD {
      @Override
      XmppServer start() {
        return EjabberdPeer.start(EjabberdPeer.Options.asShipped());
      }
    },
    EMBEDDED {
      @Override
      XmppServer start() throws Exception {
        return new Embedded();
      }
    };

    abstract XmppServer start() throws Exception;
  }

  @BeforeEach
  void startDevice() {
    device = PlainDevice.start(held);
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    proxy.close();
    server.close();
    device.close();
  }

  private static String di(int number) {
    return "00000000-0000-4000-8000-%012x".formatted(number);
  }

  private static String user(int account) {
    return "user" + account;
  }

  private static String password(int account) {
    return "secret" + account;
  }

  private void start(Server kind, String xmpp) throws Exception {
    server = kind.start();
    StringBuilder accounts = new StringBuilder();
    proxy = TcpProxy.to(server.port());
    for (int account = 0; account < ACCOUNTS; account++) {
      server.addUser(user(account), password(account));
      accounts.append(
          """
            - jid: %s@%s
              password: %s
              address: 127.0.0.1
              port: %d
              tls: starttls
              devices:
          """
              .formatted(user(account), server.domain(), password(account), proxy.port()));
      for (int number = 0; number < DEVICES; number++) {
        String di = di(account * DEVICES + number);
        accounts.append(
            "      - {di: %s, rt: oic.d.sensor, endpoint: \"%s/d/%s\"}%n"
                .formatted(di, device.endpoint(), di));
      }
    }
    gateway =
        GatewayFixture.start(
            data,
            """
            xmpp: {trust: "%s"%s}
            routing: {deadline: 60}
            coap:
              host: 127.0.0.1
              nstart: 64
            accounts:
            """
                    .formatted(server.caFile(), xmpp)
                + accounts);
    for (int account = 0; account < ACCOUNTS; account++) {
      gateway.awaitAccounts(user(account) + "@" + server.domain());
    }
    for (int number = 0; number < ALL; number++) {
      gateway.awaitOnline(di(number));
      // The streams are open, and the kind of device is known.
      assertThat(gateway.get(path(number)).status()).isEqualTo(200);
    }
    for (int shard = 0; shard < Runtime.getRuntime().availableProcessors(); shard++) {
      Contracts.SESSION.listen(gateway.vertx().eventBus(), shard, events::add);
    }
  }

  private static String path(int number) {
    return "/api/v1/devices/" + di(number) + "/resources/value?via=xmpp";
  }

  private List<Future<Answer>> postToAll() {
    List<Future<Answer>> answers = new ArrayList<>();
    for (int number = 0; number < ALL; number++) {
      answers.add(gateway.send(HttpMethod.POST, path(number), "1", "Prefer", "wait=60"));
    }
    return answers;
  }

  /** The sum of a metric's series. */
  private double metric(String name) {
    return Scrape.sum(gateway.get("/metrics").text(), name);
  }

  private void await(String metric, DoublePredicate expected) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    double value = metric(metric);
    while (!expected.test(value)) {
      assertThat(System.nanoTime()).as("%s is %s", metric, value).isLessThan(end);
      value = metric(metric);
    }
  }

  private void assertAllAnsweredOnce(List<Future<Answer>> answers, int times) {
    for (Future<Answer> answer : answers) {
      Answer told = GatewayFixture.await(answer);
      assertThat(told.status()).as(told.text()).isBetween(200, 204);
    }
    assertThat(held.executed).hasSize(ALL);
    assertThat(held.executed.values()).allSatisfy(n -> assertThat(n).hasValue(times));
  }

  @ParameterizedTest
  @EnumSource
  void connections_thatAreCutAreResumedWithAllThatIsInFlight(Server kind) throws Exception {
    start(kind, "");
    List<Future<Answer>> answers = postToAll();
    held.awaitAll(ALL);
    proxy.cut();
    await("oicgw_xmpp_detached", detached -> detached == SESSIONS);
    // What was asked is answered while there is no connection, and more is asked.
    held.release();
    answers.addAll(postToAll());
    await("oicgw_xmpp_unacknowledged", kept -> kept >= ALL);
    assertThat(metric("oicgw_xmpp_sessions\\{[^}]*state=\"online\"[^}]*}")).isEqualTo(SESSIONS);
    proxy.heal();
    held.awaitAll(ALL);
    held.release();
    assertAllAnsweredOnce(answers, 2);
    assertThat(metric("oicgw_xmpp_resumptions_total\\{outcome=\"resumed\"}")).isEqualTo(SESSIONS);
    assertThat(metric("oicgw_xmpp_resumptions_total")).isEqualTo(SESSIONS);
    assertThat(events).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void connections_thatDieWithoutASignAreResumedTooWhileTheServerHoldsThemForAlive(Server kind)
      throws Exception {
    start(kind, ", pingInterval: 2, pingTimeout: 1");
    proxy.freeze();
    List<Future<Answer>> answers = postToAll();
    held.awaitAll(ALL);
    held.release();
    assertAllAnsweredOnce(answers, 1);
    await("oicgw_xmpp_resumptions_total", resumed -> resumed == SESSIONS);
    assertThat(metric("oicgw_xmpp_resumptions_total\\{outcome=\"resumed\"}")).isEqualTo(SESSIONS);
    assertThat(events).isEmpty();
  }

  /**
   * Serves {@code /d/{device}/value}; holds what changes it, and counts how often that was asked.
   */
  private static final class HeldDevices extends CoapResource {
    final Map<String, AtomicInteger> executed = new ConcurrentHashMap<>();
    private final BlockingQueue<CoapExchange> arrived = new LinkedBlockingQueue<>();
    private final List<CoapExchange> waiting = new ArrayList<>();

    HeldDevices() {
      super("d");
    }

    @Override
    public Resource getChild(String name) {
      return name.equals("oic") ? null : this;
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      exchange.respond(ResponseCode.CONTENT, "1", MediaTypeRegistry.APPLICATION_JSON);
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
      String id = exchange.getRequestOptions().getUriPath().get(1);
      executed.computeIfAbsent(id, key -> new AtomicInteger()).incrementAndGet();
      exchange.accept();
      arrived.add(exchange);
    }

    void awaitAll(int count) throws InterruptedException {
      while (waiting.size() < count) {
        CoapExchange next = arrived.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("request %s of %s", waiting.size() + 1, count).isNotNull();
        waiting.add(next);
      }
    }

    void release() {
      waiting.forEach(exchange -> exchange.respond(ResponseCode.CHANGED));
      waiting.clear();
    }
  }

  /** The server that comes with the gateway, with the accounts of this test. */
  private static final class Embedded implements XmppServer {
    private final Vertx vertx = Vertx.vertx();
    private final EmbeddedXmppServer server;
    private final int port;
    private final Path authority;

    Embedded() throws Exception {
      Map<String, String> accounts = new ConcurrentHashMap<>();
      for (int account = 0; account < ACCOUNTS; account++) {
        accounts.put(user(account), password(account));
      }
      server =
          new EmbeddedXmppServer(
              vertx, new EmbeddedXmppServer.Options("sandbox.example", accounts));
      port = GatewayFixture.await(server.start());
      authority = Files.createTempFile("authority", ".pem");
      Files.write(authority, server.certificateAuthority().getBytes());
    }

    @Override
    public String domain() {
      return "sandbox.example";
    }

    @Override
    public int port() {
      return port;
    }

    @Override
    public int directTlsPort() {
      return server.directTlsPort();
    }

    @Override
    public Path caFile() {
      return authority;
    }

    @Override
    public void addUser(String name, String password) {
      // All are there from the beginning.
    }

    @Override
    public String log() {
      return "";
    }

    @Override
    public void close() {
      GatewayFixture.await(server.stop());
      vertx.close().await();
      assertThat(authority.toFile().delete()).isTrue();
    }
  }
}
