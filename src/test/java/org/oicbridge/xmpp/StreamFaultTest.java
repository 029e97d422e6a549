package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.xmpp.SessionFixture.ACCOUNT;
import static org.oicbridge.xmpp.SessionFixture.GATEWAY;
import static org.oicbridge.xmpp.SessionFixture.LIGHT;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oicbridge.bus.SessionEvent.State;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.Jid;

/** What ends a stream that was up, and what follows. */
@Timeout(60)
class StreamFaultTest {
  @TempDir static Path dir;
  private SessionFixture fixture;
  private ScriptedXmppServer server;

  private ScriptedXmppServer.Peer online(SessionFixture.Settings settings) throws Exception {
    fixture = new SessionFixture(settings);
    server = new ScriptedXmppServer(fixture.vertx, null, false);
    fixture.open(server);
    ScriptedXmppServer.Peer peer = server.accept().login();
    fixture.next(State.ONLINE);
    return peer;
  }

  private ScriptedXmppServer.Peer online() throws Exception {
    return online(new SessionFixture.Settings(null, Duration.ofMinutes(2), 8, 65_536));
  }

  @AfterEach
  void stop() {
    server.close();
    fixture.close();
  }

  private static String streamError(String condition) {
    return "<stream:error><"
        + condition
        + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>";
  }

  @Test
  void session_comesBackWhenTheConnectionIsLost() throws Exception {
    online().disconnect();
    assertThat(fixture.next(State.OFFLINE).reason()).contains("next attempt in 0 s");
    server.accept().login();
    fixture.next(State.ONLINE);
  }

  @Test
  void session_comesBackWhenTheServerShutsDown() throws Exception {
    online().send(streamError("system-shutdown"));
    assertThat(fixture.next(State.OFFLINE).reason()).contains("system-shutdown");
    server.accept().login();
    fixture.next(State.ONLINE);
  }

  @Test
  void session_waitsLongAfterAnObjection() throws Exception {
    online().send(streamError("policy-violation"));
    assertThat(fixture.next(State.OFFLINE).reason())
        .contains("policy-violation")
        .containsPattern("in 6\\d s");
  }

  @Test
  void conflict_stopsTheSessionAndSaysWhy() throws Exception {
    online().send(streamError("conflict"));
    assertThat(fixture.next(State.REFUSED).reason())
        .contains("another session took this one over")
        .contains("fewer sessions per account")
        .contains("not tried again until");
    server.expectNoConnection();
    // Others of the account are not concerned.
    fixture.open(account(), GATEWAY, SessionRole.GATEWAY);
    server.accept().login();
    fixture.next(State.ONLINE);
    server.expectNoConnection();
  }

  @Test
  void conflict_isOverWhenTheAccountIsWrittenAnew() throws Exception {
    online().send(streamError("conflict"));
    fixture.next(State.REFUSED);
    fixture.open(server);
    fixture.next(State.OFFLINE);
    server.accept().login();
    fixture.next(State.ONLINE);
  }

