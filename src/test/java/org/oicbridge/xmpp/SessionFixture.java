package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.oicbridge.bus.CloseSession;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.LinkEvent;
import org.oicbridge.bus.LoginOutcome;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.bus.ShowSession;
import org.oicbridge.config.AccessConfig;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.config.XmppConfig;
import org.oicbridge.config.XmppConfig.TlsEngine;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;

/** A deployed verticle, and ears on everything that it tells. */
final class SessionFixture implements AutoCloseable {
  static final Jid ACCOUNT = Jid.parse("me@example.test");

  /** Another account, whose peers are let in. */
  static final Jid FRIEND = Jid.parse("you@example.test");

  static final Jid LIGHT =
      Jid.parse("me@example.test/OIC/1.0/oic.d.light/0685B960-736F-46F7-BEC0-9E6CBD61ADC1");
  static final Jid GATEWAY =
      Jid.parse("me@example.test/OIC/1.0/oic.d.cloudproxy/0685b960-736f-46f7-bec0-9e6cbd61adc2");

  final Vertx vertx = Vertx.vertx();
  final BlockingQueue<SessionEvent> sessions = new LinkedBlockingQueue<>();
  final BlockingQueue<PeerPresence> presences = new LinkedBlockingQueue<>();
  final BlockingQueue<Ibb> ibb = new LinkedBlockingQueue<>();
  final BlockingQueue<LinkEvent> links = new LinkedBlockingQueue<>();
  private final String deployment;

  /** What differs from one test to another. */
  record Settings(Path trust, Duration ping, int loginsAtOnce, int maxStanza, TlsEngine tlsEngine) {
    Settings(Path trust, Duration ping, int loginsAtOnce, int maxStanza) {
      this(trust, ping, loginsAtOnce, maxStanza, TlsEngine.AUTO);
    }
  }

  SessionFixture(Path trust) {
    this(trust, TlsEngine.AUTO);
  }

  SessionFixture(Path trust, TlsEngine tlsEngine) {
    this(new Settings(trust, Duration.ofMinutes(2), 8, 65_536, tlsEngine));
  }

  SessionFixture(Settings settings) {
    this(config(settings), settings.loginsAtOnce());
  }

  SessionFixture(XmppConfig config, int loginsAtOnce) {
    Contracts.register(vertx);
    Contracts.SESSION.listen(vertx.eventBus(), 0, sessions::add);
    Contracts.PRESENCE.listen(vertx.eventBus(), 0, presences::add);
    Contracts.IBB_IN.listen(vertx.eventBus(), 0, ibb::add);
    Contracts.LINK.listen(vertx.eventBus(), 0, links::add);
    deployment = vertx.deployVerticle(new XmppVerticle(0, config, loginsAtOnce)).await();
  }

  private static XmppConfig config(Settings settings) {
    return new XmppConfig(
        Duration.ofSeconds(5),
        Duration.ofSeconds(8),
        settings.ping(),
        settings.ping(),
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        settings.loginsAtOnce(),
        0,
        0,
        settings.maxStanza(),
        100_000,
        true,
        Duration.ofSeconds(300),
        0,
        settings.tlsEngine(),
        settings.trust());
  }

  /** With times of its own after which a connection is dead. */
  static XmppConfig watched(Duration interval, Duration timeout) {
    return new XmppConfig(
        Duration.ofSeconds(5),
        Duration.ofSeconds(8),
        interval,
        timeout,
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        8,
        0,
        0,
        65_536,
        100_000,
        true,
        Duration.ofSeconds(300),
        0,
        TlsEngine.AUTO,
        null);
  }

  /** Without stream management, and with limits on logins and bytes in a second. */
  static XmppConfig unmanaged(int loginsPerSecond, int bytesPerSecond) {
    return new XmppConfig(
        Duration.ofSeconds(5),
        Duration.ofSeconds(8),
        Duration.ofMinutes(2),
        Duration.ofMinutes(2),
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        8,
        loginsPerSecond,
        0,
        65_536,
        100_000,
        false,
        Duration.ofSeconds(300),
        bytesPerSecond,
        TlsEngine.AUTO,
        null);
  }

