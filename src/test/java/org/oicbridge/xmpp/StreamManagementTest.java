package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.xmpp.SessionFixture.ACCOUNT;
import static org.oicbridge.xmpp.SessionFixture.GATEWAY;
import static org.oicbridge.xmpp.SessionFixture.LIGHT;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Future;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.LinkEvent;
import org.oicbridge.bus.LoginOutcome;
import org.oicbridge.bus.SessionEvent.State;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.xmpp.ScriptedXmppServer.Peer;

/** Streams that are managed (XEP-0198), and what becomes of them when their connection is lost. */
@Timeout(60)
class StreamManagementTest {
  private static final String R = "<r xmlns='urn:xmpp:sm:3'/>";

  /** What every session sends before anything else: the question for the roster, and presence. */
  private static final int OF_LOGIN = 2;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private SessionFixture fixture;
  private ScriptedXmppServer server;

  @BeforeEach
  void start() {
    Metrics.addRegistry(meters);
    fixture = new SessionFixture((Path) null);
    server = new ScriptedXmppServer(fixture.vertx, null, false);
  }

  @AfterEach
  void stop() {
    server.close();
    fixture.close();
    Metrics.removeRegistry(meters);
    meters.close();
  }

  private static String a(int h) {
    return "<a xmlns='urn:xmpp:sm:3' h='" + h + "'/>";
  }

  private static String resumed(int h) {
    return "<resumed xmlns='urn:xmpp:sm:3' previd='id-1' h='" + h + "'/>";
  }

  private static String failed() {
    return "<failed xmlns='urn:xmpp:sm:3' h='1'><item-not-found"
        + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>";
  }

  /** A session whose login is acknowledged. */
  private Peer online(String enabled) throws Exception {
    fixture.open(server);
    Peer peer = server.accept().managed(enabled).login();
    fixture.next(State.ONLINE);
    peer.expect(R);
    return peer.send(a(OF_LOGIN));
  }

  private Peer online() throws Exception {
    return online("id='id-1' resume='true'");
  }

  private void send(String... ids) {
    for (String id : ids) {
      fixture.send(new Ibb.Close(LIGHT, GATEWAY, id, "s"));
    }
  }

  private static void expect(Peer peer, String... ids) throws Exception {
    for (String id : ids) {
      peer.expect("id='" + id + "'");
    }
  }

  /** The next connection, up to the question whether the lost stream can be resumed. */
  private Peer resuming(int h) throws Exception {
    Peer peer = server.accept().managed("id='id-2' resume='true'").authenticate();
    peer.openAuthenticated();
    assertThat(peer.expect("<resume"))
        .isEqualTo("<resume xmlns='urn:xmpp:sm:3' previd='id-1' h='" + h + "'/>");
    return peer;
  }

  /** The next connection, which must not resume anything. */
  private void binds() throws Exception {
    server.accept().managed("id='id-2' resume='true'").login();
    fixture.next(State.ONLINE);
  }

  private double resumptions(String outcome) {
    return meters.counter("oicgw.xmpp.resumptions", "outcome", outcome).count();
  }

  private double gauge(String name) {
    return meters.get(name).gauge().value();
  }

  @Test
  void count_isToldAtOnceAndCountsStanzasOnly() throws Exception {
    Peer peer = online();
    // The roster.
    peer.send(R);
    peer.expect(a(1));
    peer.send("<message/><presence from='@'/>" + a(OF_LOGIN) + "<iq type='result' id='x'/> " + R);
    peer.expect(a(4));
    peer.send(R);
    peer.expect(a(4));
  }

  @Test
  void server_isAskedOnceAfterABurst() throws Exception {
    Peer peer = online();
    send("1", "2", "3");
    expect(peer, "1", "2", "3");
    peer.expect(R);
    send("4", "5");
    expect(peer, "4", "5");
    peer.expectNothing();
    // Half of them, so it is asked for the rest.
    peer.send(a(OF_LOGIN + 3));
    peer.expect(R);
    peer.send(a(OF_LOGIN + 5) + R);
    peer.expect(a(1));
    peer.expectNothing();
    assertThat(gauge("oicgw.xmpp.unacknowledged")).isZero();
  }

