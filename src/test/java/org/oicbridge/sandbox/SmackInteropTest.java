package org.oicbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oicbridge.sandbox.RawXmppClient.DOMAIN;

import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.XMPPException.StreamErrorException;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smack.packet.StreamError;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.sasl.SASLErrorException;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smackx.bytestreams.BytestreamListener;
import org.jivesoftware.smackx.bytestreams.BytestreamRequest;
import org.jivesoftware.smackx.bytestreams.BytestreamSession;
import org.jivesoftware.smackx.bytestreams.ibb.InBandBytestreamManager;
import org.jivesoftware.smackx.bytestreams.ibb.InBandBytestreamManager.StanzaType;
import org.jivesoftware.smackx.disco.ServiceDiscoveryManager;
import org.jivesoftware.smackx.ping.PingManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jxmpp.jid.impl.JidCreate;
import org.oicbridge.sandbox.EmbeddedXmppServer.Options;
import org.oicbridge.sandbox.EmbeddedXmppServer.Tls;

/** An independent client library finds in the server what it expects of one. */
@Timeout(60)
class SmackInteropTest {
  private static final String PASSWORD = "s\u00e9cret";

  private static Vertx vertx;
  private static EmbeddedXmppServer secure;
  private static int securePort;
  private static int plainPort;

  private final BlockingQueue<XMPPTCPConnection> connections = new LinkedBlockingQueue<>();

