package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.peers.LibcoapClient;
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
  private static final String MAPPED = "127.0.0.2";
  private static final String UNMAPPED = "127.0.0.3";

  @TempDir static Path far;
  @TempDir static Path near;

  private ProsodyPeer server;
  private SimulatedDevices simulated;
  private String di;
  private GatewayFixture away;
  private GatewayFixture home;

  @BeforeAll
  void start() {
    server = ProsodyPeer.start(ProsodyPeer.Options.asShipped());
    server.addUser("home", "correct horse");
    simulated = SimulatedDevices.start("127.0.0.1", 0);
    di = simulated.devices().get(0).di();
    String devices =
        "    devices:\n      - {di: %s, rt: oic.d.light, name: light, endpoint: \"%s\"}\n"
            .formatted(di, simulated.devices().get(0).endpoint());
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
                """
                    .formatted(server.domain(), base64(KEY), server.domain(), MAPPED));
    home.awaitAccounts("home@" + server.domain());
    away = GatewayFixture.start(far, account(devices));
    away.awaitOnline(di);
    home.awaitPeer("home@" + server.domain() + "/OIC/1.0/oic.d.light/" + di);
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
  void query_reachesTheDevice() {
    String answer = KITCHEN.get(secure() + light() + "?if=oic.if.baseline");

    assertThat(answer).contains("oic.if.baseline").contains("oic.r.switch.binary");
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