  private AccountConfig account() {
    return SessionFixture.account(ACCOUNT, "pencil", server.port(), Tls.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          <!DOCTYPE a>                           | not-well-formed
          <message><!-- x --></message>          | restricted-xml
          <message>&lol;</message>               | restricted-xml
          <message></messages>                         | not-well-formed
          """)
  void stream_endsOnBadXml(String xml, String condition) throws Exception {
    ScriptedXmppServer.Peer peer = online();
    peer.send(xml);
    peer.expect("<stream:error><" + condition);
    peer.expect("</stream:stream>");
    peer.expect("closed");
    assertThat(fixture.next(State.OFFLINE).reason()).contains("the server sent");
  }

  @Test
  void stream_endsOnAStanzaOverTheLimit() throws Exception {
    ScriptedXmppServer.Peer peer =
        online(new SessionFixture.Settings(null, Duration.ofMinutes(2), 8, 10_000));
    peer.send("<message>" + "x".repeat(40_000));
    peer.expect("<stream:error><policy-violation");
    assertThat(fixture.next(State.OFFLINE).reason()).contains("more than 10000 bytes");
  }

  @Test
  void server_thatIsSilentIsPingedAndThenLeft() throws Exception {
    ScriptedXmppServer.Peer peer =
        online(new SessionFixture.Settings(null, Duration.ofMillis(300), 8, 65_536));
    String ping = peer.expect("<ping xmlns='urn:xmpp:ping'/>");
    assertThat(ping).contains("to='example.test'");
    peer.send("<iq type='result' from='example.test' id='" + ScriptedXmppServer.id(ping) + "'/>");
    peer.expect("<ping xmlns='urn:xmpp:ping'/>");
    peer.expect("closed");
    assertThat(fixture.next(State.OFFLINE).reason()).contains("ping");
  }

  @Test
  void stop_saysGoodBye() throws Exception {
    ScriptedXmppServer.Peer peer = online();
    Future<Void> stopped = fixture.undeploy();
    peer.expect("<presence type='unavailable'/>");
    peer.expect("</stream:stream>");
    assertThat(stopped.isComplete()).isFalse();
    peer.send("</stream:stream>");
    stopped.await(1500, TimeUnit.MILLISECONDS);
    fixture.next(State.CLOSED);
  }

  @Test
  void close_doesNotWaitForEver() throws Exception {
    ScriptedXmppServer.Peer peer = online();
    Future<?> closed = fixture.close(LIGHT);
    peer.expect("<presence type='unavailable'/>");
    closed.await(5, TimeUnit.SECONDS);
    fixture.next(State.CLOSED);
    server.expectNoConnection();
  }

  @Test
  void redirect_isObeyedOnce() throws Exception {
    X509Bundle authority = SessionFixture.authority(dir.resolve("ca.pem"));
    X509Bundle certificate = SessionFixture.certificate(authority, "example.test");
    fixture = new SessionFixture(dir.resolve("ca.pem"));
    server = new ScriptedXmppServer(fixture.vertx, certificate, true);
    try (ScriptedXmppServer other = new ScriptedXmppServer(fixture.vertx, certificate, true)) {
      fixture.open(
          SessionFixture.account(ACCOUNT, "pencil", server.port(), Tls.DIRECT),
          LIGHT,
          SessionRole.DEVICE);
      server.accept().refuse(seeOther("127.0.0.1:" + other.port()));
      other.accept().refuse(seeOther("127.0.0.1:" + server.port()));
      // The second redirect counts as a failure: back to where the account says.
      server.accept().login();
    }
  }

  @Test
  void redirect_leadsNoWhereThatIsNotTheDomains() throws Exception {
    X509Bundle authority = SessionFixture.authority(dir.resolve("ca.pem"));
    fixture = new SessionFixture(dir.resolve("ca.pem"));
    server =
        new ScriptedXmppServer(
            fixture.vertx, SessionFixture.certificate(authority, "example.test"), true);
    X509Bundle another = SessionFixture.certificate(authority, "other.test");
    try (ScriptedXmppServer other = new ScriptedXmppServer(fixture.vertx, another, true)) {
      fixture.open(
          SessionFixture.account(ACCOUNT, "pencil", server.port(), Tls.DIRECT),
          LIGHT,
          SessionRole.DEVICE);
      server.accept().refuse(seeOther("127.0.0.1:" + other.port()));
      assertThat(fixture.next(State.OFFLINE).reason()).contains("sent us to another host");
      assertThat(fixture.next(State.OFFLINE).reason())
          .contains("not for the XMPP domain example.test");
    }
  }

  @Test
  void redirect_isNotObeyedWithoutTls() throws Exception {
    online().send(seeOther("127.0.0.1:1"));
    fixture.next(State.OFFLINE);
    server.accept().login();
    fixture.next(State.ONLINE);
  }

  private static String seeOther(String host) {
    return "<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>"
        + host
        + "</see-other-host></stream:error>";
  }

  @Test
  void logins_areLimitedAndAllGetTheirTurn() throws Exception {
    fixture =
        new SessionFixture(new SessionFixture.Settings(null, Duration.ofMinutes(2), 1, 65_536));
    server = new ScriptedXmppServer(fixture.vertx, null, false);
    fixture.open(server);
    Jid other = Jid.parse("you@example.test/OIC/1.0/oic.d.light/1");
    fixture.open(
        SessionFixture.account(other.bare(), "pencil", server.port(), Tls.NONE),
        other,
        SessionRole.DEVICE);
    ScriptedXmppServer.Peer first = server.accept().authenticate();
    server.expectNoConnection();
    first.bind().roster();
    ScriptedXmppServer.Peer second = server.accept().authenticate();
    second.openForBind();
    second.bound(other.toString()).roster();
    assertThat(fixture.next(State.ONLINE).jid()).isEqualTo(LIGHT);
    assertThat(fixture.next(State.ONLINE).jid()).isEqualTo(other);
  }
}
