package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oicbridge.xmpp.SessionFixture.ACCOUNT;
import static org.oicbridge.xmpp.SessionFixture.LIGHT;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.SessionEvent.State;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.config.XmppConfig.TlsEngine;
import org.oicbridge.crudn.Jid;

/** Whatever is wrong with TLS, no credentials leave. */
@Timeout(60)
class TlsFaultTest {
  private static final String STARTTLS =
      "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";
  private static final String PROCEED = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

  @TempDir static Path dir;
  private SessionFixture fixture;
  private X509Bundle authority;

  @BeforeEach
  void start() throws Exception {
    Path pem = dir.resolve("ca.pem");
    authority = SessionFixture.authority(pem);
    fixture = new SessionFixture(pem, engine());
  }

  /** BoringSSL where it runs, as by default; {@link JdkTlsFaultTest} has the other one. */
  TlsEngine engine() {
    return TlsEngine.AUTO;
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private void open(ScriptedXmppServer server, Tls tls) {
    fixture.open(
        SessionFixture.account(ACCOUNT, "pencil", server.port(), tls), LIGHT, SessionRole.DEVICE);
  }

  private String offlineReason() throws InterruptedException {
    return fixture.next(State.OFFLINE).reason();
  }

  @Test
  void stream_endsWhenStartTlsIsNotOffered() throws Exception {
    try (ScriptedXmppServer server = new ScriptedXmppServer(fixture.vertx, null, false)) {
      open(server, Tls.STARTTLS);
      ScriptedXmppServer.Peer peer = server.accept().openWithSasl();
      peer.expect("closed");
      assertThat(offlineReason()).contains("STARTTLS").containsPattern("in [67]\\d s");
    }
  }

  @Test
  void connection_thatBreaksDuringTheHandshakeIsTriedAgainSoon() throws Exception {
    try (ScriptedXmppServer server = new ScriptedXmppServer(fixture.vertx, null, false)) {
      open(server, Tls.STARTTLS);
      ScriptedXmppServer.Peer peer = server.accept().open(STARTTLS);
      peer.expect("<starttls");
      peer.send("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
      peer.disconnect();
      assertThat(offlineReason()).contains("TLS failed").contains("in 0 s");
    }
  }

  @Test
  void stream_endsWhenStartTlsFails() throws Exception {
    try (ScriptedXmppServer server = new ScriptedXmppServer(fixture.vertx, null, false)) {
      open(server, Tls.STARTTLS);
      ScriptedXmppServer.Peer peer = server.accept().open(STARTTLS);
      peer.expect("<starttls");
      peer.send("<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>");
      peer.expect("closed");
      assertThat(offlineReason()).contains("STARTTLS");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stream_endsWhenBytesFollowProceed(boolean inOneSegment) throws Exception {
    // RFC 6120 section 5.4.3.3; the injection of which field notes tell
    String features =
        "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>"
            + "SCRAM-SHA-1</mechanism></mechanisms></stream:features>";
    X509Bundle certificate = SessionFixture.certificate(authority, "example.test");
    try (ScriptedXmppServer server = new ScriptedXmppServer(fixture.vertx, certificate, false)) {
      open(server, Tls.STARTTLS);
      ScriptedXmppServer.Peer peer = server.accept().open(STARTTLS);
      peer.expect("<starttls");
      if (inOneSegment) {
        peer.send(PROCEED + features);
      } else {
        // The handshake that follows is a good one: who injects need not break it.
        peer.send(PROCEED).secureAfter(features);
      }
      assertThat(offlineReason()).containsAnyOf("bytes follow <proceed/>", "TLS failed");
      assertThat(peer.expect("")).doesNotContain("<auth").doesNotContain("opened");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "other.test, STARTTLS",
    "other.test, DIRECT",
    "127.0.0.1, STARTTLS",
    "localhost, DIRECT",
    "*.test, DIRECT",
    "sub.example.test, DIRECT",
    "*.example.test, STARTTLS"
  })
  void certificate_ofAnotherNameIsRefused(String name, Tls tls) throws Exception {
    X509Bundle certificate =
        name.equals("127.0.0.1")
            ? new CertificateBuilder()
                .subject("CN=example.test")
                .addSanIpAddress(name)
                .addSanDnsName("localhost")
                .addExtendedKeyUsageServerAuth()
                .buildIssuedBy(authority)
            : SessionFixture.certificate(authority, name);
    refused(certificate, tls, "not for the XMPP domain example.test");
  }

  @Test
  void certificate_withTheDomainOnlyAsCommonNameIsRefused() throws Exception {
    X509Bundle certificate =
        new CertificateBuilder()
            .subject("CN=example.test")
            .addExtendedKeyUsageServerAuth()
            .buildIssuedBy(authority);
    refused(certificate, Tls.DIRECT, "not for the XMPP domain");
  }

  @Test
  void certificate_ofAnUnknownAuthorityIsRefused() throws Exception {
    X509Bundle stranger = SessionFixture.authority(dir.resolve("stranger.pem"));
    refused(SessionFixture.certificate(stranger, "example.test"), Tls.DIRECT, "TLS failed");
  }

  @Test
  void certificate_forClientsIsRefused() throws Exception {
    X509Bundle certificate =
        new CertificateBuilder()
            .subject("CN=x")
            .addSanDnsName("example.test")
            .addExtendedKeyUsageClientAuth()
            .buildIssuedBy(authority);
    refused(certificate, Tls.DIRECT, "TLS failed");
  }

  private void refused(X509Bundle certificate, Tls tls, String reason) throws Exception {
    try (ScriptedXmppServer server =
        new ScriptedXmppServer(fixture.vertx, certificate, tls == Tls.DIRECT)) {
      open(server, tls);
      if (tls == Tls.STARTTLS) {
        ScriptedXmppServer.Peer peer = server.accept();
        // The server learns of it during its own handshake or right after.
        assertThatThrownBy(() -> peer.startTls().expect("opened"));
      }
      assertThat(offlineReason()).contains(reason);
    }
  }

  @Test
  void certificate_isForTheALabelOfADomain() throws Exception {
    X509Bundle certificate = SessionFixture.certificate(authority, "xn--bcher-kva.test");
    try (ScriptedXmppServer server = new ScriptedXmppServer(fixture.vertx, certificate, true)) {
      Jid jid = Jid.parse("me@b\u00fccher.test/OIC/1.0/oic.d.light/1");
      AccountConfig account =
          SessionFixture.account(jid.bare(), "pencil", server.port(), Tls.DIRECT);
      fixture.open(account, jid, SessionRole.DEVICE);
      server.accept().expect("opened b\u00fccher.test");
    }
  }

  @Test
  void certificate_mayHaveAWildcardForOneLabel() throws Exception {
    X509Bundle certificate = SessionFixture.certificate(authority, "*.example.test");
    try (ScriptedXmppServer server = new ScriptedXmppServer(fixture.vertx, certificate, true)) {
      Jid jid = Jid.parse("me@chat.example.test/OIC/1.0/oic.d.light/1");
      AccountConfig account =
          SessionFixture.account(jid.bare(), "pencil", server.port(), Tls.DIRECT);
      fixture.open(account, jid, SessionRole.DEVICE);
      server.accept().expect("opened chat.example.test");
    }
  }
}
