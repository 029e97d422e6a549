package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.bus.BusContract;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.DropDevices;
import org.oicbridge.bus.HostAccount;
import org.oicbridge.bus.LoginOutcome;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.peers.SmackLogin;
import org.oicbridge.peers.SmackPeer;
import org.oicbridge.peers.TlsMode;
import org.oicbridge.sandbox.SimulatedDevices;

/** Logins that are tried at a real server, beside sessions that are up and must not notice. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LoginTrialIT {
  private static final String LIGHT = "aaaaaaaa-0000-4000-8000-000000000041";
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path data;

  private final Queue<SessionEvent> events = new ConcurrentLinkedQueue<>();
  private ProsodyPeer server;
  private SimulatedDevices simulated;
  private GatewayFixture gateway;
  private Jid account;
  private Jid session;

  @BeforeEach
  void start() throws IOException {
    server = ProsodyPeer.start(ProsodyPeer.Options.asShipped());
    server.addUser("home", "correct horse");
    simulated = SimulatedDevices.start("127.0.0.1", 0);
    account = Jid.parse("home@" + server.domain());
    gateway =
        GatewayFixture.start(
            data,
            """
            xmpp: {trust: "%s"}
            accounts:
              - jid: %s
                password: correct horse
                address: 127.0.0.1
                port: %d
                devices:
                  - {di: %s, rt: oic.d.light, endpoint: "%s"}
            """
                .formatted(
                    server.caFile(),
                    account,
                    server.port(),
                    LIGHT,
                    simulated.devices().get(0).endpoint()));
    gateway.awaitOnline(LIGHT).awaitAccounts(account.toString());
    session = gateway.gatewaySession(account.toString());
    assertThat(session.oic().orElseThrow().deviceType()).isEqualTo("oic.d.cloudproxy");
    Contracts.SESSION.listen(gateway.vertx().eventBus(), shard(), events::add);
  }

  @AfterEach
  void stop() {
    gateway.close();
    simulated.stop();
    server.close();
  }

  private int shard() {
    return Contracts.shardOf(account, Runtime.getRuntime().availableProcessors());
  }

  private <Q, R> R ask(BusContract<Q, R> contract, Q question) {
    return GatewayFixture.await(
        contract.request(gateway.vertx().eventBus(), shard(), question, Deadline.in(SOON)));
  }

  private AccountConfig login(String password) {
    return new AccountConfig(
        account,
        password,
        "127.0.0.1",
        server.port(),
        AccountConfig.Tls.STARTTLS,
        List.of(),
        List.of());
  }

  private LoginOutcome attempt(String password) {
    return ask(Contracts.TRY_LOGIN, new OpenSession(login(password), session, SessionRole.GATEWAY));
  }

  /** The gateway's session, the server, the light's session, CoAP, and back. */
  private void assertLightAnswers() {
    GatewayFixture.Answer answer =
        gateway.get("/api/v1/devices/" + LIGHT + "/resources/light?via=xmpp");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  @Test
  void rightPassword_takesTheRunningSessionsPlaceWithoutABlip() {
    assertLightAnswers();
    assertThat(attempt("correct horse")).isEqualTo(new LoginOutcome(true, ""));
    assertLightAnswers();
    assertThat(events)
        .extracting(SessionEvent::jid, SessionEvent::state)
        .containsExactly(tuple(session, SessionEvent.State.ONLINE));
  }

  @Test
  void wrongPassword_isToldAndTheRunningSessionServesOn() {
    LoginOutcome outcome = attempt("battery staple");
    assertThat(outcome.bound()).isFalse();
    assertThat(outcome.reason()).isEqualTo("the server refused the login: not-authorized");
    assertLightAnswers();
    assertThat(events).isEmpty();
  }

  @Test
  void changedPassword_isTakenOverWhileEverySessionStaysUp() {
    server.addUser("home", "battery staple");
    assertThat(attempt("battery staple").bound()).isTrue();
    DeviceId id = session.oic().orElseThrow().id();
    ask(Contracts.HOST_ACCOUNT, new HostAccount(login("battery staple"), id));
    assertLightAnswers();
    assertThat(events)
        .extracting(SessionEvent::jid, SessionEvent::state)
        .containsExactly(tuple(session, SessionEvent.State.ONLINE));
  }

  @Test
  void droppedDevice_saysItIsUnavailableAndTheGatewayForgetsIt() {
    String light = account + "/OIC/1.0/oic.d.light/" + LIGHT;
    try (SmackPeer smack =
        SmackPeer.login(
            SmackLogin.at(
                server,
                TlsMode.STARTTLS,
                "home",
                "correct horse",
                "OIC/1.0/Client/bbbbbbbb-0000-4000-8000-000000000041"))) {
      smack.awaitAvailable(light, SOON);
      Done done =
          ask(Contracts.DROP_DEVICES, new DropDevices(account, List.of(new DeviceId(LIGHT))));
      assertThat(done).isEqualTo(new Done());
      smack.awaitUnavailable(light, SOON);
      assertThat(gateway.get("/api/v1/devices").json().getJsonArray("devices")).isEmpty();
      assertThat(events).extracting(SessionEvent::state).containsExactly(SessionEvent.State.CLOSED);
    }
  }

  @Test
  void gateway_isNotAmongItsDevices() {
    assertThat(gateway.get("/api/v1/devices").json().getJsonArray("devices")).hasSize(1);
    String own = session.oic().orElseThrow().id().toString();
    GatewayFixture.Answer answer = gateway.get("/api/v1/devices/" + own + "/resources/oic/d");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).contains("device-unknown");
  }
}
