package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.SessionEvent.State;
import org.oicbridge.xmpp.ScriptedXmppServer.Peer;

/** Sessions that are bound whether or not others see them. */
@Timeout(60)
class ShownSessionTest {
  private static final String UNAVAILABLE = "<presence type='unavailable'/>";
  private static final String PING =
      "<iq type='get' id='p1' from='you@example.test/x'><ping xmlns='urn:xmpp:ping'/></iq>";

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

  /** Whatever the session has sent before, it answers this after that. */
  private static void expectNothingBeforeAPing(Peer peer) throws Exception {
    assertThat(peer.send(PING).expect("<")).contains("id='p1'").startsWith("<iq");
  }

  private static void expectAvailable(Peer peer) throws Exception {
    assertThat(peer.expect("<presence"))
        .startsWith("<presence><priority>")
        .contains("http://jabber.org/protocol/caps");
  }

  private Peer unseen() throws Exception {
    fixture.openUnseen(server);
    Peer peer = server.accept().authenticate().bind().answerRoster();
    fixture.next(State.ONLINE);
    return peer;
  }

  @Test
  void unseenSession_isOnlineWithoutAPresence() throws Exception {
    Peer peer = unseen();
    expectNothingBeforeAPing(peer);
    fixture.show(true);
    expectAvailable(peer);
    // It is known already.
    fixture.show(true);
    expectNothingBeforeAPing(peer);
  }

  @Test
  void session_thatIsNotToBeSeenStaysBound() throws Exception {
    fixture.open(server);
    Peer peer = server.accept().login();
    fixture.next(State.ONLINE);
    fixture.show(false);
    assertThat(peer.expect("<presence")).isEqualTo(UNAVAILABLE);
    expectNothingBeforeAPing(peer);
    fixture.show(true);
    expectAvailable(peer);
    fixture.expectNoEvent();
  }

  @Test
  void session_thatIsNotToBeSeenAnyMoreDuringItsLoginIsNot() throws Exception {
    fixture.open(server);
    Peer peer = server.accept().authenticate().bind();
    fixture.show(false);
    // Nobody has such a session; the answer shows that what was told before was heard.
    fixture.close(SessionFixture.GATEWAY).await();
    peer.answerRoster();
    fixture.next(State.ONLINE);
    expectNothingBeforeAPing(peer);
  }

  @Test
  void newStream_showsWhatIsToBeSeenThen() throws Exception {
    fixture.open(server);
    Peer peer = server.accept().login();
    fixture.next(State.ONLINE);
    fixture.show(false);
    peer.expect(UNAVAILABLE);
    peer.disconnect();
    fixture.next(State.OFFLINE);
    Peer next = server.accept().authenticate().bind().answerRoster();
    fixture.next(State.ONLINE);
    expectNothingBeforeAPing(next);
  }

  @Test
  void resumedStream_tellsWhatChangedMeanwhile() throws Exception {
    fixture.open(server);
    Peer peer = server.accept().managed("id='id-1' resume='true'").login();
    fixture.next(State.ONLINE);
    peer.send("<a xmlns='urn:xmpp:sm:3' h='2'/>");
    peer.disconnect();
    Peer next = server.accept().managed("id='id-2' resume='true'").authenticate();
    next.openAuthenticated();
    next.expect("<resume");
    fixture.show(false);
    next.send("<resumed xmlns='urn:xmpp:sm:3' previd='id-1' h='2'/>");
    assertThat(next.expect("<presence")).isEqualTo(UNAVAILABLE);
    fixture.expectNoEvent();
  }
}