  /** A certificate authority of our own, and its PEM file. */
  static X509Bundle authority(Path pem) throws Exception {
    X509Bundle authority =
        new CertificateBuilder()
            .subject("CN=Test authority")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    Files.writeString(pem, authority.getRootCertificatePEM());
    return authority;
  }

  static X509Bundle certificate(X509Bundle authority, String... names) throws Exception {
    CertificateBuilder builder =
        new CertificateBuilder().subject("CN=" + names[0]).addExtendedKeyUsageServerAuth();
    for (String name : names) {
      if (name.startsWith("*")) {
        builder.addExtensionOctetString("2.5.29.17", false, generalNames(name));
      } else {
        builder.addSanDnsName(name);
      }
    }
    return builder.buildIssuedBy(authority);
  }

  /** The builder takes no wildcards, so this is RFC 5280 section 4.2.1.6 by hand. */
  private static byte[] generalNames(String dnsName) {
    int length = dnsName.length();
    return Buffer.buffer()
        .appendBytes(new byte[] {0x30, (byte) (length + 2), (byte) 0x82, (byte) length})
        .appendString(dnsName)
        .getBytes();
  }

  static AccountConfig account(Jid jid, String password, int port, Tls tls) {
    AccessConfig friend = new AccessConfig(FRIEND, Set.of(), Set.of(Operation.RETRIEVE));
    return new AccountConfig(jid, password, "127.0.0.1", port, tls, List.of(friend), List.of());
  }

  void open(AccountConfig account, Jid jid, SessionRole role) {
    open(new OpenSession(account, jid, role));
  }

  private void open(OpenSession session) {
    Contracts.OPEN_SESSION
        .request(vertx.eventBus(), 0, session, Deadline.in(Duration.ofSeconds(10)))
        .await();
  }

  /** Opens the session of a device that others are not to see yet. */
  void openUnseen(ScriptedXmppServer server) {
    AccountConfig account = account(ACCOUNT, "pencil", server.port(), Tls.NONE);
    open(new OpenSession(account, LIGHT, SessionRole.DEVICE, false));
  }

  /** Has others see the session of the device, or not. */
  void show(boolean available) {
    Contracts.SHOW_SESSION.publish(vertx.eventBus(), 0, new ShowSession(LIGHT, available));
  }

  /** Opens the session of a device without TLS. */
  void open(ScriptedXmppServer server) {
    open(account(ACCOUNT, "pencil", server.port(), Tls.NONE), LIGHT, SessionRole.DEVICE);
  }

  /** Tries to bind a full JID as a device without TLS, once. */
  Future<LoginOutcome> attempt(ScriptedXmppServer server, String password, Jid jid) {
    return attempt(account(jid.bare(), password, server.port(), Tls.NONE), jid);
  }

  Future<LoginOutcome> attempt(AccountConfig account, Jid jid) {
    return Contracts.TRY_LOGIN.request(
        vertx.eventBus(),
        0,
        new OpenSession(account, jid, SessionRole.DEVICE),
        Deadline.in(Duration.ofSeconds(30)));
  }

  Future<?> close(Jid jid) {
    return Contracts.CLOSE_SESSION.request(
        vertx.eventBus(), 0, new CloseSession(jid), Deadline.in(Duration.ofSeconds(10)));
  }

  Future<Void> undeploy() {
    return vertx.undeploy(deployment);
  }

  void send(Ibb stanza) {
    Contracts.IBB_OUT.publish(vertx.eventBus(), 0, stanza);
  }

  LinkEvent.State nextLink() throws InterruptedException {
    LinkEvent event = links.poll(10, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    assertThat(event.session()).isEqualTo(LIGHT);
    return event.state();
  }

  /** Asserts that no session has told anything that was not taken yet. */
  void expectNoEvent() {
    assertThat(sessions).isEmpty();
  }

  SessionEvent next(SessionEvent.State state) throws InterruptedException {
    SessionEvent event = sessions.poll(10, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    assertThat(event.state()).as("%s", event).isEqualTo(state);
    return event;
  }

  static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(10, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
