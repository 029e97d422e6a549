package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.X509Bundle;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.OwnChange;
import org.oicbridge.bus.PreSharedKey;
import org.oicbridge.config.CoapServerConfig;
import org.oicbridge.config.IdentityConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Secret;
import org.oicbridge.crudn.Status;
import org.oicbridge.peers.LibcoapServer;
import org.oicbridge.peers.Peers;

/** The CoAP server, and devices behind DTLS, with libcoap at the other end. */
@Timeout(120)
class CoapServerIT {
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final String SECURE_CLIENT = "coap-client-openssl";
  private static final String KEY = "correct-horse";
  private static final IdentityConfig KITCHEN =
      OwnServer.identity(
          "kitchen",
          new IdentityConfig.Psk("lamp", new Secret(KEY.getBytes(StandardCharsets.UTF_8))));

  @RegisterExtension final OwnServer server = new OwnServer();
  @RegisterExtension final CoapGateway gateway = new CoapGateway();
  @TempDir Path folder;

  private String plainUri(String path) {
    return "coap://127.0.0.1:" + server.address().getPort() + path;
  }

  private String secureUri(String path) {
    return "coaps://127.0.0.1:" + server.secureAddress().getPort() + path;
  }

  @Test
  void plainClient_reads() throws Exception {
    server.start();

    String out = Peers.run(TIME, "coap-client-notls", "-A", "50", plainUri("/oic/res?rt=a;if=b"));

    assertThat(out).contains(OwnServer.LINKS);
    assertThat(server.asked.get(0).request().path().query()).containsExactly("rt=a", "if=b");
  }

  @Test
  void plainClient_observes() throws Exception {
    server.start();
    AtomicInteger state = new AtomicInteger(100);
    server.answers(
        own -> {
          if (state.get() == 100) {
            server
                .vertx()
                .setTimer(
                    200,
                    id -> {
                      state.set(200);
                      Contracts.OWN_CHANGED.publish(
                          server.vertx().eventBus(), Contracts.HOME, new OwnChange("/oic/d"));
                    });
          }
          return OwnServer.ok("\"state " + state.get() + "\"").with("Observe", "0");
        });

    String out =
        Peers.run(TIME, "coap-client-notls", "-w", "-s", "2", "-A", "50", plainUri("/oic/d"));

    assertThat(out).contains("state 100", "state 200");
  }

  @Test
  void plainClient_sendsALongBodyInBlocks() throws Exception {
    server.start(OwnServer.identity("neighbour", OwnServer.LOOPBACK));
    String body = "{\"a\":\"" + "x".repeat(3000) + "\"}";

    Peers.run(
        TIME,
        "coap-client-notls",
        "-A",
        "50",
        "-m",
        "post",
        "-t",
        "50",
        "-e",
        body,
        plainUri("/oic/rd"));

    assertThat(server.asked.get(0).request().body()).isEqualTo(body);
  }

  @Test
  void clientWithAKey_isRecognised() throws Exception {
    server.start(OwnServer.with(OwnServer.plain(KITCHEN), 0, List.of()));

    String out =
        Peers.run(TIME, SECURE_CLIENT, "-u", "lamp", "-k", KEY, "-A", "50", secureUri("/oic/res"));

    assertThat(out).contains(OwnServer.LINKS);
    assertThat(server.asked.get(0).caller().identity()).isEqualTo("psk:kitchen");
    assertThat(server.asked.get(0).caller().secure()).isTrue();
  }

  @Test
  void clientWithAWrongKey_isNotHeard() throws Exception {
    server.start(OwnServer.with(OwnServer.plain(KITCHEN), 0, List.of()));

    String out =
        Peers.run(
            TIME, SECURE_CLIENT, "-B", "3", "-u", "lamp", "-k", "wrong", secureUri("/oic/res"));

    assertThat(out).doesNotContain(OwnServer.LINKS);
    assertThat(server.asked).isEmpty();
  }

  @Test
  void clientWithACertificate_isRecognised() throws Exception {
    Pki pki = new Pki();
    X509Bundle own = pki.issue("localhost", "localhost");
    X509Bundle client = pki.issue("lamp.example.com", "lamp.example.com");
    Path authority = pki.trust(folder);
    server.start(
        new CoapServerConfig(
            "127.0.0.1",
            CoapServerConfig.NONE,
            0,
            List.of(),
            Pki.certificate(folder, "gateway", own),
            Pki.key(folder, "gateway", own),
            authority,
            List.of(OwnServer.identity("lamp", new IdentityConfig.Certificate("lamp.example.com"))),
            1,
            List.of(),
            List.of()));

    String out =
        Peers.run(
            TIME,
            SECURE_CLIENT,
            "-c",
            Pki.certificate(folder, "client", client).toString(),
            "-j",
            Pki.key(folder, "client", client).toString(),
            "-C",
            authority.toString(),
            "-A",
            "50",
            secureUri("/oic/res"));

    assertThat(out).contains(OwnServer.LINKS);
    assertThat(server.asked.get(0).caller().identity()).isEqualTo("certificate:lamp");
  }

  private static HostedDevice device(LibcoapServer peer, String key) {
    return new HostedDevice(
        new DeviceId("dc70373c-1e8d-4fb3-962e-017eaa863989"),
        "oic.d.light",
        "Clock",
        URI.create("coaps://127.0.0.1:" + peer.securePort()),
        new PreSharedKey("gateway", new Secret(key.getBytes(StandardCharsets.UTF_8))),
        0);
  }

  @Test
  void deviceWithAKey_isAskedOverDtls() throws Exception {
    try (LibcoapServer peer = LibcoapServer.startSecure(KEY)) {
      CrudnResponse answer = gateway.get(device(peer, KEY), "/time");

      assertThat(answer.status()).isEqualTo(Status.OK);
      assertThat(answer.body()).startsWith("\"");
    }
  }

  @Test
  void deviceWithAnotherKey_isNotAsked() throws Exception {
    try (LibcoapServer peer = LibcoapServer.startSecure(KEY)) {
      CoapGateway.assertProblem(
          gateway.get(device(peer, "another"), "/time"), Status.UNAVAILABLE, "handshake-failed");
    }
  }
}
