package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.peers.CoapObservers;
import org.oicbridge.peers.LibcoapClient;
import org.oicbridge.peers.LibcoapServer;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.sandbox.SimulatedDevices;

/**
 * libcoap's clients reach a device of another site: one gateway takes their CoAP, Prosody carries
 * it, a second gateway has the device.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReversePathIT {
  private static final String NOBODY = "aaaaaaaa-0000-4000-8000-000000000062";
  private static final String KEY = "a-kitchen-key";
  private static final LibcoapClient KITCHEN = LibcoapClient.withKey("kitchen", KEY);
  private static final LibcoapClient PLAIN = LibcoapClient.plain();
  private static final int LONG = 5000;
  private static final String MAPPED = "127.0.0.2";
  private static final String UNMAPPED = "127.0.0.3";
  private static final String MAY_ACT = "127.0.0.4";

  @TempDir static Path far;
  @TempDir static Path near;

  private static final String SLOW = "aaaaaaaa-0000-4000-8000-000000000063";
  private static final String LARGE = "aaaaaaaa-0000-4000-8000-000000000064";
  private static final Duration SOON = Duration.ofSeconds(30);

  private final AtomicInteger askedOfSlow = new AtomicInteger();
  private ProsodyPeer server;
  private SimulatedDevices simulated;
  private PlainDevice slow;
  private LibcoapServer large;
  private String di;
  private GatewayFixture away;
  private GatewayFixture home;

  @BeforeAll
  void start() {
    server = ProsodyPeer.start(ProsodyPeer.Options.asShipped());
    server.addUser("home", "correct horse");
    simulated = SimulatedDevices.start("127.0.0.1", 0);
    di = simulated.devices().get(0).di();
    slow = PlainDevice.start(slowResource());
    large = LibcoapServer.start();
    String devices =
        "    devices:\n"
            + device(di, "oic.d.light", simulated.devices().get(0).endpoint().toString())
            + device(SLOW, "oic.d.slow", slow.endpoint().toString())
            + device(LARGE, "oic.d.large", "coap://127.0.0.1:" + large.port());
    home =
        GatewayFixture.start(
            near,
            account("")
                + """
                coap:
                  host: 127.0.0.1
                  server:
                    host: 127.0.0.1
                    port: 0
                    securePort: 0
                    identities:
                      - name: kitchen
                        account: home@%s
                        rights: [read, act]
                        psk: {identity: kitchen, key: %s}
                      - name: hall
                        account: home@%s
                        rights: [read]
                        source: %s/32
                      - name: cellar
                        account: home@%s
                        rights: [read, act]
                        source: %s/32
                """
                    .formatted(
                        server.domain(),
                        base64(KEY),
                        server.domain(),
                        MAPPED,
                        server.domain(),
                        MAY_ACT));
    home.awaitAccounts("home@" + server.domain());
    away = GatewayFixture.start(far, account(devices));
    away.awaitOnline(di, SLOW, LARGE);
    awaitPeer("oic.d.light", di);
    awaitPeer("oic.d.slow", SLOW);
    awaitPeer("oic.d.large", LARGE);
  }

  private void awaitPeer(String type, String id) {
    home.awaitPeer("home@" + server.domain() + "/OIC/1.0/" + type + "/" + id);
  }

  private static String device(String id, String type, String endpoint) {
    return "      - {di: %s, rt: %s, name: x, endpoint: \"%s\"}\n".formatted(id, type, endpoint);
  }

  /** Answers later than libcoap's clients wait for an acknowledgement. */
  private CoapResource slowResource() {
    return new CoapResource("slow") {
      @Override
      public void handlePOST(CoapExchange exchange) {
        askedOfSlow.incrementAndGet();
        exchange.accept();
        CompletableFuture.delayedExecutor(5, TimeUnit.SECONDS)
            .execute(
                () ->
                    exchange.respond(
                        ResponseCode.CHANGED, "1", MediaTypeRegistry.APPLICATION_JSON));
      }
    };
  }

  private String account(String devices) {
    return """
        xmpp: {trust: "%s"}
        accounts:
          - jid: home@%s
            password: correct horse
            address: 127.0.0.1
            port: %d
        """
            .formatted(server.caFile(), server.domain(), server.port())
        + devices;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @AfterAll
  void stop() {
    home.close();
    away.close();
    simulated.stop();
    slow.close();
    large.close();
    server.close();
  }

  private String secure() {
    return "coaps://127.0.0.1:" + home.endpoints().securePort();
  }

  private String plain() {
    return "coap://127.0.0.1:" + home.endpoints().port();
  }

  private String light() {
    return "/devices/" + di + "/light";
  }

  private boolean value() {
    return home.get("/api/v1/devices/" + di + "/resources/light").json().getBoolean("value");
  }

  @Test
  void path_readsAndUpdates() {
    for (boolean wanted : new boolean[] {!value(), value()}) {
      assertThat(KITCHEN.post(secure() + light(), "{\"value\":" + wanted + "}"))
          .contains("\"value\":" + wanted);
      assertThat(value()).isEqualTo(wanted);
      assertThat(KITCHEN.get(secure() + light())).contains("\"value\":" + wanted);
      assertThat(PLAIN.run("-a", MAPPED, "-A", "50", plain() + light()))
          .contains("\"value\":" + wanted);
    }
  }

  @Test
  void proxyUri_readsAndUpdates() {
    String target = "coap://" + di + "/light";
    boolean wanted = !value();
    assertThat(
            KITCHEN.run(
                "-P",
                secure(),
                "-m",
                "post",
                "-A",
                "50",
                "-t",
                "50",
                "-e",
                "{\"value\":" + wanted + "}",
                target))
        .contains("\"value\":" + wanted);
    assertThat(value()).isEqualTo(wanted);
    assertThat(PLAIN.run("-a", MAPPED, "-P", plain(), "-A", "50", target))
        .contains("\"value\":" + wanted);
  }

  @Test
  void mappedPrefix_readsUpdatesAndObservesInTheClear() {
    List<List<String>> ways =
        List.of(List.of(plain() + light()), List.of("-P", plain(), "coap://" + di + "/light"));
    for (List<String> way : ways) {
      List<String> from = List.of("-a", MAY_ACT);
      String target = way.get(way.size() - 1);
      String[] options = Stream.concat(from.stream(), way.stream()).toArray(String[]::new);
      boolean value = !value();
      List<String> post = List.of("-m", "post", "-A", "50", "-t", "50", "-e");
      assertThat(
              PLAIN.run(
                  Stream.of(from, post, List.of("{\"value\":" + value + "}"), way)
                      .flatMap(List::stream)
                      .toArray(String[]::new)))
          .contains("\"value\":" + value);
      assertThat(value()).isEqualTo(value);
      assertThat(
              PLAIN.run(
                  Stream.of(from, List.of("-A", "50"), way)
                      .flatMap(List::stream)
                      .toArray(String[]::new)))
          .contains("\"value\":" + value);
      String[] observing = Arrays.copyOf(options, options.length - 1);
      try (LibcoapClient.Observation observer = PLAIN.observe(target, 60, observing)) {
        assertThat(observer.seesLast(says(value), SOON)).as(observer.output()).isTrue();
        change(di, "/light", !value);
        assertThat(observer.seesLast(says(!value), SOON)).as(observer.output()).isTrue();
      }
    }
  }

  @Test
  void query_reachesTheDevice() {
    String answer = KITCHEN.get(secure() + light() + "?if=oic.if.baseline");

    assertThat(answer).contains("oic.if.baseline").contains("oic.r.switch.binary");
  }

  private void change(String id, String resource, boolean value) {
    GatewayFixture.Answer answer =
        home.post("/api/v1/devices/" + id + "/resources" + resource, "{\"value\":" + value + "}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  private static Predicate<String> says(boolean value) {
    return line -> line.contains("\"value\":" + value);
  }

  @Test
  void observers_followTheDevice() {
    boolean value = value();
    try (LibcoapClient.Observation byPath = KITCHEN.observe(secure() + light(), 60);
        LibcoapClient.Observation byProxy =
            KITCHEN.observe("coap://" + di + "/light", 60, "-P", secure());
        CoapObservers inTheClear =
            CoapObservers.start(5, PLAIN, plain() + light(), 60, "-a", MAPPED)) {
      for (int i = 0; i < 3; i++) {
        assertThat(byPath.seesLast(says(value), SOON)).as(byPath.output()).isTrue();
        assertThat(byProxy.seesLast(says(value), SOON)).as(byProxy.output()).isTrue();
        assertThat(inTheClear.allSeeLast(says(value), SOON))
            .as(inTheClear.outputs().toString())
            .isTrue();
        value = !value;
        change(di, "/light", value);
      }
    }
  }

  @Test
  void longNotifications_arriveWhole() {
    String uri = "coap://127.0.0.1:" + large.port() + "/example_data";
    put(uri, "a");
    try (LibcoapClient.Observation observer =
        KITCHEN.observe(secure() + "/devices/" + LARGE + "/example_data", 60)) {
      for (String letter : new String[] {"a", "b", "c"}) {
        put(uri, letter);
        String text = letter.repeat(LONG);
        assertThat(observer.seesLast(line -> line.contains(text), SOON))
            .as(observer.output())
            .isTrue();
      }
    }
  }

  private static void put(String uri, String letter) {
    PLAIN.run("-m", "put", "-t", "50", "-e", "{\"x\":\"" + letter.repeat(LONG) + "\"}", uri);
  }

  @Test
  void deviceThatComesBack_isObservedFurther(@TempDir Path once, @TempDir Path again) {
    SimulatedDevices.Device porch = simulated.devices().get(2);
    String yaml =
        account("    devices:\n" + device(porch.di(), porch.rt(), porch.endpoint().toString()));
    GatewayFixture first = GatewayFixture.start(once, yaml);
    LibcoapClient.Observation observer = null;
    try {
      awaitPeer(porch.rt(), porch.di());
      observer = KITCHEN.observe(secure() + "/devices/" + porch.di() + "/switch", 100);
      assertThat(observer.seesLast(says(false), SOON)).as(observer.output()).isTrue();
    } finally {
      first.close();
    }
    try (GatewayFixture second = GatewayFixture.start(again, yaml)) {
      second.awaitOnline(porch.di());
      home.awaitAnswer("/api/v1/devices/" + porch.di() + "/resources/switch");
      change(porch.di(), "/switch", true);

      assertThat(observer.seesLast(says(true), SOON)).as(observer.output()).isTrue();
    } finally {
      observer.close();
    }
  }

  @Test
  void slowDevice_isAskedOnce() {
    LibcoapClient.Reply reply =
        KITCHEN.call("-m", "post", "-A", "50", secure() + "/devices/" + SLOW + "/slow");

    assertThat(reply.code()).isEqualTo("2.04");
    assertThat(askedOfSlow).hasValue(1);
  }

  @Test
  void remoteDevice_isFound() {
    assertThat(PLAIN.run("-a", MAPPED, "-A", "50", plain() + "/oic/res"))
        .contains("/devices/" + di + "/oic/d");
    try (LibcoapClient.Observation finder = KITCHEN.observe(secure() + "/oic/res", 60)) {
      assertThat(finder.sees(light(), Duration.ofSeconds(30))).as(finder.output()).isTrue();
    }
    assertThat(KITCHEN.get(secure() + "/oic/res?rt=oic.r.switch.binary")).contains(light());
    assertThat(PLAIN.run("-a", UNMAPPED, "-A", "50", plain() + "/oic/res"))
        .contains("/oic/d")
        .doesNotContain(di);
    assertThat(PLAIN.run("-a", MAPPED, "-A", "50", plain() + "/devices/" + di + "/oic/d"))
        .contains("oic.d.light");
  }

  @Test
  void stranger_isRefused() {
    assertThat(PLAIN.run("-a", UNMAPPED, "-A", "50", plain() + light())).contains("4.01");
    assertThat(PLAIN.run("-a", UNMAPPED, "-P", plain(), "-A", "50", "coap://" + di + "/light"))
        .contains("4.01");
    try (LibcoapClient.Observation observer =
        PLAIN.observe(plain() + light(), 10, "-a", UNMAPPED)) {
      assertThat(observer.sees("4.01", SOON)).as(observer.output()).isTrue();
      assertThat(observer.output()).doesNotContain("value");
    }
  }

  @Test
  void readerThatMayNotAct_isRefused() {
    boolean before = value();

    String answer =
        PLAIN.run(
            "-a",
            MAPPED,
            "-m",
            "post",
            "-t",
            "50",
            "-e",
            "{\"value\":" + !before + "}",
            plain() + light());

    assertThat(answer).contains("4.03");
    assertThat(value()).isEqualTo(before);
  }

  @Test
  void addressThatIsNoDevice_getsNothing() throws Exception {
    try (DatagramSocket victim = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      String target = "coap://127.0.0.1:" + victim.getLocalPort() + "/light";
      assertThat(KITCHEN.run("-P", secure(), target)).contains("4.03");
      assertThat(PLAIN.run("-a", MAPPED, "-P", plain(), target)).contains("4.03");

      // Whatever was sent before would be read before this.
      byte[] mark = "mark".getBytes(StandardCharsets.US_ASCII);
      victim.send(new DatagramPacket(mark, mark.length, victim.getLocalSocketAddress()));
      DatagramPacket first = new DatagramPacket(new byte[1500], 1500);
      victim.setSoTimeout(10_000);
      victim.receive(first);
      assertThat(first.getLength()).isEqualTo(mark.length);
    }
    assertThat(KITCHEN.run("-P", secure(), "coap://" + NOBODY + "/light")).contains("4.03");
  }
}
