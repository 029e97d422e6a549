package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oicbridge.xmpp.SessionFixture.ACCOUNT;
import static org.oicbridge.xmpp.SessionFixture.LIGHT;

import com.sun.management.ThreadMXBean;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.SessionEvent.State;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.Jid;

/** A server, or whoever stands in its place, that is up to something. */
@Timeout(60)
class HostileServerTest {
  private static final String DATA =
      "<data xmlns='http://jabber.org/protocol/ibb' sid='s' seq='0'>PHJlc3Q+</data>";
  private static final Jid PEER = Jid.parse("you@example.test/OIC/1.0/Client/7");

  @TempDir static Path dir;
  private SessionFixture fixture;
  private X509Bundle authority;

  @BeforeEach
  void start() throws Exception {
    Path pem = dir.resolve("ca.pem");
    authority = SessionFixture.authority(pem);
    fixture = new SessionFixture(pem);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private ScriptedXmppServer plain() {
    return new ScriptedXmppServer(fixture.vertx, null, false);
  }

  private ScriptedXmppServer.Peer online(ScriptedXmppServer server) throws Exception {
    fixture.open(server);
    ScriptedXmppServer.Peer peer = server.accept().login();
    fixture.next(State.ONLINE);
    return peer;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!-- comment -->",
        "<?instruction?>",
        "<message>&entity;</message>",
        "<message><!-- comment --></message>"
      })
  void xmlThatAStreamMayNotHave_endsIt(String xml) throws Exception {
    try (ScriptedXmppServer server = plain()) {
      ScriptedXmppServer.Peer peer = online(server);
      peer.send(xml);
      peer.expect("<restricted-xml");
      peer.expect("</stream:stream>");
      assertThat(fixture.next(State.OFFLINE).reason()).contains("the server sent");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><a>&b;</a>",
        "<message>&a;</message>",
        "<message a='&a;'/>",
        "<!-- comment -->"
      })
  void bomb_takesLessThanAMegabyte(String bomb) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] stream = XmlStreams.stream(XmlStreams.bytes(bomb));
    // The first one loads classes.
    assertThat(XmlStreams.read(stream)).isNull();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThat(XmlStreams.read(stream)).isNull();
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
  }

  @Test
  void compression_isNeverAskedFor() throws Exception {
    try (ScriptedXmppServer server = plain()) {
      fixture.open(server);
      String compression =
          "<compression xmlns='http://jabber.org/features/compress'><method>zlib</method>"
              + "</compression>";
      ScriptedXmppServer.Peer peer = server.accept();
      peer.open(
          compression
              + "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-256"
              + "</mechanism></mechanisms>");
      String signature =
          peer.challenge(4096).verify(ScriptedXmppServer.payload(peer.expect("<response")));
      peer.success(signature);
      peer.open(compression + "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>");
      peer.bindAgain().roster();
      fixture.next(State.ONLINE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"me@example.test", "you@example.test", ""})
  void carbon_isNotUnwrappedWhoeverSendsIt(String from) throws Exception {
    try (ScriptedXmppServer server = plain()) {
      ScriptedXmppServer.Peer peer = online(server);
      for (String direction : List.of("received", "sent")) {
        peer.send(
            "<message"
                + (from.isEmpty() ? "" : " from='" + from + "'")
                + "><"
                + direction
                + " xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>"
                + "<message xmlns='jabber:client' from='"
                + PEER
                + "'>"
                + DATA
                + "</message></forwarded></"
                + direction
                + "></message>");
      }
      peer.send("<message from='" + PEER + "'>" + DATA + "</message>");
      assertThat(SessionFixture.take(fixture.ibb).peer()).isEqualTo(PEER);
      peer.send("<iq type='get' id='p' from='example.test'><ping xmlns='urn:xmpp:ping'/></iq>");
      peer.expect("id='p'");
      assertThat(fixture.ibb).isEmpty();
    }
  }

  @Test
  void stream_endsOnAnAlertInThePlaceOfTheHandshake() throws Exception {
    try (ScriptedXmppServer server = plain()) {
      openWith(server, Tls.STARTTLS);
      ScriptedXmppServer.Peer peer = server.accept();
      peer.open("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>");
      peer.expect("<starttls");
      Buffer received = Buffer.buffer();
      CompletableFuture<Buffer> all = new CompletableFuture<>();
      NetSocket socket = peer.socket();
      socket.closeHandler(closed -> all.complete(received));
      socket.handler(
          data -> {
            received.appendBuffer(data);
            // handshake_failure, and then on in the clear as if nothing had happened
            socket.write(
                Buffer.buffer(new byte[] {0x15, 3, 3, 0, 2, 2, 0x28})
                    .appendString(
                        "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                            + "<mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>"));
          });
      socket.write("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>").await();
      assertThat(fixture.next(State.OFFLINE).reason()).contains("TLS failed");
      assertThat(all.get(10, TimeUnit.SECONDS).toString("ISO-8859-1"))
          .doesNotContain("<auth")
          .doesNotContain("<stream:stream")
          .doesNotContain("SCRAM");
    }
  }

  private void openWith(ScriptedXmppServer server, Tls tls) {
    fixture.open(
        SessionFixture.account(ACCOUNT, "pencil", server.port(), tls), LIGHT, SessionRole.DEVICE);
  }

  private void refused(X509Bundle certificate, Jid jid, String reason) throws Exception {
    try (ScriptedXmppServer server = new ScriptedXmppServer(fixture.vertx, certificate, true)) {
      fixture.open(
          SessionFixture.account(jid.bare(), "pencil", server.port(), Tls.DIRECT),
          jid,
          SessionRole.DEVICE);
      assertThat(fixture.next(State.OFFLINE).reason()).contains("TLS failed").contains(reason);
      server.expectNoConnection();
    }
  }

  @Test
  void certificate_thatHasExpiredIsRefused() throws Exception {
    Instant now = Instant.now();
    refused(
        new CertificateBuilder()
            .subject("CN=example.test")
            .addSanDnsName("example.test")
            .addExtendedKeyUsageServerAuth()
            .notBefore(now.minus(Duration.ofDays(3)))
            .notAfter(now.minus(Duration.ofDays(1)))
            .buildIssuedBy(authority),
        LIGHT,
        "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*.example.test", "*.test", "*.*.example.test", "*"})
  void wildcard_standsForOneWholeLabelOnly(String name) throws Exception {
    X509Bundle certificate = SessionFixture.certificate(authority, name);
    refused(
        certificate, Jid.parse("me@a.chat.example.test/OIC/1.0/x/1"), "not for the XMPP domain");
  }

  @Test
  void hostOfAnSrvRecord_isNotWhatACertificateMustName() throws Exception {
    // RFC 6125 section 6.2.1: what comes from the DNS without DNSSEC proves nothing.
    X509Bundle certificate = SessionFixture.certificate(authority, "localhost");
    try (ScriptedXmppServer server = new ScriptedXmppServer(fixture.vertx, certificate, true)) {
      Targets targets =
          new Targets(
              name -> Future.succeededFuture(List.of(TargetsTest.srv(server.port(), "localhost"))),
              new Random(1));
      Connector connector =
          new Connector(
              fixture.vertx.createNetClient(),
              targets,
              ServerTls.load(dir.resolve("ca.pem"), 5000),
              5000);
      AccountConfig account =
          new AccountConfig(ACCOUNT, "pencil", null, 0, Tls.DIRECT, List.of(), List.of());
      assertThatThrownBy(() -> connector.connect(account, null).await())
          .isInstanceOfSatisfying(
              Connector.ConnectException.class,
              refused -> assertThat(refused.end().reason()).contains("not for the XMPP domain"));
    }
  }

  @Test
  void tls_isOfTheVersionsThatAreStillSafe() throws Exception {
    assertThat(
            ServerTls.load(null, 5000).options("example.test").getEnabledSecureTransportProtocols())
        .containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
  }

  @Test
  void anotherJidThatIsBound_isCounted() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    try (ScriptedXmppServer server = plain()) {
      fixture.open(server);
      ScriptedXmppServer.Peer peer = server.accept().authenticate();
      peer.openForBind();
      peer.bound(LIGHT + "-2");
      assertThat(peer.expect("")).isEqualTo("closed");
      fixture.next(State.OFFLINE);
      assertThat(registry.get("oicgw.xmpp.logins").tag("outcome", "retry_late").counter().count())
          .isEqualTo(1);
    } finally {
      Metrics.removeRegistry(registry);
    }
  }
}
