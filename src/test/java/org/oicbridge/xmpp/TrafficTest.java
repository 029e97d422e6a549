package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.xmpp.SessionFixture.ACCOUNT;
import static org.oicbridge.xmpp.SessionFixture.GATEWAY;
import static org.oicbridge.xmpp.SessionFixture.LIGHT;
import static org.oicbridge.xmpp.SessionFixture.take;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.LinkEvent;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.bus.SessionEvent.State;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.Jid;

/** What travels once a session is online. */
@Timeout(60)
class TrafficTest {
  private static final Jid PEER = Jid.parse("you@example.test/OIC/1.0/Client/7");
  private static final String SERVICE_UNAVAILABLE =
      "<error type='cancel'><service-unavailable"
          + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";

  private SessionFixture fixture;
  private ScriptedXmppServer server;
  private ScriptedXmppServer.Peer peer;

  @BeforeEach
  void start() {
    fixture = new SessionFixture((Path) null);
    server = new ScriptedXmppServer(fixture.vertx, null, false);
  }

  private void online(Jid jid, SessionRole role) throws Exception {
    fixture.open(SessionFixture.account(ACCOUNT, "pencil", server.port(), Tls.NONE), jid, role);
    peer = server.accept().login();
    fixture.next(State.ONLINE);
  }

  @AfterEach
  void stop() {
    server.close();
    fixture.close();
  }

  /** Asks something that is always answered, so that everything before it has been handled. */
  private void settle() throws Exception {
    peer.send("<iq type='get' id='settle' from='example.test'><ping xmlns='urn:xmpp:ping'/></iq>");
    peer.expect("<iq to='example.test' id='settle' type='result'/>");
  }

  @Test
  void bytestream_travelsBothWays() throws Exception {
    online(LIGHT, SessionRole.DEVICE);
    peer.send(
        "<iq type='set' id='1' from='"
            + PEER
            + "'><open xmlns='http://jabber.org/protocol/ibb' block-size='4096' sid='s'"
            + " stanza='message'/></iq>");
    assertThat(take(fixture.ibb))
        .isEqualTo(new Ibb.Open(LIGHT, PEER, "1", "s", 4096, Ibb.Carrier.MESSAGE));
    fixture.send(new Ibb.Accepted(LIGHT, PEER, "1"));
    peer.expect("<iq to='" + PEER + "' id='1' type='result'/>");
    fixture.send(new Ibb.Data(LIGHT, PEER, "ibb-1", "s", 0, "PHJlc3Q+", Ibb.Carrier.MESSAGE));
    peer.expect(
        "<message to='"
            + PEER
            + "' id='ibb-1'><data xmlns='http://jabber.org/protocol/ibb' sid='s' seq='0'>PHJlc3Q+"
            + "</data><no-copy xmlns='urn:xmpp:hints'/><no-store xmlns='urn:xmpp:hints'/>");
    peer.send("<iq type='result' id='ibb-2' from='" + PEER + "'/>");
    assertThat(take(fixture.ibb)).isEqualTo(new Ibb.Accepted(LIGHT, PEER, "ibb-2"));
  }

  @Test
  void bytestream_ofNobodyInParticularIsNotTaken() throws Exception {
    online(LIGHT, SessionRole.DEVICE);
    String data = "<data xmlns='http://jabber.org/protocol/ibb' sid='s' seq='0'>AA==</data>";
    peer.send("<message from='you@example.test'>" + data + "</message>");
    peer.send("<message>" + data + "</message>");
    peer.send("<message from='@'>" + data + "</message>");
    peer.send("<iq type='result' id='ibb-1'/>");
    peer.send("<iq type='result' id='other' from='" + PEER + "'/>");
    settle();
    assertThat(fixture.ibb).isEmpty();
  }