  @Test
  void server_isAskedWithinALongBurst() throws Exception {
    Peer peer = online();
    send("n0");
    expect(peer, "n0");
    peer.expect(R);
    // That was after a while; it does not answer, so that only the number counts from here on.
    for (int i = 1; i <= 100; i++) {
      send("n" + i);
    }
    for (int i = 1; i <= 100; i++) {
      expect(peer, "n" + i);
    }
    peer.expect(R);
  }

  @Test
  void stream_isResumedWithWhatWasNotAcknowledgedOnceAndInOrder() throws Exception {
    Peer peer = online();
    send("1", "2", "3");
    expect(peer, "1", "2", "3");
    peer.disconnect();
    Peer next = resuming(1);
    assertThat(gauge("oicgw.xmpp.detached")).isEqualTo(1);
    send("4");
    // Changes nothing; its answer shows that what was sent before is kept.
    fixture.open(server);
    next.send(resumed(OF_LOGIN + 1));
    expect(next, "2", "3", "4");
    next.expect(R);
    next.send(a(OF_LOGIN + 4));
    send("5");
    expect(next, "5");
    next.send(R);
    next.expect(a(1));
    fixture.expectNoEvent();
    server.expectNoConnection();
    assertThat(resumptions("resumed")).isEqualTo(1);
    assertThat(gauge("oicgw.xmpp.detached")).isZero();
    assertThat(meters.counter("oicgw.xmpp.resent").count()).isEqualTo(3);
  }

  @Test
  void stream_isResumedAgainAndAgain() throws Exception {
    Peer peer = online();
    for (int i = 0; i < 3; i++) {
      send("n" + i);
      // Whether it left before or after the loss.
      peer.disconnect();
      peer = resuming(1 + i);
      peer.send(resumed(OF_LOGIN + i));
      expect(peer, "n" + i);
      peer.expect(R);
      peer.send("<message/>" + a(OF_LOGIN + i + 1) + R);
      peer.expect(a(2 + i));
    }
    fixture.expectNoEvent();
  }

  @Test
  void connection_thatIsNotThereIsTriedAgainWithoutAWord() throws Exception {
    online().disconnect();
    server.accept().disconnect();
    server.accept().openWithSasl().disconnect();
    Peer next = resuming(1);
    next.disconnect();
    next = resuming(1);
    send("1");
    next.send(resumed(OF_LOGIN));
    expect(next, "1");
    fixture.expectNoEvent();
  }

  private void sendData(String... ids) {
    for (String id : ids) {
      fixture.send(new Ibb.Data(LIGHT, GATEWAY, id, "s", 0, "", Ibb.Carrier.MESSAGE));
    }
  }

  private List<String> unsent() {
    return fixture.ibb.stream().map(told -> ((Ibb.Unsent) told).id()).toList();
  }

  @Test
  void way_isToldWhenItIsCutAndWhenItIsOpen() throws Exception {
    Peer peer = online();
    peer.disconnect();
    assertThat(fixture.nextLink()).isEqualTo(LinkEvent.State.CUT);
    resuming(1).send(resumed(OF_LOGIN));
    assertThat(fixture.nextLink()).isEqualTo(LinkEvent.State.OPEN);
  }

  @Test
  void stanza_thatTheServerSaysItNeverHandledIsToldToBeUnsent() throws Exception {
    Peer peer = online();
    sendData("1", "2", "3");
    expect(peer, "1", "2", "3");
    peer.disconnect();
    Peer next = resuming(1);
    next.send(failed().replace("h='1'", "h='" + (OF_LOGIN + 1) + "'"));
    fixture.next(State.OFFLINE);
    assertThat(unsent()).containsExactly("2", "3");
  }

