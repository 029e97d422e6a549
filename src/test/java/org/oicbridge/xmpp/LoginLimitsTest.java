package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.xmpp.SessionFixture.ACCOUNT;
import static org.oicbridge.xmpp.SessionFixture.FRIEND;
import static org.oicbridge.xmpp.SessionFixture.LIGHT;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.LoginOutcome;
import org.oicbridge.bus.SessionEvent.State;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.Jid;
import org.oicbridge.xmpp.ScriptedXmppServer.Peer;

/** What spares a server: logins one after the other, none in vain, and bytes at a speed. */
@Timeout(60)
class LoginLimitsTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private SessionFixture fixture;
  private ScriptedXmppServer server;

  private void start(int loginsPerSecond, int bytesPerSecond) {
    Metrics.addRegistry(meters);
    fixture = new SessionFixture(SessionFixture.unmanaged(loginsPerSecond, bytesPerSecond), 32);
    server = new ScriptedXmppServer(fixture.vertx, null, false);
  }

  @AfterEach
  void stop() {
    server.close();
    fixture.close();
    Metrics.removeRegistry(meters);
    meters.close();
  }

  private void open(String account) {
    Jid jid = Jid.parse(account + "@example.test/OIC/1.0/oic.d.light/" + account);
    fixture.open(
        SessionFixture.account(jid.bare(), "pencil", server.port(), Tls.NONE),
        jid,
        SessionRole.DEVICE);
  }

  private void refuse(Peer peer) throws Exception {
    peer.openWithSasl().expect("<auth");
    peer.send(ScriptedXmppServer.sasl("failure", "<not-authorized/>"));
    fixture.next(State.REFUSED);
  }

  @Test
  void server_thatRefusesManyIsOnlyAskedForAccountsThatItAcceptedBefore() throws Exception {
    start(0, 0);
    fixture.open(server);
    Peer proven = server.accept().login();
    fixture.next(State.ONLINE);
    for (int i = 0; i < ServerLogins.REFUSALS; i++) {
      open("user" + i);
      refuse(server.accept());
    }
    open("another");
    assertThat(fixture.next(State.OFFLINE).reason())
        .contains("127.0.0.1:" + server.port())
        .contains("refused too many")
        .containsPattern("in 6\\d s");
    server.expectNoConnection();
    assertThat(meters.counter("oicgw.xmpp.breaker.trips").count()).isEqualTo(1);
    assertThat(meters.counter("oicgw.xmpp.logins", "outcome", "held_back").count()).isEqualTo(1);

    proven.disconnect();
    fixture.next(State.OFFLINE);
    server.accept().login();
    fixture.next(State.ONLINE);

    // A password that the account never had is as unproven as any.
    LoginOutcome trial =
        fixture
            .attempt(SessionFixture.account(ACCOUNT, "x", server.port(), Tls.NONE), LIGHT)
            .await();
    assertThat(trial.heldBack()).isTrue();
    assertThat(trial.bound()).isFalse();
    assertThat(trial.reason()).contains("refused too many");
    server.expectNoConnection();
  }

  @Test
  void server_thatRefusesAccountsThatItAcceptedBeforeIsAskedForNone() throws Exception {
    start(0, 0);
    Peer[] peers = new Peer[ServerLogins.LAPSES + 2];
    for (int i = 0; i < peers.length; i++) {
      open("user" + i);
      Peer peer = server.accept().authenticate();
      String bind = peer.openForBind();
      String resource = ScriptedXmppServer.text(bind, "<resource>", "</resource>");
      peer.bound("user" + i + "@example.test/" + resource).roster();
      fixture.next(State.ONLINE);
      peers[i] = peer;
    }
    for (int i = 0; i < ServerLogins.LAPSES; i++) {
      peers[i].disconnect();
      fixture.next(State.OFFLINE);
      refuse(server.accept());
    }
    for (int i = ServerLogins.LAPSES; i < peers.length; i++) {
      peers[i].disconnect();
      fixture.next(State.OFFLINE);
      assertThat(fixture.next(State.OFFLINE).reason())
          .contains("refused too many")
          .containsPattern("in 6\\d s");
    }
    server.expectNoConnection();
    assertThat(meters.counter("oicgw.xmpp.breaker.trips").count()).isEqualTo(1);
  }

  @Test
  void logins_beginOneAfterTheOther() throws Exception {
    start(10, 0);
    long before = System.nanoTime();
    for (int i = 0; i < 6; i++) {
      open("user" + i);
    }
    for (int i = 0; i < 6; i++) {
      server.accept();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(480));
  }

  @Test
  void bytes_areSentAtASpeedAndInOrder() throws Exception {
    start(0, 20_000);
    fixture.open(server);
    Peer peer = server.accept().login();
    fixture.next(State.ONLINE);
    long before = System.nanoTime();
    for (int i = 0; i < 6; i++) {
      fixture.send(
          new Ibb.Data(
              LIGHT,
              FRIEND.withResource("x"),
              "n" + i,
              "s",
              i,
              "A".repeat(8000),
              Ibb.Carrier.MESSAGE));
    }
    for (int i = 0; i < 6; i++) {
      peer.expect("id='n" + i + "'");
    }
    // 48 KB, of which a second's worth goes at once and the last piece needs no room of its own.
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(900));
  }

  @Test
  void bytes_thatWaitAreSentBeforeTheFarewell() throws Exception {
    start(0, 1000);
    fixture.open(server);
    Peer peer = server.accept().login();
    fixture.next(State.ONLINE);
    for (int i = 0; i < 20; i++) {
      fixture.send(new Ibb.Close(LIGHT, FRIEND.withResource("x"), "n" + i, "s"));
    }
    fixture.close(LIGHT);
    for (int i = 0; i < 20; i++) {
      peer.expect("id='n" + i + "'");
    }
    peer.expect("type='unavailable'");
    peer.expect("</stream:stream>");
  }
}