  @Test
  void open_thatIsMalformedIsRefusedAtOnce() throws Exception {
    online(LIGHT, SessionRole.DEVICE);
    peer.send(
        "<iq type='set' id='1' from='"
            + PEER
            + "'><open xmlns='http://jabber.org/protocol/ibb' block-size='0' sid='s'/></iq>");
    assertThat(peer.expect("bad-request")).contains("id='1' type='error'").contains("modify");
    assertThat(fixture.ibb).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"me@example.test, result", "'', result", "you@example.test, error"})
  void rosterPush_isTakenFromOurOwnAccountOnly(String from, String type) throws Exception {
    // RFC 6121 section 2.1.6
    online(LIGHT, SessionRole.DEVICE);
    peer.send(
        "<iq type='set' id='push'"
            + (from.isEmpty() ? "" : " from='" + from + "'")
            + "><query xmlns='jabber:iq:roster'><item jid='a@b'/></query></iq>");
    assertThat(peer.expect("id='push'")).contains("type='" + type + "'");
  }

  @Test
  void answer_fromAnotherThanWhoWasAskedIsNotTaken() throws Exception {
    online(GATEWAY, SessionRole.GATEWAY);
    String ver = Capabilities.hash(query("urn:x-oic-ra:token:0"), "sha-1");
    peer.send(presence(PEER, ver));
    String ask = peer.expect("disco#info");
    String id = ScriptedXmppServer.id(ask);
    assertThat(take(fixture.presences)).isEqualTo(new PeerPresence(GATEWAY, PEER, true, false));
    peer.send(disco(id, "mallory@example.test/x"));
    settle();
    assertThat(fixture.presences).isEmpty();
    peer.send(disco(id, PEER.toString()));
    assertThat(take(fixture.presences)).isEqualTo(new PeerPresence(GATEWAY, PEER, true, true));
    // The next one with the same capabilities needs no question.
    Jid second = Jid.parse("you@example.test/OIC/1.0/Client/8");
    peer.send(presence(second, ver));
    assertThat(take(fixture.presences)).isEqualTo(new PeerPresence(GATEWAY, second, true, true));
    settle();
  }

  @Test
  void presence_isSentAgainWhenAnOlderSessionOfTheSameNameIsToldToBeGone() throws Exception {
    online(LIGHT, SessionRole.DEVICE);
    peer.send("<presence from='" + LIGHT + "'/>");
    settle();
    peer.send("<presence type='unavailable' from='" + LIGHT + "'/>");
    assertThat(peer.expect("<presence>")).contains("http://jabber.org/protocol/caps");
    settle();
  }

  @Test
  void presence_isSentASecondTimeSinceTheFirstMayBeOvertaken() throws Exception {
    online(LIGHT, SessionRole.DEVICE);
    settle();
    assertThat(peer.expectWithin(25, "<presence>")).contains("http://jabber.org/protocol/caps");
  }

  @Test
  void presence_ofAStrangerIsNeitherToldNorAnswered() throws Exception {
    online(GATEWAY, SessionRole.GATEWAY);
    peer.send(presence(Jid.parse("stranger@example.test/OIC/1.0/Client/9"), "AAAA"));
    peer.send(presence(PEER, "BBBB"));
    assertThat(peer.expect("disco#info")).contains("to='" + PEER + "'");
    assertThat(take(fixture.presences).peer()).isEqualTo(PEER);
    settle();
  }

  @Test
  void capabilities_thatDoNotHashToWhatWasSaidAreNotBelieved() throws Exception {
    online(GATEWAY, SessionRole.GATEWAY);
    peer.send(presence(PEER, "AAAA"));
    String id = ScriptedXmppServer.id(peer.expect("disco#info"));
    take(fixture.presences);
    peer.send(disco(id, PEER.toString()));
    settle();
    assertThat(fixture.presences).isEmpty();
  }

  private static Element query(String feature) {
    return Element.named("query", Capabilities.INFO)
        .child(Element.named("feature", Capabilities.INFO).attribute("var", feature).build())
        .build();
  }

  private static String presence(Jid from, String ver) {
    return "<presence from='"
        + from
        + "'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='"
        + ver
        + "'/></presence>";
  }

  private static String disco(String id, String from) {
    return "<iq type='result' id='"
        + id
        + "' from='"
        + from
        + "'>"
        + query("urn:x-oic-ra:token:0").toXml()
        + "</iq>";
  }

  @Test
  void presence_ofPeersIsToldByTheGatewaysSession() throws Exception {
    online(GATEWAY, SessionRole.GATEWAY);
    peer.send("<presence from='" + GATEWAY + "'/>");
    peer.send("<presence from='you@example.test'/>");
    String ours = Capabilities.of(SessionRole.DEVICE).ver();
    peer.send(presence(LIGHT, ours));
    assertThat(take(fixture.presences)).isEqualTo(new PeerPresence(GATEWAY, LIGHT, true, true));
    peer.send("<presence from='" + PEER + "'><show>dnd</show></presence>");
    assertThat(take(fixture.presences)).isEqualTo(new PeerPresence(GATEWAY, PEER, true, false));
    peer.send("<presence type='unavailable' from='" + PEER + "'/>");
    assertThat(take(fixture.presences)).isEqualTo(new PeerPresence(GATEWAY, PEER, false, false));
  }

  @Test
  void presence_ofPeersIsToldByADeviceOnlyWhenTheyGo() throws Exception {
    online(LIGHT, SessionRole.DEVICE);
    peer.send(presence(PEER, "AAAA"));
    peer.send("<presence type='unavailable' from='" + PEER + "'/>");
    assertThat(take(fixture.presences)).isEqualTo(new PeerPresence(LIGHT, PEER, false, false));
    settle();
    assertThat(fixture.presences).isEmpty();
  }

  @Test
  void subscription_isDeniedPolitely() throws Exception {
    online(LIGHT, SessionRole.DEVICE);
    peer.send("<presence type='probe' from='" + PEER + "'/>");
    peer.send("<presence type='subscribe' from='you@example.test'/>");
    peer.expect("<presence to='you@example.test' type='unsubscribed'/>");
  }

  @Test
  void ping_isAnswered() throws Exception {
    online(LIGHT, SessionRole.DEVICE);
    peer.send("<iq type='get' id='p' from='" + PEER + "'><ping xmlns='urn:xmpp:ping'/></iq>");
    assertThat(peer.expect("id='p'")).contains("type='result'").contains("to='" + PEER + "'");
  }

  @Test
  void discovery_tellsWhatASessionCanDo() throws Exception {
    online(LIGHT, SessionRole.DEVICE);
    peer.send(
        "<iq type='get' id='1' from='"
            + PEER
            + "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
    assertThat(peer.expect("disco#info"))
        .contains("<identity category='client' type='bot'")
        .contains("<feature var='http://jabber.org/protocol/ibb'/>")
        .contains("<feature var='urn:xmpp:ping'/>")
        .contains("<feature var='urn:x-oic-ra:token:0'/>");
    peer.send(
        "<iq type='get' id='2' from='"
            + PEER
            + "'><query xmlns='http://jabber.org/protocol/disco#info' node='x'/></iq>");
    peer.expect("item-not-found");
  }

  @Test
  void request_thatIsNotServedIsRefused() throws Exception {
    online(LIGHT, SessionRole.DEVICE);
    peer.send("<iq type='get' id='1' from='" + PEER + "'><query xmlns='jabber:iq:version'/></iq>");
    assertThat(peer.expect("id='1'")).contains(SERVICE_UNAVAILABLE);
    peer.send("<iq type='set' id='2' from='" + PEER + "'><query xmlns='jabber:iq:x'/></iq>");
    assertThat(peer.expect("id='2'")).contains(SERVICE_UNAVAILABLE);
    // An error is never answered, and neither is what has no id or no known type.
    peer.send("<iq type='error' id='3' from='" + PEER + "'/>");
    peer.send("<iq type='get' from='" + PEER + "'><query xmlns='jabber:iq:version'/></iq>");
    peer.send("<iq type='put' id='4' from='" + PEER + "'/>");
    peer.send("<message type='chat' from='" + PEER + "'><body>hello</body></message>");
    settle();
  }

  @Test
  void stream_endsWhenTheServerStopsReading() throws Exception {
    online(LIGHT, SessionRole.DEVICE);
    peer.socket().pause();
    String block = "A".repeat(87_380);
    for (int seq = 0; seq < 500; seq++) {
      fixture.send(new Ibb.Data(LIGHT, PEER, "ibb-1", "s", seq, block, Ibb.Carrier.MESSAGE));
    }
    assertThat(fixture.next(State.OFFLINE).reason()).contains("does not take");
  }

  @Test
  void way_isFullWhenTheServerReadsSlowlyAndOpenWhenItHasCaughtUp() throws Exception {
    online(LIGHT, SessionRole.DEVICE);
    peer.socket().pause();
    String block = "A".repeat(87_380);
    // More than the buffers of the kernel take on the way.
    for (int seq = 0; seq < 150; seq++) {
      fixture.send(new Ibb.Data(LIGHT, PEER, "ibb-1", "s", seq, block, Ibb.Carrier.MESSAGE));
    }
    assertThat(fixture.nextLink()).isEqualTo(LinkEvent.State.FULL);
    peer.socket().resume();
    assertThat(fixture.nextLink()).isEqualTo(LinkEvent.State.OPEN);
    fixture.expectNoEvent();
  }
}
