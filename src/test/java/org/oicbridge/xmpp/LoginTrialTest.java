package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.xmpp.SessionFixture.ACCOUNT;
import static org.oicbridge.xmpp.SessionFixture.GATEWAY;
import static org.oicbridge.xmpp.SessionFixture.LIGHT;
import static org.oicbridge.xmpp.SessionFixture.account;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.LoginOutcome;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionEvent.State;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.xmpp.ScriptedXmppServer.Peer;

/** Logins that are tried once, and sessions that get another login. */
@Timeout(60)
class LoginTrialTest {
  private static final String CONFLICT =
      "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
          + "</stream:stream>";

  private SessionFixture fixture;
  private ScriptedXmppServer server;

  @BeforeEach
  void start() {
    fixture = new SessionFixture((Path) null);
    server = new ScriptedXmppServer(fixture.vertx, null, false);
  }

  @AfterEach
  void stop() {
    server.close();
    fixture.close();
  }

  private static LoginOutcome await(Future<LoginOutcome> outcome) {
    try {
      return outcome.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("no outcome", e);
    }
  }

  private Peer online() throws Exception {
    fixture.open(server);
    Peer peer = server.accept().login();
    fixture.next(State.ONLINE);
    return peer;
  }

  /** The server and the session still talk to each other. */
  private static void assertAlive(Peer peer) throws Exception {
    peer.send("<iq type='get' id='p' from='example.test'><ping xmlns='urn:xmpp:ping'/></iq>");
    assertThat(peer.expect("<iq")).contains("type='result'").contains("id='p'");
  }

  private static void failSasl(Peer peer) throws Exception {
    peer.openWithSasl().expect("<auth");
    peer.send(ScriptedXmppServer.sasl("failure", "<not-authorized/>"));
    peer.expect("closed");
  }

  private void send(String id) {
    fixture.send(new Ibb.Close(LIGHT, GATEWAY, id, "s"));
  }

  @Test
  void login_thatIsGoodBecomesASessionLikeAnyOther() throws Exception {
    Future<LoginOutcome> outcome = fixture.attempt(server, "pencil", LIGHT);
    Peer peer = server.accept();
    peer.login();
    assertThat(await(outcome)).isEqualTo(new LoginOutcome(true, ""));
    assertThat(fixture.next(State.ONLINE))
        .isEqualTo(new SessionEvent(LIGHT, SessionRole.DEVICE, State.ONLINE, ""));
    send("to-1");
    assertThat(peer.expect("<close")).contains("id='to-1'");

    // Hosted with the same values it just stays.
    fixture.open(server);
    assertAlive(peer);
    server.expectNoConnection();
    fixture.expectNoEvent();

    peer.disconnect();
    fixture.next(State.OFFLINE);
    server.accept().login();
    fixture.next(State.ONLINE);
  }

  @Test
  void login_thatIsGoodIsClosedLikeAnyOther() throws Exception {
    Future<LoginOutcome> outcome = fixture.attempt(server, "pencil", LIGHT);
    Peer peer = server.accept().login();
    await(outcome);
    fixture.next(State.ONLINE);
    // By the account, as whoever drops one that was never hosted does.
    Future<?> closed = fixture.close(ACCOUNT);
    peer.expect("type='unavailable'");
    peer.expect("</stream:stream>");
    fixture.next(State.CLOSED);
    peer.send("</stream:stream>");
    closed.await();
    server.expectNoConnection();
  }

  @Test
  void wrongPassword_isToldAndNotRetriedAndTouchesNothingElse() throws Exception {
    Peer running = online();
    Future<LoginOutcome> outcome = fixture.attempt(server, "wrong", LIGHT);
    failSasl(server.accept());
    LoginOutcome told = await(outcome);
    assertThat(told.bound()).isFalse();
    assertThat(told.reason())
        .isEqualTo("the server refused the login: not-authorized")
        .doesNotContain("wrong");
    assertAlive(running);
    fixture.expectNoEvent();
    // That was the only attempt, and the account's own password is as good as before.
    server.expectNoConnection();
    running.disconnect();
    fixture.next(State.OFFLINE);
    server.accept().login();
    fixture.next(State.ONLINE);
    server.expectNoConnection();
  }

  @Test
  void wrongPassword_ofTheAccountDoesNotStopATrialOfTheRightOne() throws Exception {
    fixture.open(server);
    failSasl(server.accept());
    fixture.next(State.REFUSED);
    Future<LoginOutcome> wrong = fixture.attempt(server, "pen", LIGHT);
    failSasl(server.accept());
    assertThat(await(wrong).bound()).isFalse();
    fixture.expectNoEvent();
    server.expectNoConnection();

    Future<LoginOutcome> right = fixture.attempt(server, "crayon", LIGHT);
    server.accept().password("crayon").login();
    assertThat(await(right).bound()).isTrue();
    fixture.next(State.ONLINE);
  }