  @BeforeAll
  static void start() throws Exception {
    vertx = Vertx.vertx();
    Options options = new Options(DOMAIN, Map.of("alice", PASSWORD));
    secure = new EmbeddedXmppServer(vertx, options);
    securePort = secure.start().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    plainPort =
        new EmbeddedXmppServer(vertx, options.withTls(Tls.NONE))
            .start()
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void disconnect() {
    connections.forEach(XMPPTCPConnection::instantShutdown);
  }

  private XMPPTCPConnection connect(boolean tls, String password, String resource)
      throws Exception {
    XMPPTCPConnectionConfiguration.Builder configuration =
        XMPPTCPConnectionConfiguration.builder()
            .setXmppDomain(DOMAIN)
            .setHostAddress(InetAddress.getLoopbackAddress())
            .setPort(tls ? securePort : plainPort)
            .setUsernameAndPassword("alice", password)
            .setResource(resource)
            .setSecurityMode(tls ? SecurityMode.required : SecurityMode.disabled);
    if (tls) {
      configuration.setCustomX509TrustManager(
          RawXmppClient.trusting(secure.certificateAuthority().getBytes()));
    }
    XMPPTCPConnection connection = new XMPPTCPConnection(configuration.build());
    connections.add(connection);
    connection.connect();
    return connection;
  }

  private XMPPTCPConnection login(String resource) throws Exception {
    XMPPTCPConnection connection = connect(true, PASSWORD, resource);
    connection.login();
    return connection;
  }

  @Test
  void login_overStartTlsBindsTheResource() throws Exception {
    XMPPTCPConnection connection = login("OIC/1.0/Client/0a6f1c9e-5c3b-4b7d-9a55-2f6d1b0e4a09");
    assertThat(connection.isSecureConnection()).isTrue();
    assertThat(connection.getUsedSaslMechansism()).isEqualTo("SCRAM-SHA-1");
    assertThat(connection.getUser().toString())
        .isEqualTo("alice@sandbox.example/OIC/1.0/Client/0a6f1c9e-5c3b-4b7d-9a55-2f6d1b0e4a09");
  }

  @Test
  void login_inTheClearWorksWhereItIsAllowed() throws Exception {
    XMPPTCPConnection connection = connect(false, PASSWORD, "clear");
    connection.login();
    assertThat(connection.isAuthenticated()).isTrue();
    assertThat(connection.isSecureConnection()).isFalse();
  }

  @Test
  void login_withAWrongPasswordIsRefused() throws Exception {
    XMPPTCPConnection connection = connect(true, "wrong", "w");
    assertThatThrownBy(connection::login)
        .isInstanceOfSatisfying(
            SASLErrorException.class,
            e -> assertThat(e.getSASLFailure().getSASLErrorString()).isEqualTo("not-authorized"));
  }

  @Test
  void roster_isEmpty() throws Exception {
    Roster roster = Roster.getInstanceFor(login("roster"));
    roster.reloadAndWait();
    assertThat(roster.isLoaded()).isTrue();
    assertThat(roster.getEntries()).isEmpty();
  }

  @Test
  void presence_ofTwoResourcesReachesEachOther() throws Exception {
    BlockingQueue<Presence> seen = new LinkedBlockingQueue<>();
    XMPPTCPConnection first = login("first");
    first.addAsyncStanzaListener(
        stanza -> {
          if (stanza.getFrom() != null && stanza.getFrom().toString().endsWith("/second")) {
            seen.add((Presence) stanza);
          }
        },
        StanzaTypeFilter.PRESENCE);
    XMPPTCPConnection second = connect(true, PASSWORD, "second");
    CompletableFuture<Presence> firstSeen = new CompletableFuture<>();
    second.addAsyncStanzaListener(
        stanza -> {
          if (stanza.getFrom().toString().endsWith("/first")) {
            firstSeen.complete((Presence) stanza);
          }
        },
        StanzaTypeFilter.PRESENCE);
    second.login();
    assertThat(seen.poll(10, TimeUnit.SECONDS).isAvailable()).isTrue();
    assertThat(firstSeen.get(10, TimeUnit.SECONDS).isAvailable()).isTrue();
    second.disconnect();
    assertThat(seen.poll(10, TimeUnit.SECONDS).isAvailable()).isFalse();
  }

  @Test
  void ping_ofServerAndPeerIsAnswered() throws Exception {
    XMPPTCPConnection one = login("ping1");
    XMPPTCPConnection two = login("ping2");
    assertThat(PingManager.getInstanceFor(one).pingMyServer()).isTrue();
    assertThat(PingManager.getInstanceFor(one).ping(two.getUser())).isTrue();
    assertThat(PingManager.getInstanceFor(one).ping(two.getUser().asBareJid())).isTrue();
  }

  @Test
  void disco_ofTheServerNamesItsFeatures() throws Exception {
    ServiceDiscoveryManager disco = ServiceDiscoveryManager.getInstanceFor(login("disco"));
    assertThat(
            disco.discoverInfo(JidCreate.domainBareFrom(DOMAIN)).containsFeature("urn:xmpp:ping"))
        .isTrue();
    assertThatThrownBy(
            () -> disco.discoverInfo(JidCreate.fullFrom("alice@sandbox.example/nowhere")))
        .isInstanceOfSatisfying(
            XMPPErrorException.class,
            e ->
                assertThat(e.getStanzaError().getCondition())
                    .isEqualTo(StanzaError.Condition.service_unavailable));
  }

  @Test
  void bytestream_carriesDataInMessageStanzas() throws Exception {
    XMPPTCPConnection one = login("ibb1");
    XMPPTCPConnection two = login("ibb2");
    byte[] data = new byte[200_000];
    new SplittableRandom(1).nextBytes(data);
    CompletableFuture<byte[]> received = new CompletableFuture<>();
    InBandBytestreamManager.getByteStreamManager(two)
        .addIncomingBytestreamListener(
            new BytestreamListener() {
              @Override
              public void incomingBytestreamRequest(BytestreamRequest request) {
                try {
                  received.complete(request.accept().getInputStream().readNBytes(data.length));
                } catch (Exception e) {
                  received.completeExceptionally(e);
                }
              }
            });
    InBandBytestreamManager sender = InBandBytestreamManager.getByteStreamManager(one);
    sender.setStanza(StanzaType.MESSAGE);
    sender.setDefaultBlockSize(32_768);
    BytestreamSession session = sender.establishSession(two.getUser());
    session.getOutputStream().write(data);
    session.getOutputStream().flush();
    assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(data);
    session.close();
  }

  @Test
  void conflict_endsTheOldSession() throws Exception {
    XMPPTCPConnection old = login("same");
    CompletableFuture<Exception> ended = new CompletableFuture<>();
    old.addConnectionListener(
        new ConnectionListener() {
          @Override
          public void connectionClosedOnError(Exception e) {
            ended.complete(e);
          }
        });
    XMPPTCPConnection replacement = login("same");
    assertThat(ended.get(10, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            StreamErrorException.class,
            e ->
                assertThat(e.getStreamError().getCondition())
                    .isEqualTo(StreamError.Condition.conflict));
    assertThat(PingManager.getInstanceFor(replacement).pingMyServer()).isTrue();
  }
}