  @Test
  void stanza_ofWhichTheServerSaysNothingIsUnsentOnlyIfItWasNeverWritten() throws Exception {
    Peer peer = online();
    sendData("1");
    expect(peer, "1");
    peer.disconnect();
    assertThat(fixture.nextLink()).isEqualTo(LinkEvent.State.CUT);
    sendData("2");
    Peer next = resuming(1);
    next.send(failed().replace(" h='1'", ""));
    fixture.next(State.OFFLINE);
    assertThat(unsent()).containsExactly("2");
  }

  @Test
  void stream_thatTheServerHasNotKeptIsBoundAnewOnTheSameConnection() throws Exception {
    Peer peer = online();
    send("1");
    expect(peer, "1");
    peer.disconnect();
    Peer next = resuming(1);
    send("2");
    next.send(failed());
    assertThat(fixture.next(State.OFFLINE).reason()).contains("item-not-found");
    // Nobody knows what the peers think of the old stream, so nothing of it is sent again.
    next.bindAgain().roster();
    fixture.next(State.ONLINE);
    next.expect(R);
    // Its answer shows that it has read what came before.
    next.send(a(OF_LOGIN) + R);
    next.expect(a(1));
    send("3");
    expect(next, "3");
    assertThat(resumptions("failed")).isEqualTo(1);
    server.expectNoConnection();
    assertThat(gauge("oicgw.xmpp.unacknowledged")).isEqualTo(1);
  }

  @Test
  void nothing_isKeptOfConnectionsWhoseStreamsWereLost() throws Exception {
    Peer peer = online();
    long first = 0;
    for (int outage = 0; outage < 5; outage++) {
      peer.disconnect();
      peer = server.accept().managed("id='id-1' resume='true'").authenticate();
      peer.openAuthenticated();
      peer.expect("<resume");
      peer.send(failed());
      fixture.next(State.OFFLINE);
      peer.bindAgain().roster();
      fixture.next(State.ONLINE);
      peer.expect(R);
      peer.send(a(OF_LOGIN));
      if (outage == 0) {
        first = streams();
      }
    }
    assertThat(streams()).isLessThanOrEqualTo(first);
  }

  /** How many there are after a collection. */
  private static long streams() throws Exception {
    Object histogram =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
    String name = XmppStream.class.getName();
    return histogram
        .toString()
        .lines()
        .filter(line -> line.matches(".* " + Pattern.quote(name) + "( .*)?"))
        .mapToLong(line -> Long.parseLong(line.trim().split(" +", -1)[1]))
        .sum();
  }

  @Test
  void stream_isBoundAnewWhereNoneIsManagedAnyMore() throws Exception {
    online().disconnect();
    server.accept().login();
    assertThat(fixture.next(State.OFFLINE).reason()).contains("does not manage");
    fixture.next(State.ONLINE);
  }

  @Test
  void count_ofMoreThanWasSentEndsTheStreamForGood() throws Exception {
    Peer peer = online();
    peer.send(a(OF_LOGIN + 1));
    assertThat(peer.expect("<stream:error>"))
        .contains("<undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>")
        .contains("<handled-count-too-high xmlns='urn:xmpp:sm:3' h='3' send-count='2'/>");
    fixture.next(State.OFFLINE);
    binds();
  }