  @Test
  void login_thatIsGoodReplacesARunningSessionQuietly() throws Exception {
    Peer old = online();
    Future<LoginOutcome> outcome = fixture.attempt(server, "crayon", LIGHT);
    Peer fresh = server.accept().password("crayon").authenticate();
    fresh.openForBind();
    // A server that lets the newer session win ends the older one before it answers.
    old.send(CONFLICT);
    old.expect("closed");
    fresh.bound(LIGHT.toString()).roster();
    assertThat(await(outcome).bound()).isTrue();
    fixture.next(State.ONLINE);
    fixture.expectNoEvent();
    send("to-1");
    assertThat(fresh.expect("<close")).contains("id='to-1'");
    // Its next login is with what was tried.
    fresh.disconnect();
    fixture.next(State.OFFLINE);
    server.accept().password("crayon").login();
    fixture.next(State.ONLINE);
  }

  @Test
  void runningSession_thatItsServerDoesNotEndIsEndedByUs() throws Exception {
    Peer old = online();
    Future<LoginOutcome> outcome = fixture.attempt(server, "pencil", LIGHT);
    Peer fresh = server.accept();
    fresh.login();
    assertThat(await(outcome).bound()).isTrue();
    old.expect("type='unavailable'");
    old.expect("</stream:stream>");
    // What the old one says at its end is of no interest any more.
    old.send(CONFLICT);
    fixture.next(State.ONLINE);
    assertAlive(fresh);
    fixture.expectNoEvent();
    server.expectNoConnection();
  }

  @Test
  void runningSession_comesBackAtOnceWhenATrialTookItOverAndFailed() throws Exception {
    Peer old = online();
    Future<LoginOutcome> outcome = fixture.attempt(server, "crayon", LIGHT);
    Peer fresh = server.accept().password("crayon").authenticate();
    fresh.openForBind();
    old.send(CONFLICT);
    old.expect("closed");
    fixture.expectNoEvent();
    fresh.bound("me@example.test/other");
    LoginOutcome told = await(outcome);
    assertThat(told.bound()).isFalse();
    assertThat(told.reason()).contains("another full JID");
    fixture.next(State.OFFLINE);
    // With its own password, and without the minute that follows a conflict as a rule.
    server.accept().password("pencil").login();
    fixture.next(State.ONLINE);
  }

  @Test
  void runningSession_thatIsLostDuringATrialIsOfflineAndComesBackAfterIt() throws Exception {
    Peer old = online();
    Future<LoginOutcome> outcome = fixture.attempt(server, "crayon", LIGHT);
    Peer trial = server.accept();
    trial.openWithSasl();
    old.disconnect();
    fixture.next(State.OFFLINE);
    trial.expect("<auth");
    // Two logins of one full JID would end each other, so there is one at a time.
    server.expectNoConnection();
    trial.send(ScriptedXmppServer.sasl("failure", "<not-authorized/>"));
    assertThat(await(outcome).bound()).isFalse();
    server.accept().login();
    fixture.next(State.ONLINE);
  }

  @Test
  void sessionThatIsComingUp_leavesTheWayToATrial() throws Exception {
    fixture.open(server);
    Peer coming = server.accept();
    coming.openWithSasl().expect("<auth");
    Future<LoginOutcome> outcome = fixture.attempt(server, "pencil", LIGHT);
    coming.expect("</stream:stream>");
    coming.send("</stream:stream>");
    Peer trial = server.accept();
    trial.login();
    assertThat(await(outcome).bound()).isTrue();
    fixture.next(State.ONLINE);
    server.expectNoConnection();
    assertAlive(trial);
  }

  @Test
  void close_givesUpTheTrialAndTheSession() throws Exception {
    Peer running = online();
    Future<LoginOutcome> outcome = fixture.attempt(server, "crayon", LIGHT);
    Peer trial = server.accept();
    trial.openWithSasl().expect("<auth");
    Future<?> closed = fixture.close(LIGHT);
    assertThat(await(outcome)).isEqualTo(new LoginOutcome(false, "the session is closed"));
    running.expect("type='unavailable'");
    running.expect("</stream:stream>");
    running.send("</stream:stream>");
    trial.expect("</stream:stream>");
    trial.send("</stream:stream>");
    closed.await();
    fixture.next(State.CLOSED);
    server.expectNoConnection();
  }

