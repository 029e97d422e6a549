package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.xmpp.SessionFixture.ACCOUNT;
import static org.oicbridge.xmpp.SessionFixture.GATEWAY;
import static org.oicbridge.xmpp.SessionFixture.LIGHT;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionEvent.State;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.Jid;

/** Logins that go wrong at SASL or at the binding of the resource. */
@Timeout(60)
class LoginFaultTest {
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

  private void failSasl(ScriptedXmppServer.Peer peer, String condition) throws Exception {
    peer.openWithSasl().expect("<auth");
    peer.send(ScriptedXmppServer.sasl("failure", "<" + condition + "/>"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not-authorized",
        "account-disabled",
        "credentials-expired",
        "malformed-request",
        "invalid-authzid"
      })
  void credentials_thatAreRefusedAreNotTriedAgain(String condition) throws Exception {
    fixture.open(server);
    fixture.open(
        SessionFixture.account(ACCOUNT, "pencil", server.port(), Tls.NONE),
        GATEWAY,
        SessionRole.GATEWAY);
    failSasl(server.accept(), condition);
    SessionEvent event = fixture.next(State.REFUSED);
    assertThat(event.reason()).contains(condition).doesNotContain("pencil");
    // The other session of the account is not even tried: servers ban for failed logins.
    assertThat(fixture.next(State.REFUSED).jid()).isNotEqualTo(event.jid());
    server.expectNoConnection();
    // A login that is asked for anew with the same password stays refused, another one is tried.
    fixture.open(server);
    server.expectNoConnection();
    fixture.open(
        SessionFixture.account(ACCOUNT, "pen", server.port(), Tls.NONE), LIGHT, SessionRole.DEVICE);
    assertThat(fixture.next(State.OFFLINE).reason()).contains("another login");
    server.accept().password("pen").login();
    fixture.next(State.ONLINE);
  }

  @Test
  void account_thatIsRefusedDoesNotTouchAnother() throws Exception {
    fixture.open(server);
    ScriptedXmppServer.Peer bad = server.accept();
    Jid other = Jid.parse("you@example.test/OIC/1.0/oic.d.light/1");
    AccountConfig account = SessionFixture.account(other.bare(), "pencil", server.port(), Tls.NONE);
    fixture.open(account, other, SessionRole.DEVICE);
    ScriptedXmppServer.Peer good = server.accept().authenticate();
    failSasl(bad, "not-authorized");
    assertThat(fixture.next(State.REFUSED).jid()).isEqualTo(LIGHT);
    good.openForBind();
    good.bound(other.toString()).roster();
    assertThat(fixture.next(State.ONLINE).jid()).isEqualTo(other);
  }

  @Test
  void login_thatFailsForATimeIsTriedAgain() throws Exception {
    fixture.open(server);
    failSasl(server.accept(), "temporary-auth-failure");
    assertThat(fixture.next(State.OFFLINE).reason()).contains("temporary-auth-failure");
    server.accept().login();
    fixture.next(State.ONLINE);
  }

  @Test
  void password_neverTravelsPlain() throws Exception {
    fixture.open(server);
    ScriptedXmppServer.Peer peer = server.accept();
    peer.open(
        "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism>"
            + "</mechanisms>");
    assertThat(peer.expect("")).isEqualTo("closed");
    assertThat(fixture.next(State.REFUSED).reason()).contains("SCRAM");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2147483648, 2147483648", "100001, 100001"})
  void iterations_outsideTheLimitsAreRefused(long iterations, String told) throws Exception {
    fixture.open(server);
    ScriptedXmppServer.Peer peer = server.accept().openWithSasl();
    peer.challenge(iterations);
    assertThat(peer.expect("")).isEqualTo("closed");
    assertThat(fixture.next(State.REFUSED).reason())
        .contains(told + " SCRAM iterations")
        .contains("4096 to 100000");
  }

  @Test
  void server_thatDoesNotKnowThePasswordIsLeft() throws Exception {
    fixture.open(server);
    ScriptedXmppServer.Peer peer = server.accept().openWithSasl();
    peer.challenge(4096);
    peer.expect("<response");
    peer.success("dj1ybUY5cHFWOFM3c3VBb1pXamE0ZEpSa0ZzS1E9");
    assertThat(peer.expect("")).isEqualTo("closed");
    assertThat(fixture.next(State.OFFLINE).reason())
        .contains("signature is wrong")
        .containsPattern("in 6\\d s");
  }

  @Test
  void server_thatSkipsTheProofIsLeft() throws Exception {
    fixture.open(server);
    ScriptedXmppServer.Peer peer = server.accept().openWithSasl();
    peer.expect("<auth");
    peer.success("");
    assertThat(peer.expect("")).isEqualTo("closed");
    assertThat(fixture.next(State.OFFLINE).reason()).contains("skipped");
  }

  @Test
  void signature_mayComeAsAChallenge() throws Exception {
    fixture.open(server);
    ScriptedXmppServer.Peer peer = server.accept().openWithSasl();
    var scram = peer.challenge(4096);
    String signature = scram.verify(ScriptedXmppServer.payload(peer.expect("<response")));
    peer.send(ScriptedXmppServer.sasl("challenge", signature));
    peer.expect("<response");
    peer.success("");
    peer.bind().roster();
    fixture.next(State.ONLINE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "me@example.test/OIC/1.0/oic.d.light/other",
        "me@example.test/OIC/1.0/oic.d.light/0685b960-736f-46f7-bec0-9e6cbd61adc1",
        "you@example.test/OIC/1.0/oic.d.light/0685B960-736F-46F7-BEC0-9E6CBD61ADC1",
        "me@example.test",
        "&lt;"
      })
  void stream_endsWhenAnotherJidIsBound(String jid) throws Exception {
    fixture.open(server);
    ScriptedXmppServer.Peer peer = server.accept().authenticate();
    assertThat(peer.openForBind()).contains("<resource>" + LIGHT.resource() + "</resource>");
    peer.bound(jid);
    assertThat(peer.expect("")).isEqualTo("closed");
    assertThat(fixture.next(State.OFFLINE).reason())
        .contains("another full JID")
        .containsPattern("in 6\\d s");
  }

  @Test
  void bind_comparesTheBareJidNormalised() throws Exception {
    fixture.open(server);
    ScriptedXmppServer.Peer peer = server.accept().authenticate();
    peer.openForBind();
    peer.bound("Me@EXAMPLE.test/" + LIGHT.resource()).roster();
    fixture.next(State.ONLINE);
  }

  @ParameterizedTest
  @CsvSource({"conflict, conflict", "resource-constraint, fewer sessions per account"})
  void bind_thatIsRefusedIsTriedMuchLater(String condition, String reason) throws Exception {
    fixture.open(server);
    ScriptedXmppServer.Peer peer = server.accept().authenticate();
    peer.openForBind();
    peer.send(
        "<iq type='error' id='bind'><error type='cancel'><"
            + condition
            + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
    assertThat(fixture.next(State.OFFLINE).reason()).contains(reason).containsPattern("in 6\\d s");
  }
}
