package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.peers.LibcoapClient;
import org.oicbridge.peers.LibcoapClient.Observation;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.peers.SmackLogin;
import org.oicbridge.peers.SmackPeer;
import org.oicbridge.peers.SmackStream;
import org.oicbridge.peers.StanzaKind;
import org.oicbridge.peers.TlsMode;

/**
 * Figure 4 of OIC Remote Access with programs that nobody here wrote: libcoap's client is the OIC
 * client, Prosody the XMPP server, Smack the second RAE.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ProvisioningIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String KEY = "an-installer-key";
  private static final String PASSWORD = "correct horse";
  private static final LibcoapClient INSTALLER = LibcoapClient.withKey("installer", KEY);

  @TempDir Path data;

  private ProsodyPeer server;
  private GatewayFixture gateway;

  @BeforeEach
  void start() {
    server = ProsodyPeer.start(ProsodyPeer.Options.asShipped());
    server.addUser("home", PASSWORD);
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
              server:
                host: 127.0.0.1
                port: 0
                securePort: 0
                identities:
                  - name: installer
                    rights: [read, provision]
                    psk: {identity: installer, key: %s}
            """
                .formatted(server.caFile(), base64(KEY)));
  }

  @AfterEach
  void stop() {
    gateway.close();
    server.close();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private String secure(String path) {
    return "coaps://127.0.0.1:" + gateway.endpoints().securePort() + path;
  }

  private String plain(String path) {
    return "coap://127.0.0.1:" + gateway.endpoints().port() + path;
  }

  private String user(String password) {
    return new JsonObject()
        .put("jid", "home@" + server.domain())
        .put("credential", base64(password))
        .encode();
  }

  private static String address(int port) {
    return new JsonObject().put("address", "127.0.0.1").put("port", port).encode();
  }

  private void provision() {
    assertThat(INSTALLER.post(secure("/XMPPUserResURI"), user(PASSWORD)))
        .contains("home@" + server.domain())
        .contains("\"credential\":\"\"");
    assertThat(INSTALLER.post(secure("/XMPPResURI"), address(server.port()))).contains("127.0.0.1");
    gateway.awaitAccounts("home@" + server.domain());
  }

  private SmackPeer secondRae() {
    return SmackPeer.login(
        SmackLogin.at(
            server,
            TlsMode.STARTTLS,
            "home",
            PASSWORD,
            "OIC/1.0/Client/bbbbbbbb-0000-4000-8000-000000000041"));
  }

  private String gatewayJid() {
    return "home@" + server.domain() + "/OIC/1.0/oic.d.cloudproxy/" + gateway.gatewayId();
  }

  private String readsD(SmackPeer rae) {
    try (SmackStream stream = rae.open(gatewayJid(), StanzaKind.MESSAGE, 4096)) {
      stream.write("<rest xmlns='rest.oic.org'><url method='GET'>/oic/d</url></rest>");
      return stream.readDocument(SOON);
    }
  }

  @Test
  void figure4_isWalkedByRealClients() {
    try (Observation observer = INSTALLER.observe(secure("/XMPPResURI"), 120)) {
      assertThat(observer.sees("NotInitialized", SOON)).as(observer.output()).isTrue();
      provision();
      assertThat(observer.sees("\"Connected\"", SOON)).as(observer.output()).isTrue();
    }
    try (SmackPeer rae = secondRae()) {
      rae.awaitAvailable(gatewayJid(), SOON);
      assertThat(readsD(rae)).contains("200 OK").contains(gateway.gatewayId());
    }
  }

  @Test
  void wrongPassword_isAnErrorAndLeavesTheConnectionAlone() {
    provision();
    try (SmackPeer rae = secondRae();
        Observation observer = INSTALLER.observe(secure("/XMPPResURI"), 120)) {
      rae.awaitAvailable(gatewayJid(), SOON);
      assertThat(observer.sees("\"Connected\"", SOON)).as(observer.output()).isTrue();

      long before = connections();
      INSTALLER.post(secure("/XMPPUserResURI"), user("wrong horse"));
      assertThat(observer.sees("not-authorized", SOON)).as(observer.output()).isTrue();
      assertThat(INSTALLER.get(secure("/XMPPResURI"))).contains("\"Error\"");
      assertThat(readsD(rae)).as("the connection that was there").contains("200 OK");
      assertThat(connections()).as("one try").isEqualTo(before + 1);
    }

    String id = gateway.gatewayId();
    gateway.close();
    long before = connections();
    startGateway();
    gateway.awaitAccounts("home@" + server.domain());
    assertThat(gateway.gatewayId()).isEqualTo(id);
    assertThat(INSTALLER.get(secure("/XMPPResURI")))
        .contains("\"Error\"")
        .contains("not-authorized");
    assertThat(connections()).as("the active set and nothing else").isEqualTo(before + 1);
    try (SmackPeer rae = secondRae()) {
      rae.awaitAvailable(gatewayJid(), SOON);
      assertThat(readsD(rae)).as("the active set has logged in").contains("200 OK");
    }

    try (Observation observer = INSTALLER.observe(secure("/XMPPResURI"), 120)) {
      assertThat(observer.sees("\"Error\"", SOON)).isTrue();
      INSTALLER.post(secure("/XMPPUserResURI"), user(PASSWORD));
      assertThat(observer.sees("\"Connected\"", SOON)).as(observer.output()).isTrue();
    }
  }

  private long connections() {
    return server.log().lines().filter(line -> line.contains("Client connected")).count();
  }

  @Test
  void newAddress_neverGetsTheOldPassword() throws IOException {
    provision();
    try (ServerSocket elsewhere = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Observation observer = INSTALLER.observe(secure("/XMPPResURI"), 120)) {
      elsewhere.setSoTimeout(1);
      assertThat(observer.sees("\"Connected\"", SOON)).isTrue();
      INSTALLER.post(secure("/XMPPResURI"), address(elsewhere.getLocalPort()));
      assertThat(observer.sees("\"Error\"", SOON)).as(observer.output()).isTrue();
      assertThat(connection(elsewhere)).as("a connection without a user for it").isFalse();

      INSTALLER.post(secure("/XMPPUserResURI"), user("another horse"));
      elsewhere.setSoTimeout((int) SOON.toMillis());
      assertThat(connection(elsewhere)).as("a connection with the user for it").isTrue();
    }
  }

  private static boolean connection(ServerSocket server) throws IOException {
    try (Socket socket = server.accept()) {
      return socket.isConnected();
    } catch (java.net.SocketTimeoutException e) {
      return false;
    }
  }

  @Test
  void whoIsNotAuthenticated_provisionsNothing() {
    LibcoapClient stranger = LibcoapClient.plain();
    assertThat(stranger.post(plain("/XMPPResURI"), address(server.port()))).contains("4.01");
    assertThat(stranger.post(plain("/XMPPUserResURI"), user(PASSWORD))).contains("4.01");
    assertThat(stranger.get(plain("/XMPPUserResURI"))).contains("4.01");
    assertThat(INSTALLER.get(secure("/XMPPUserResURI"))).contains("\"credential\":\"\"");
    assertThat(INSTALLER.get(secure("/XMPPResURI"))).contains("NotInitialized");
    assertThat(stranger.get(plain("/oic/d"))).contains(gateway.gatewayId());
  }
}