  @Test
  void newerTrial_takesThePlaceOfAnOlderOne() throws Exception {
    Peer running = online();
    Future<LoginOutcome> first = fixture.attempt(server, "one", LIGHT);
    Peer slow = server.accept();
    slow.openWithSasl().expect("<auth");
    Future<LoginOutcome> second = fixture.attempt(server, "two", LIGHT);
    assertThat(await(first).reason()).contains("another login is tried");
    slow.expect("</stream:stream>");
    slow.send("</stream:stream>");
    server.accept().password("two").login();
    assertThat(await(second).bound()).isTrue();
    running.expect("type='unavailable'");
    fixture.next(State.ONLINE);
    fixture.expectNoEvent();
  }

  @Test
  void server_thatIsNotThereIsToldAsSuch() throws Exception {
    // Bound and not listening: nobody else can get this port meanwhile.
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Future<LoginOutcome> outcome =
          fixture.attempt(account(ACCOUNT, "pencil", taken.getLocalPort(), Tls.NONE), LIGHT);
      assertThat(await(outcome).reason())
          .contains("can't connect")
          .contains("nobody listens there");
    }
    fixture.expectNoEvent();
  }

  @Test
  void trial_obeysARedirectOnceAndIsOverWithTheNext(@TempDir Path dir) throws Exception {
    stop();
    X509Bundle authority = SessionFixture.authority(dir.resolve("ca.pem"));
    X509Bundle certificate = SessionFixture.certificate(authority, "example.test");
    fixture = new SessionFixture(dir.resolve("ca.pem"));
    server = new ScriptedXmppServer(fixture.vertx, certificate, true);
    try (ScriptedXmppServer other = new ScriptedXmppServer(fixture.vertx, certificate, true)) {
      Future<LoginOutcome> outcome =
          fixture.attempt(account(ACCOUNT, "pencil", server.port(), Tls.DIRECT), LIGHT);
      server.accept().refuse(seeOther(other));
      other.accept().refuse(seeOther(server));
      assertThat(await(outcome).reason()).contains("another host");
      server.expectNoConnection();
    }
  }

  private static String seeOther(ScriptedXmppServer there) {
    return "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>127.0.0.1:"
        + there.port()
        + "</see-other-host></stream:error>";
  }

  @Test
  void trial_waitsAtTheGateOfLogins() throws Exception {
    stop();
    fixture =
        new SessionFixture(new SessionFixture.Settings(null, Duration.ofMinutes(2), 1, 65_536));
    server = new ScriptedXmppServer(fixture.vertx, null, false);
    fixture.open(account(ACCOUNT, "pencil", server.port(), Tls.NONE), GATEWAY, SessionRole.GATEWAY);
    Peer first = server.accept();
    first.openWithSasl().expect("<auth");
    Future<LoginOutcome> outcome = fixture.attempt(server, "pencil", LIGHT);
    server.expectNoConnection();
    first.send(ScriptedXmppServer.sasl("failure", "<not-authorized/>"));
    fixture.next(State.REFUSED);
    server.accept().login();
    assertThat(await(outcome).bound()).isTrue();
  }

  @Test
  void anotherPassword_changesNothingForASessionThatIsUpUntilItsNextLogin() throws Exception {
    Peer running = online();
    fixture.open(account(ACCOUNT, "crayon", server.port(), Tls.NONE), LIGHT, SessionRole.DEVICE);
    assertAlive(running);
    fixture.expectNoEvent();
    server.expectNoConnection();
    running.disconnect();
    fixture.next(State.OFFLINE);
    server.accept().password("crayon").login();
    fixture.next(State.ONLINE);
  }

  @Test
  void anotherPassword_isTriedAtOnceByASessionThatIsComingUp() throws Exception {
    fixture.open(server);
    Peer coming = server.accept();
    coming.openWithSasl().expect("<auth");
    fixture.open(account(ACCOUNT, "crayon", server.port(), Tls.NONE), LIGHT, SessionRole.DEVICE);
    coming.expect("</stream:stream>");
    coming.send("</stream:stream>");
    server.accept().password("crayon").login();
    fixture.next(State.ONLINE);
    server.expectNoConnection();
  }

  @Test
  void anotherServer_getsTheSessionAnew() throws Exception {
    Peer running = online();
    try (ScriptedXmppServer other = new ScriptedXmppServer(fixture.vertx, null, false)) {
      fixture.open(other);
      fixture.next(State.CLOSED);
      running.expect("type='unavailable'");
      running.expect("</stream:stream>");
      running.send("</stream:stream>");
      other.accept().login();
      fixture.next(State.ONLINE);
    }
  }
}
