package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.GatewayFixture.Answer;
import org.oicbridge.peers.LibcoapServer;
import org.oicbridge.peers.SmackLogin;
import org.oicbridge.peers.SmackPeer;
import org.oicbridge.peers.StanzaKind;
import org.oicbridge.peers.TlsMode;
import org.oicbridge.peers.XmppServer;
import org.oicbridge.sandbox.SimulatedDevices;

/**
 * The main path through an XMPP server that nobody here wrote: HTTP, the gateway's own session, the
 * server, the device's session, CoAP, and back. One subclass for each server.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class RemoteAccessContract {
  private static final String LIBCOAP = "aaaaaaaa-0000-4000-8000-000000000001";
  private static final String LIGHT = "aaaaaaaa-0000-4000-8000-000000000002";

  @TempDir static Path data;

  private XmppServer server;
  private LibcoapServer libcoap;
  private SimulatedDevices simulated;
  private GatewayFixture gateway;

  /** Starts the server as shipped, apart from what the operator's guide says must be set. */
  abstract XmppServer startServer();

  /** How the account's sessions come to TLS: the keys {@code port} and {@code tls}. */
  abstract String endpoint(XmppServer server);

  @BeforeAll
  void start() {
    server = startServer();
    server.addUser("home", "correct horse");
    libcoap = LibcoapServer.start();
    simulated = SimulatedDevices.start("127.0.0.1", 0);
    URI light = simulated.devices().get(0).endpoint();
    gateway =
        GatewayFixture.start(
            data,
            """
            xmpp: {trust: "%s"}
            accounts:
              - jid: home@%s
                password: correct horse
                address: 127.0.0.1
                %s
                devices:
                  - {di: %s, rt: oic.d.sensor, name: libcoap, endpoint: "coap://127.0.0.1:%d"}
                  - {di: %s, rt: oic.d.light, name: simulated, endpoint: "%s"}
            """
                .formatted(
                    server.caFile(),
                    server.domain(),
                    endpoint(server),
                    LIBCOAP,
                    libcoap.port(),
                    LIGHT,
                    light));
    gateway.awaitOnline(LIBCOAP, LIGHT).awaitAccounts("home@" + server.domain());
  }

  @AfterAll
  void stop() {
    gateway.close();
    simulated.stop();
    libcoap.close();
    server.close();
  }

  private static String resource(String di, String path) {
    return "/api/v1/devices/" + di + "/resources" + path + "?via=xmpp";
  }

  @Test
  void devices_areOnlineUnderTheFullJidOfTheSpecification() {
    Answer answer = gateway.get("/api/v1/devices?state=online");
    assertThat(answer.json().getJsonArray("devices")).hasSize(2);
    assertThat(answer.text())
        .contains("home@" + server.domain() + "/OIC/1.0/oic.d.light/" + LIGHT)
        .contains("home@" + server.domain() + "/OIC/1.0/oic.d.sensor/" + LIBCOAP);
  }

  @Test
  void libcoap_createsChangesAndDeletesAResource() {
    String item = resource(LIBCOAP, "/item");
    assertThat(gateway.get(item).status()).isEqualTo(404);
    assertThat(gateway.post(item, "{\"value\":1}").status()).isEqualTo(201);
    assertThat(gateway.get(item).json().getMap()).containsEntry("value", 1);
    assertThat(gateway.post(item, "{\"value\":2}").status()).isBetween(200, 204);
    assertThat(gateway.get(item).json().getMap()).containsEntry("value", 2);
    assertThat(gateway.delete(item).status()).isBetween(200, 204);
    assertThat(gateway.get(item).status()).isEqualTo(404);
  }

  @Test
  void libcoap_refusesPostOnTime() {
    Answer answer = gateway.post(resource(LIBCOAP, "/time"), "{}");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.headers()).containsKey("Allow");
    assertThat(answer.type()).startsWith("application/problem+json");
  }

  @Test
  void libcoap_timeWithoutContentFormatIsAJsonString() {
    Answer answer = gateway.get(resource(LIBCOAP, "/time"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).startsWith("\"").contains(":");
  }

  @Test
  void ocfDevice_changesWhatItIsTold() {
    String light = resource(LIGHT, "/light");
    boolean before = gateway.get(light).json().getBoolean("value");
    Answer changed = gateway.post(light, "{\"value\":" + !before + "}");
    assertThat(changed.status()).isEqualTo(200);
    assertThat(gateway.get(light).json().getBoolean("value")).isEqualTo(!before);
  }

  @Test
  void ocfDevice_tellsWhatItDoesNotKnowOrAllow() {
    assertThat(gateway.get(resource(LIGHT, "/nothing")).status()).isEqualTo(404);
    assertThat(gateway.delete(resource(LIGHT, "/light")).status()).isEqualTo(405);
    Answer wrong = gateway.post(resource(LIGHT, "/light"), "{\"value\":\"bright\"}");
    assertThat(wrong.status()).isEqualTo(400);
  }

  @Test
  void query_reachesTheDevice() {
    Answer plain = gateway.get(resource(LIGHT, "/light"));
    Answer baseline = gateway.get(resource(LIGHT, "/light") + "&if=oic.if.baseline");
    assertThat(plain.json().containsKey("rt")).isFalse();
    assertThat(baseline.json().getJsonArray("rt")).contains("oic.r.switch.binary");
  }

  @Test
  void stranger_getsNowhere() {
    server.addUser("stranger", "secret");
    try (SmackPeer stranger =
        SmackPeer.login(
            SmackLogin.at(
                server,
                TlsMode.STARTTLS,
                "stranger",
                "secret",
                "OIC/1.0/Client/bbbbbbbb-0000-4000-8000-000000000001"))) {
      String light = "home@" + server.domain() + "/OIC/1.0/oic.d.light/" + LIGHT;
      assertThatThrownBy(() -> stranger.open(light, StanzaKind.MESSAGE, 4096))
          .hasMessageContaining("not-acceptable");
    }
    assertThat(
            GatewayFixture.await(gateway.send(HttpMethod.GET, resource(LIGHT, "/light"), null))
                .status())
        .isEqualTo(200);
  }
}