  @Test
  void count_ofMoreThanWasSentInAResumptionEndsTheStreamForGood() throws Exception {
    online().disconnect();
    Peer next = resuming(1);
    next.send(resumed(OF_LOGIN + 1));
    next.expect("handled-count-too-high");
    fixture.next(State.OFFLINE);
    fixture.next(State.OFFLINE);
    binds();
    assertThat(resumptions("failed")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<a xmlns='urn:xmpp:sm:3'/>", "<a xmlns='urn:xmpp:sm:3' h='-1'/>"})
  void count_thatIsNoneEndsTheStream(String xml) throws Exception {
    online().send(xml).expect("<stream:error><bad-format");
    fixture.next(State.OFFLINE);
  }

  @Test
  void otherStream_isNotTakenForTheLostOne() throws Exception {
    online().disconnect();
    Peer next = resuming(1);
    next.send("<resumed xmlns='urn:xmpp:sm:3' previd='id-2' h='2'/>");
    next.expect("closed");
    fixture.expectNoEvent();
  }

  @Test
  void stream_isLostWhenTheServersTimeIsUp() throws Exception {
    online("id='id-1' resume='true' max='1'").disconnect();
    Peer next = resuming(1);
    assertThat(fixture.next(State.OFFLINE).reason()).contains("in time");
    next.expect("</stream:stream>");
    next.send("</stream:stream>");
    binds();
    assertThat(resumptions("expired")).isEqualTo(1);
  }

  @Test
  void stream_isLostWhenMoreIsToBeSentThanIsKept() throws Exception {
    online().disconnect();
    Peer next = resuming(1);
    for (int i = 0; i <= Unacknowledged.MAX_STANZAS; i++) {
      send("n");
    }
    assertThat(fixture.next(State.OFFLINE).reason()).contains("more was to be sent");
    next.expect("</stream:stream>");
    next.send("</stream:stream>");
    binds();
    assertThat(resumptions("overflowed")).isEqualTo(1);
    assertThat(gauge("oicgw.xmpp.detached")).isZero();
  }

  @Test
  void server_thatAcknowledgesNothingIsLeft() throws Exception {
    Peer peer = online();
    for (int i = 0; i <= Unacknowledged.MAX_STANZAS; i++) {
      send("n");
    }
    assertThat(fixture.next(State.OFFLINE).reason()).contains("does not acknowledge");
    binds();
    peer.disconnect();
  }

  @ParameterizedTest
  @ValueSource(strings = {"id='id-1'", "resume='true'", ""})
  void stream_thatCantBeResumedIsBoundAnew(String enabled) throws Exception {
    online(enabled).disconnect();
    fixture.next(State.OFFLINE);
    binds();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "</stream:stream>",
        "<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
            + "</stream:error></stream:stream>"
      })
  void stream_thatTheServerEndsIsNotResumed(String end) throws Exception {
    online().send(end);
    fixture.next(State.OFFLINE);
    binds();
    assertThat(resumptions("resumed")).isZero();
  }

  @Test
  void session_goesOnWithoutItWhenTheServerCantEnableIt() throws Exception {
    fixture.open(server);
    Peer peer = server.accept().managed("").authenticate();
    peer.openForBind();
    peer.bound(LIGHT.toString()).expect("<enable");
    // A peer that knows the full JID may be quicker than the server's answer.
    peer.send("<iq type='get' id='p' from='a@b'><ping xmlns='urn:xmpp:ping'/></iq>");
    expect(peer, "p");
    peer.send(failed()).roster();
    fixture.next(State.ONLINE);
    send("1");
    expect(peer, "1");
    peer.disconnect();
    fixture.next(State.OFFLINE);
  }

  @Test
  void nothing_isEnabledWhenTheConfigurationSaysSo() throws Exception {
    stop();
    fixture = new SessionFixture(SessionFixture.unmanaged(0, 0), 8);
    server = new ScriptedXmppServer(fixture.vertx, null, false);
    fixture.open(server);
    Peer peer = server.accept().managed("").authenticate();
    peer.openForBind();
    peer.bound(LIGHT.toString()).roster();
    fixture.next(State.ONLINE);
  }

  @Test
  void deadConnection_isFoundByAskingForTheCount() throws Exception {
    stop();
    Metrics.addRegistry(meters);
    fixture =
        new SessionFixture(new SessionFixture.Settings(null, Duration.ofSeconds(1), 8, 65_536));
    server = new ScriptedXmppServer(fixture.vertx, null, false);
    long before = System.nanoTime();
    Peer peer = online();
    peer.expect(R);
    peer.send(a(OF_LOGIN));
    peer.expect(R);
    peer.expect("closed");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(9));
    resuming(1).send(resumed(OF_LOGIN) + R).expect(a(1));
    fixture.expectNoEvent();
  }

