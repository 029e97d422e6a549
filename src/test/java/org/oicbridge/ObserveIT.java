package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.observe.ObserveRelation;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.http.EventReader;
import org.oicbridge.peers.CoapObservers;
import org.oicbridge.peers.LibcoapClient;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.peers.SmackLogin;
import org.oicbridge.peers.SmackPeer;
import org.oicbridge.peers.SmackStream;
import org.oicbridge.peers.StanzaKind;
import org.oicbridge.peers.TlsMode;

/**
 * One device that many observe: callers of the HTTP API, and Smack through Prosody. The device
 * counts who observes it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class ObserveIT {
  private static final String SENSOR = "aaaaaaaa-0000-4000-8000-000000000071";
  private static final int HTTP_OBSERVERS = 200;
  private static final int XMPP_OBSERVERS = 20;
  private static final int CHANGES = 100;

  /** All changes together are more than what the kernel keeps for a reader that does not read. */
  private static final int BIG = 65_536;

  private static final int COAP_OBSERVERS = 5;
  private static final String KEY = "a-kitchen-key";
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir static Path data;

  private final Numbered counter = new Numbered("counter", 0);
  private final Numbered big = new Numbered("big", BIG);
  private final List<SmackPeer> peers = new ArrayList<>();
  private final ExecutorService readers = Executors.newFixedThreadPool(XMPP_OBSERVERS);
  private ProsodyPeer server;
  private PlainDevice device;
  private GatewayFixture gateway;

  /** A resource whose value is a number, and that counts its observers. */
  private static final class Numbered extends CoapResource {
    private final String pad;
    private final AtomicInteger registrations = new AtomicInteger();
    private final CompletableFuture<Void> forgotten = new CompletableFuture<>();
    private volatile int number;

    Numbered(String name, int pad) {
      super(name);
      this.pad = pad == 0 ? "" : ",\"pad\":\"" + "x".repeat(pad) + "\"";
      setObservable(true);
    }

    void change(int next) {
      number = next;
      changed();
    }

    @Override
    public void addObserveRelation(ObserveRelation relation) {
      registrations.incrementAndGet();
      super.addObserveRelation(relation);
    }

    @Override
    public void removeObserveRelation(ObserveRelation relation) {
      super.removeObserveRelation(relation);
      if (getObserverCount() == 0) {
        forgotten.complete(null);
      }
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      exchange.setMaxAge(3600);
      exchange.respond(
          ResponseCode.CONTENT, "{\"n\":" + number + pad + "}", MediaTypeRegistry.APPLICATION_JSON);
    }
  }

  @BeforeAll
  void start() {
    server = ProsodyPeer.start(ProsodyPeer.Options.tuned());
    server.addUser("home", "correct horse");
    device = PlainDevice.start(counter, big);
    gateway =
        GatewayFixture.start(
            data,
            """
            xmpp: {trust: "%s"}
            coap:
              host: 127.0.0.1
              server:
                host: 127.0.0.1
                port: 0
                securePort: 0
                identities:
                  - name: kitchen
                    account: home@%s
                    rights: [read]
                    psk: {identity: kitchen, key: %s}
            accounts:
              - jid: home@%s
                password: correct horse
                address: 127.0.0.1
                port: %d
                devices:
                  - {di: %s, rt: oic.d.sensor, endpoint: "%s"}
            """
                .formatted(
                    server.caFile(),
                    server.domain(),
                    Base64.getEncoder().encodeToString(KEY.getBytes(StandardCharsets.US_ASCII)),
                    server.domain(),
                    server.port(),
                    SENSOR,
                    device.endpoint()));
    gateway.awaitOnline(SENSOR).awaitAccounts("home@" + server.domain());
    for (int i = 0; i < XMPP_OBSERVERS; i++) {
      peers.add(
          SmackPeer.login(
              SmackLogin.at(
                  server,
                  TlsMode.STARTTLS,
                  "home",
                  "correct horse",
                  "OIC/1.0/Client/" + UUID.randomUUID())));
    }
  }

  @AfterAll
  void stop() {
    readers.shutdownNow();
    gateway.close();
    device.close();
    server.close();
  }

  private static int number(String json) {
    return new JsonObject(json).getInteger("n");
  }

  private String url(String href) {
    return gateway.url() + path(href);
  }

  private static String path(String href) {
    return "/api/v1/devices/" + SENSOR + "/resources/" + href;
  }

  /** A caller that takes events as fast as they come. */
  private static final class Watcher implements Flow.Subscriber<String> {
    private final CompletableFuture<Void> began = new CompletableFuture<>();
    private final CompletableFuture<Void> sawLast = new CompletableFuture<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private CompletableFuture<?> answer;
    private int events;

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription.complete(given);
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      if (line.startsWith("data: ")) {
        events++;
        began.complete(null);
        if (number(line.substring(6)) == CHANGES) {
          sawLast.complete(null);
        }
      }
    }

    @Override
    public void onError(Throwable error) {
      sawLast.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
      sawLast.completeExceptionally(new IOException("the stream ended"));
    }
  }

  private List<Watcher> watch(HttpClient client) throws Exception {
    List<Watcher> watchers = new ArrayList<>();
    for (int i = 0; i < HTTP_OBSERVERS; i++) {
      Watcher watcher = new Watcher();
      watchers.add(watcher);
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url("counter")))
              .header("Accept", "text/event-stream")
              .build();
      watcher.answer = client.sendAsync(request, BodyHandlers.fromLineSubscriber(watcher));
    }
    for (Watcher watcher : watchers) {
      watcher.began.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }
    return watchers;
  }

  /** Observes from each Smack peer; a future for each is done when it has seen the last change. */
  private List<CompletableFuture<Integer>> observeOverXmpp() {
    String request =
        "<rest xmlns=\"rest.oic.org\"><url method=\"Get\">coap://"
            + SENSOR
            + "/counter</url><headers><header name=\"Observe\">0</header></headers></rest>";
    List<CompletableFuture<Integer>> seen = new ArrayList<>();
    for (SmackPeer peer : peers) {
      SmackStream stream =
          peer.open(
              "home@" + server.domain() + "/OIC/1.0/oic.d.sensor/" + SENSOR,
              StanzaKind.MESSAGE,
              4096);
      stream.write(request);
      assertThat(stream.readDocument(SOON)).contains("<header name=\"Observe\">");
      seen.add(CompletableFuture.supplyAsync(() -> readToLast(stream), readers));
    }
    return seen;
  }

  /** Observes from libcoap's clients, below the gateway's own device. */
  private CoapObservers observeOverCoap() {
    String uri =
        "coaps://127.0.0.1:" + gateway.endpoints().securePort() + "/devices/" + SENSOR + "/counter";
    CoapObservers observers =
        CoapObservers.start(
            COAP_OBSERVERS, LibcoapClient.withKey("kitchen", KEY), uri, (int) SOON.toSeconds());
    assertThat(observers.allSee("\"n\":0", SOON)).as("%s", observers.outputs()).isTrue();
    return observers;
  }

  private static int readToLast(SmackStream stream) {
    int documents = 0;
    String document;
    do {
      document = stream.readDocument(SOON);
      documents++;
    } while (!document.contains("\"n\":" + CHANGES + "}"));
    return documents;
  }

  /** Asks for the events of the big resource, and reads nothing of them. */
  private Socket stall() throws IOException {
    URI target = URI.create(url("big"));
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout((int) SOON.toMillis());
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target.getPort()));
    String text =
        "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: text/event-stream\r\n\r\n"
            .formatted(target.getPath(), target.getAuthority());
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static long await(EventReader reader, int number) throws IOException {
    long begin = System.nanoTime();
    while (number(reader.next().data()) != number) {
      // what came before
    }
    return (System.nanoTime() - begin) / 1_000;
  }

  @Test
  void manyObservers_areOneUpstreamAndEachSeesTheLastValue() throws Exception {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    List<Watcher> watchers = watch(client);
    List<CompletableFuture<Integer>> overXmpp = observeOverXmpp();
    long slowest = 0;
    try (CoapObservers overCoap = observeOverCoap();
        Socket stalled = stall();
        EventReader first = EventReader.open(url("counter"));
        EventReader second = EventReader.open(url("big"))) {
      long begin = System.nanoTime();
      for (int n = 1; n <= CHANGES; n++) {
        counter.change(n);
        slowest = Math.max(slowest, await(first, n));
        big.change(n);
        slowest = Math.max(slowest, await(second, n));
      }
      long changed = System.nanoTime();
      int fewest = CHANGES + 1;
      for (Watcher watcher : watchers) {
        watcher.sawLast.get(SOON.toSeconds(), TimeUnit.SECONDS);
        fewest = Math.min(fewest, watcher.events);
      }
      long http = System.nanoTime();
      int fewestOverXmpp = CHANGES;
      for (CompletableFuture<Integer> one : overXmpp) {
        fewestOverXmpp = Math.min(fewestOverXmpp, one.get(SOON.toSeconds(), TimeUnit.SECONDS));
      }
      long xmpp = System.nanoTime();
      assertThat(overCoap.allSeeLast(said -> said.contains("\"n\":" + CHANGES), SOON))
          .as("%s", overCoap.outputs())
          .isTrue();
      long coap = System.nanoTime();

      assertThat(counter.registrations).as("observations at the device").hasValue(1);
      assertThat(big.registrations).hasValue(1);
      double superseded = metric("oicgw_observe_superseded_total{edge=\"http\"}");
      int written = readUntilLast(stalled);
      System.out.printf(
          "%d + %d + %d observers of one observation, %d changes each of two resources in %d ms,"
              + " the slowest after %d µs; the last value with all HTTP observers %d ms later (at"
              + " least %d events each), with all XMPP observers %d ms later (at least %d each), with"
              + " all CoAP observers %d ms later; of %d bytes a reader that took nothing was written"
              + " %d, %.0f values were superseded%n",
          HTTP_OBSERVERS + 1,
          XMPP_OBSERVERS,
          COAP_OBSERVERS,
          CHANGES,
          (changed - begin) / 1_000_000,
          slowest,
          (http - changed) / 1_000_000,
          fewest,
          (xmpp - changed) / 1_000_000,
          fewestOverXmpp,
          (coap - xmpp) / 1_000_000,
          CHANGES * BIG,
          written,
          superseded);
      assertThat(slowest).as("µs from a change to an event").isLessThan(10_000_000);
      assertThat(superseded).isPositive();
      assertThat(written).as("bytes").isLessThan(CHANGES * BIG * 3 / 4);
    }
    for (Watcher watcher : watchers) {
      watcher.subscription.get().cancel();
      watcher.answer.cancel(true);
    }
    peers.forEach(SmackPeer::close);
    counter.forgotten.get(SOON.toSeconds(), TimeUnit.SECONDS);
    big.forgotten.get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void events_tellOfARemoteDeviceThatComesAndGoes() throws Exception {
    String fan = UUID.randomUUID().toString();
    try (EventReader events =
        EventReader.open(gateway.url() + "/api/v1/events?kind=device", "Last-Event-ID", "none-1")) {
      assertThat(events.next().name()).isEqualTo("reset");
      try (SmackPeer peer =
          SmackPeer.login(
              SmackLogin.at(
                  server, TlsMode.STARTTLS, "home", "correct horse", "OIC/1.0/oic.d.fan/" + fan))) {
        assertThat(peer.jid()).endsWith(fan);
        assertThat(state(events, fan)).isEqualTo("online");
      }
      assertThat(state(events, fan)).isEqualTo("offline");
    }
  }

  /** The state in the next event of a device. */
  private static String state(EventReader events, String di) throws IOException {
    JsonObject device = new JsonObject(events.next().data());
    return device.getString("di").equals(di) ? device.getString("state") : state(events, di);
  }

  private double metric(String name) {
    return gateway
        .get("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  private static int readUntilLast(Socket socket) throws IOException {
    int total = 0;
    InputStream input = socket.getInputStream();
    byte[] block = new byte[BIG];
    String last = "{\"n\":" + CHANGES + ",";
    String tail = "";
    int count;
    while ((count = input.read(block)) > 0) {
      total += count;
      tail += new String(block, 0, count, StandardCharsets.ISO_8859_1);
      if (tail.contains(last)) {
        return total;
      }
      tail = tail.substring(Math.max(0, tail.length() - last.length()));
    }
    throw new IOException("the stream ended after " + total + " bytes");
  }
}
