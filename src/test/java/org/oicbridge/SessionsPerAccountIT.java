package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.peers.EjabberdPeer;
import org.oicbridge.peers.XmppServer;
import org.oicbridge.sandbox.SimulatedDevices;

/** More devices on an account than Debian's ejabberd as shipped allows sessions: ten. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class SessionsPerAccountIT {
  /** Longer than any pause but the one after a conflict, which is a minute and more. */
  private static final long QUIET_MILLIS = 20_000;

  @TempDir Path data;

  private XmppServer server;
  private SimulatedDevices simulated;
  private GatewayFixture gateway;

  @BeforeEach
  void start() throws IOException {
    server = EjabberdPeer.start(EjabberdPeer.Options.asShipped());
    server.addUser("home", "secret");
    simulated = SimulatedDevices.start("127.0.0.1", 0);
  }

  @AfterEach
  void stop() {
    if (gateway != null) {
      gateway.close();
    }
    simulated.stop();
    server.close();
  }

  private String endpoint() {
    return simulated.devices().get(0).endpoint().toString();
  }

  private static String[] ids(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> new UUID(0, i).toString())
        .toArray(String[]::new);
  }

  private GatewayFixture host(String[] ids, int sessionsPerAccount) {
    StringBuilder devices = new StringBuilder();
    for (String id : ids) {
      devices.append(
          "      - {di: %s, rt: oic.d.light, endpoint: \"%s\"}%n".formatted(id, endpoint()));
    }
    gateway =
        GatewayFixture.start(
            data,
            """
            xmpp: {trust: "%s", sessionsPerAccount: %d}
            accounts:
              - jid: home@ejabberd.test
                password: secret
                address: 127.0.0.1
                port: %d
                tls: direct
                devices:
            %s"""
                .formatted(server.caFile(), sessionsPerAccount, server.directTlsPort(), devices));
    return gateway;
  }

  @Test
  void sessionTooMany_endsOneThatSaysWhyAndDoesNotPushBack() {
    String[] ids = ids(11);
    host(ids, 0).awaitOnline(ids).awaitAccounts("home@ejabberd.test");
    Promise<Void> quiet = Promise.promise();
    gateway.vertx().setTimer(QUIET_MILLIS, id -> quiet.complete());
    GatewayFixture.await(quiet.future());
    assertThat(gateway.ended())
        .as("twelve sessions, two of them too many; one that came back would end a third")
        .extracting(SessionEvent::reason)
        .hasSize(2)
        .allSatisfy(
            reason ->
                assertThat(reason)
                    .startsWith("conflict: ")
                    .contains("the server allows fewer sessions per account than are open"));
  }

  @Test
  void deviceTooMany_isRefusedOnceTheLimitIsConfigured() {
    String[] ids = ids(9);
    host(ids, 10).awaitOnline(ids).awaitAccounts("home@ejabberd.test");
    GatewayFixture.Answer answer =
        gateway.put(
            "/api/v1/devices/" + new UUID(0, 11),
            """
            {"account": "home@ejabberd.test", "rt": "oic.d.light", "endpoint": "%s"}"""
                .formatted(endpoint()));
    assertThat(answer.status()).as(answer.text()).isEqualTo(429);
    assertThat(answer.json().getString("type")).endsWith("too-many-devices");
    assertThat(answer.json().getString("detail"))
        .contains("would need 11 sessions, xmpp.sessionsPerAccount allows 10");
    assertThat(gateway.ended()).isEmpty();
  }
}