  /** A session whose server is asked after a minute of silence, and has that long to answer. */
  private Peer patientlyOnline(Duration timeout) throws Exception {
    stop();
    Metrics.addRegistry(meters);
    fixture = new SessionFixture(SessionFixture.watched(Duration.ofMinutes(1), timeout), 8);
    server = new ScriptedXmppServer(fixture.vertx, null, false);
    return online();
  }

  @Test
  void deadConnection_isFoundSoonerWhenSomethingIsSentOnIt() throws Exception {
    Peer peer = patientlyOnline(Duration.ofSeconds(1));
    long before = System.nanoTime();
    send("1");
    expect(peer, "1");
    peer.expect(R);
    peer.expect("closed");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(9));
    Peer next = resuming(1);
    next.send(resumed(OF_LOGIN));
    expect(next, "1");
    next.expect(R);
    // So is the one on which it was resumed.
    next.expect("closed");
    resuming(1).send(resumed(OF_LOGIN + 1) + R).expect(a(1));
    fixture.expectNoEvent();
  }

  @Test
  void deadConnection_isFoundThatDiedAfterAnAnswer() throws Exception {
    Peer peer = patientlyOnline(Duration.ofSeconds(1));
    long before = System.nanoTime();
    send("1");
    expect(peer, "1");
    peer.expect(R);
    peer.send(a(OF_LOGIN + 1) + R);
    peer.expect(a(1));
    send("2");
    expect(peer, "2");
    peer.expect(R);
    peer.expect("closed");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(9));
    resuming(1).send(resumed(OF_LOGIN + 2) + R).expect(a(1));
    fixture.expectNoEvent();
  }

  @Test
  void server_thatIsSlowHasTheTimeThatItsSpeedTakes() throws Exception {
    Peer peer = patientlyOnline(Duration.ofMillis(300));
    String block = "A".repeat(28_000);
    fixture.send(new Ibb.Data(LIGHT, GATEWAY, "1", "s", 0, block, Ibb.Carrier.MESSAGE));
    expect(peer, "1");
    peer.expect(R);
    long before = System.nanoTime();
    peer.expect("closed");
    // 8 KB at 2,500 bytes per second, after 20 KB that may come at once.
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofSeconds(3));
  }

  @Test
  void farewell_acknowledgesWhatWasHandled() throws Exception {
    Peer peer = online();
    Future<?> closed = fixture.close(LIGHT);
    peer.expect("<presence type='unavailable'/>");
    peer.expect(a(1));
    peer.expect("</stream:stream>");
    peer.send("</stream:stream>");
    closed.await();
    fixture.next(State.CLOSED);
  }

  @Test
  void close_givesUpWhatWasToBeResumed() throws Exception {
    online().disconnect();
    Peer next = resuming(1);
    Future<?> closed = fixture.close(LIGHT);
    fixture.next(State.CLOSED);
    next.expect("</stream:stream>");
    next.send("</stream:stream>");
    closed.await();
    server.expectNoConnection();
    assertThat(resumptions("abandoned")).isEqualTo(1);
    assertThat(gauge("oicgw.xmpp.unacknowledged")).isZero();
  }

  @Test
  void credentials_thatAreRefusedEndTheWait() throws Exception {
    online().disconnect();
    Peer next = server.accept().openWithSasl();
    next.expect("<auth");
    next.send(ScriptedXmppServer.sasl("failure", "<not-authorized/>"));
    fixture.next(State.REFUSED);
    server.expectNoConnection();
    assertThat(resumptions("abandoned")).isEqualTo(1);
  }

  @Test
  void trial_takesThePlaceOfAStreamThatIsLost() throws Exception {
    Peer peer = online();
    send("1");
    expect(peer, "1");
    peer.disconnect();
    Peer next = resuming(1);
    Future<LoginOutcome> outcome = fixture.attempt(server, "crayon", LIGHT);
    next.expect("</stream:stream>");
    next.send("</stream:stream>");
    Peer fresh = server.accept().password("crayon").managed("id='id-1' resume='true'").login();
    fixture.next(State.ONLINE);
    assertThat(outcome.await().bound()).isTrue();
    fresh.expect(R);
    fresh.send(a(OF_LOGIN));
    // What was lost with the old stream does not come with the new one, which has counts of its
    // own.
    send("2");
    expect(fresh, "2");
    fresh.disconnect();
    Peer again = server.accept().password("crayon").managed("").authenticate();
    again.openAuthenticated().expect("previd='id-1' h='1'");
    again.send(resumed(OF_LOGIN));
    expect(again, "2");
    fixture.expectNoEvent();
  }

  @Test
  void trial_thatFailsLeavesTheLostStreamToBeResumed() throws Exception {
    Peer peer = online();
    send("1");
    expect(peer, "1");
    peer.disconnect();
    Peer next = resuming(1);
    Future<LoginOutcome> outcome = fixture.attempt(server, "crayon", LIGHT);
    next.expect("</stream:stream>");
    next.send("</stream:stream>");
    Peer trial = server.accept().openWithSasl();
    trial.expect("<auth");
    trial.send(ScriptedXmppServer.sasl("failure", "<not-authorized/>"));
    assertThat(outcome.await().bound()).isFalse();
    resuming(1).send(resumed(OF_LOGIN)).expect("id='1'");
    fixture.expectNoEvent();
  }

  @Test
  void anotherPassword_isWhatTheLostStreamIsResumedWith() throws Exception {
    online().disconnect();
    Peer next = resuming(1);
    fixture.open(
        SessionFixture.account(ACCOUNT, "crayon", server.port(), Tls.NONE),
        LIGHT,
        SessionRole.DEVICE);
    next.expect("</stream:stream>");
    next.send("</stream:stream>");
    Peer again = server.accept().password("crayon").managed("").authenticate();
    again.openAuthenticated().expect("previd='id-1' h='1'");
    again.send(resumed(OF_LOGIN) + R).expect(a(1));
    fixture.expectNoEvent();
  }

  @Test
  void location_isTriedFirstUnderTls(@TempDir Path dir) throws Exception {
    stop();
    X509Bundle authority = SessionFixture.authority(dir.resolve("ca.pem"));
    X509Bundle certificate = SessionFixture.certificate(authority, "example.test");
    fixture = new SessionFixture(dir.resolve("ca.pem"));
    server = new ScriptedXmppServer(fixture.vertx, certificate, true);
    try (ScriptedXmppServer other = new ScriptedXmppServer(fixture.vertx, certificate, true)) {
      fixture.open(
          SessionFixture.account(ACCOUNT, "pencil", server.port(), Tls.DIRECT),
          LIGHT,
          SessionRole.DEVICE);
      Peer peer =
          server
              .accept()
              .managed("id='id-1' resume='true' location='127.0.0.1:" + other.port() + "'")
              .login();
      fixture.next(State.ONLINE);
      peer.disconnect();
      other.accept().disconnect();
      Peer next = resuming(1);
      next.send(resumed(OF_LOGIN) + R).expect(a(1));
      fixture.expectNoEvent();
    }
  }

  @Test
  void location_isNotObeyedWithoutTls() throws Exception {
    online("id='id-1' resume='true' location='127.0.0.1:1'").disconnect();
    resuming(1).send(resumed(OF_LOGIN) + R).expect(a(1));
    fixture.expectNoEvent();
  }
}
