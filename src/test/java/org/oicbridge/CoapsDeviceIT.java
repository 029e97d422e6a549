package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.GatewayFixture.Answer;
import org.oicbridge.peers.LibcoapServer;
import org.oicbridge.peers.ProsodyPeer;

/**
 * A device that speaks nothing but DTLS with a key, played by libcoap's server: registered over
 * HTTP and asked from the far side of Prosody.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CoapsDeviceIT {
  private static final String KEY = "the-key-of-the-clock";
  private static final String CLOCK = "aaaaaaaa-0000-4000-8000-000000000071";
  private static final String DEVICE = "/api/v1/devices/" + CLOCK;

  @TempDir Path data;

  private ProsodyPeer server;
  private LibcoapServer clock;
  private GatewayFixture gateway;
  private String account;

  @BeforeEach
  void start() {
    server = ProsodyPeer.start(ProsodyPeer.Options.tuned());
    server.addUser("home", "correct horse");
    account = "home@" + server.domain();
    clock = LibcoapServer.startSecure(KEY);
    startGateway();
  }

  private void startGateway() {
    gateway =
        GatewayFixture.start(
            data,
            """
            xmpp: {trust: "%s"}
            coap:
              host: 127.0.0.1
              ackTimeout: 0.2
            accounts:
              - {jid: %s, password: correct horse, address: 127.0.0.1, port: %d}
            """
                .formatted(server.caFile(), account, server.port()));
    gateway.awaitAccounts(account);
  }

  @AfterEach
  void stop() {
    gateway.close();
    clock.close();
    server.close();
  }

  private static String resource(String path) {
    return DEVICE + "/resources" + path;
  }

  private Answer register(String scheme, int port, String key) {
    JsonObject body =
        new JsonObject()
            .put("account", account)
            .put("rt", "oic.d.sensor")
            .put("endpoint", scheme + "://127.0.0.1:" + port);
    if (key != null) {
      String base64 = Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
      body.put("psk", new JsonObject().put("identity", "gateway").put("key", base64));
    }
    return gateway.put(DEVICE, body.encode());
  }

  private void assertClockAnswers() {
    Answer time = gateway.awaitAnswer(resource("/time?via=xmpp"));
    assertThat(time.text()).startsWith("\"").contains(":");
  }

  @Test
  void deviceWithAKey_isDrivenThroughProsodyAndStaysSo() {
    Answer made = register("coaps", clock.securePort(), KEY);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    gateway.awaitOnline(CLOCK);
    assertClockAnswers();

    String item = resource("/item?via=xmpp");
    assertThat(gateway.get(item).status()).isEqualTo(404);
    assertThat(gateway.put(item, "{\"value\":1}").status()).isBetween(200, 204);
    assertThat(gateway.post(item, "{\"value\":2}").status()).isBetween(200, 204);
    assertThat(gateway.get(item).json().getMap()).containsEntry("value", 2);
    assertThat(gateway.delete(item).status()).isBetween(200, 204);

    String base64 = Base64.getEncoder().encodeToString(KEY.getBytes(StandardCharsets.UTF_8));
    assertThat(made.text() + gateway.get(DEVICE).text() + gateway.get("/api/v1/devices").text())
        .doesNotContain(KEY, base64);

    gateway.close();
    startGateway();
    gateway.awaitOnline(CLOCK);
    assertClockAnswers();
  }

  @Test
  void wrongKey_isToldAndMendedByTheRightOne() {
    assertThat(register("coaps", clock.securePort(), "another-key").status()).isEqualTo(201);
    gateway.awaitOnline(CLOCK);
    Answer refused = gateway.get(resource("/time"));
    assertThat(refused.status()).as(refused.text()).isEqualTo(503);
    assertThat(refused.json().getString("type")).endsWith(":handshake-failed");
    assertThat(gateway.get(resource("/time?via=xmpp")).status()).isEqualTo(503);

    assertThat(register("coaps", clock.securePort(), KEY).status()).isEqualTo(200);
    assertClockAnswers();
  }

  @Test
  void withoutAKeyOrWithoutDtls_thereIsNoWayToTheDevice() {
    Answer plain = register("coap", clock.port(), KEY);
    assertThat(plain.status()).as(plain.text()).isEqualTo(400);
    assertThat(plain.text()).contains("coaps://").doesNotContain(KEY);
    assertThat(gateway.get(DEVICE).status()).as("nothing was registered").isEqualTo(404);

    assertThat(register("coaps", clock.securePort(), null).status()).isEqualTo(201);
    gateway.awaitOnline(CLOCK);
    Answer refused = gateway.get(resource("/time"));
    assertThat(refused.json().getString("type")).endsWith(":handshake-failed");
  }
}
