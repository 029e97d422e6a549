package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.xmpp.SessionFixture.ACCOUNT;
import static org.oicbridge.xmpp.SessionFixture.GATEWAY;
import static org.oicbridge.xmpp.SessionFixture.LIGHT;

import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionEvent.State;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig.Tls;

/** Logins that go well, up to the presence. */
@Timeout(60)
class LoginTest {
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

  @ParameterizedTest
  @CsvSource({
    "SCRAM-SHA-256, STARTTLS",
    "SCRAM-SHA-1, STARTTLS",
    "SCRAM-SHA-256, DIRECT",
    "SCRAM-SHA-1, DIRECT",
    "SCRAM-SHA-256, NONE"
  })
  void session_comesOnline(String mechanism, Tls tls) throws Exception {
    X509Bundle certificate = SessionFixture.certificate(authority, "example.test");
    try (ScriptedXmppServer server =
        new ScriptedXmppServer(fixture.vertx, certificate, tls == Tls.DIRECT)) {
      fixture.open(
          SessionFixture.account(ACCOUNT, "pencil", server.port(), tls), LIGHT, SessionRole.DEVICE);
      ScriptedXmppServer.Peer peer = server.accept().mechanism(mechanism);
      if (tls == Tls.STARTTLS) {
        peer.startTls();
      }
      String presence = peer.authenticate().bind().roster();
      assertThat(presence)
          .contains("<priority>-50</priority>")
          .contains("<c xmlns='http://jabber.org/protocol/caps' hash='sha-1'");
      assertThat(fixture.next(State.ONLINE))
          .isEqualTo(new SessionEvent(LIGHT, SessionRole.DEVICE, State.ONLINE, ""));
    }
  }

  @Test
  void session_ofTheGatewayHasAPriorityOfItsOwn() throws Exception {
    try (ScriptedXmppServer server = new ScriptedXmppServer(fixture.vertx, null, false)) {
      fixture.open(
          SessionFixture.account(ACCOUNT, "pencil", server.port(), Tls.NONE),
          GATEWAY,
          SessionRole.GATEWAY);
      assertThat(server.accept().authenticate().bind().roster())
          .contains("<priority>-40</priority>");
    }
  }
}
