package org.oicbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.sandbox.RawXmppClient.DOMAIN;
import static org.oicbridge.sandbox.StartedServer.await;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smackx.ping.PingManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.crudn.Jid;

/** An independent client library resumes its sessions on the server. */
@Timeout(60)
class SmackResumptionTest {
  private static final int MESSAGES = 200;
  private static final Jid FIRST = Jid.parse("alice@sandbox.example/first");

  private final List<XMPPTCPConnection> connections = new ArrayList<>();
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<Exception> broken = new LinkedBlockingQueue<>();
  private StartedServer server;
  private XMPPTCPConnection first;
  private XMPPTCPConnection second;

  @BeforeEach
  void start() throws Exception {
    server = new StartedServer();
    first = connection("first");
    first.addSyncStanzaListener(
        stanza -> received.add(((Message) stanza).getBody()), StanzaTypeFilter.MESSAGE);
    first.addConnectionListener(
        new ConnectionListener() {
          @Override
          public void connectionClosedOnError(Exception e) {
            broken.add(e);
          }
        });
    first.connect();
    first.login();
    second = connection("second");
    second.connect();
    second.login();
  }

  @AfterEach
  void stop() throws Exception {
    connections.forEach(XMPPTCPConnection::instantShutdown);
    server.close();
  }

  private XMPPTCPConnection connection(String resource) throws Exception {
    XMPPTCPConnection connection =
        new XMPPTCPConnection(
            XMPPTCPConnectionConfiguration.builder()
                .setXmppDomain(DOMAIN)
                .setHostAddress(InetAddress.getLoopbackAddress())
                .setPort(server.port())
                .setUsernameAndPassword("alice", "alice's")
                .setResource(resource)
                .setSecurityMode(SecurityMode.disabled)
                .build());
    connection.setUseStreamManagement(true);
    connection.setUseStreamManagementResumption(true);
    connections.add(connection);
    return connection;
  }

  private void say(int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      second.sendStanza(
          second
              .getStanzaFactory()
              .buildMessageStanza()
              .to(FIRST.toString())
              .setBody("" + i)
              .build());
    }
  }

  /** Everything that was said has come once and in order. */
  private void assertReceived(int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("" + i);
    }
    assertThat(PingManager.getInstanceFor(first).pingMyServer()).isTrue();
    assertThat(received).isEmpty();
  }

  @Test
  void login_enablesStreamManagementWithResumption() throws Exception {
    assertThat(first.isSmEnabled()).isTrue();
    assertThat(first.isSmResumptionPossible()).isTrue();
    assertThat(first.getMaxSmResumptionTime()).isEqualTo(300);
  }

  @Test
  void resumption_bringsMessagesOnceAndInOrder() throws Exception {
    BlockingQueue<Presence> presences = new LinkedBlockingQueue<>();
    second.addSyncStanzaListener(
        stanza -> presences.add((Presence) stanza), StanzaTypeFilter.PRESENCE);
    say(0, MESSAGES);
    first.instantShutdown();
    server.when(counters -> counters.detached() == 1);
    say(MESSAGES, 2 * MESSAGES);
    first.connect();
    first.login();
    assertThat(first.streamWasResumed()).isTrue();
    assertReceived(0, 2 * MESSAGES);
    assertThat(presences).noneMatch(presence -> !presence.isAvailable());
    ServerCounters counters = server.counters();
    assertThat(counters.binds()).isEqualTo(2);
    assertThat(counters.resumptions()).isEqualTo(1);
  }

  @Test
  void resumption_afterACutConnection() throws Exception {
    say(0, MESSAGES);
    await(server.faults().cut(FIRST::equals));
    say(MESSAGES, 2 * MESSAGES);
    assertThat(broken.poll(10, TimeUnit.SECONDS)).isNotNull();
    first.connect();
    first.login();
    assertThat(first.streamWasResumed()).isTrue();
    say(2 * MESSAGES, 3 * MESSAGES);
    assertReceived(0, 3 * MESSAGES);
  }

  @Test
  void resumption_takesOverFromADeadLink() throws Exception {
    say(0, MESSAGES);
    await(server.faults().freeze(FIRST::equals));
    say(MESSAGES, 2 * MESSAGES);
    first.instantShutdown();
    first.connect();
    first.login();
    assertThat(first.streamWasResumed()).isTrue();
    assertReceived(0, 2 * MESSAGES);
  }

  @Test
  void client_sendsAgainWhatTheServerHasNotHandled() throws Exception {
    await(server.faults().freeze(jid -> jid.resource().equals("second")));
    say(0, 20);
    second.instantShutdown();
    second.connect();
    second.login();
    assertThat(second.streamWasResumed()).isTrue();
    say(20, 40);
    assertReceived(0, 40);
  }

  @Test
  void expiry_makesTheClientBindAnew() throws Exception {
    first.instantShutdown();
    server.when(counters -> counters.detached() == 1);
    await(server.faults().expire(FIRST::equals));
    first.connect();
    first.login();
    assertThat(first.streamWasResumed()).isFalse();
    assertThat(first.isSmEnabled()).isTrue();
    say(0, 10);
    assertReceived(0, 10);
    assertThat(server.counters().binds()).isEqualTo(3);
  }

  @Test
  void disconnect_endsTheSession() throws Exception {
    first.disconnect();
    assertThat(server.when(counters -> counters.sessions() == 1).detached()).isZero();
  }
}
