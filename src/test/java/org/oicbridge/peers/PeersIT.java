package org.oicbridge.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jivesoftware.smack.StanzaCollector;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.StanzaError;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Shows that the real peers work with each other, before the gateway comes between them. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PeersIT {
  private static final Duration TIME = Duration.ofSeconds(10);
  private static final String LIGHT = "OIC/1.0/oic.d.light/dc70373c-1e8d-4fb3-962e-017eaa863989";
  private static final String CLIENT = "OIC/1.0/Client/e61c3e6b-9c54-4b81-8ce5-f9039c1d04d9";
  private static final String REQUEST = "<rest xmlns=\"rest.oic.org\"><url>GET</url></rest>";
  private static final String ANSWER = "<rest xmlns=\"rest.oic.org\"><url>200 OK</url></rest>";

  static Stream<Arguments> servers() {
    return Stream.of(
        server("prosody as shipped", () -> ProsodyPeer.start(ProsodyPeer.Options.asShipped())),
        server("prosody tuned", () -> ProsodyPeer.start(ProsodyPeer.Options.tuned())),
        server("ejabberd as shipped", () -> EjabberdPeer.start(EjabberdPeer.Options.asShipped())),
        server("ejabberd tuned", () -> EjabberdPeer.start(EjabberdPeer.Options.tuned())));
  }

  private static Arguments server(String name, Supplier<XmppServer> start) {
    return Arguments.of(Named.of(name, start));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void server_carriesBytestreamsBetweenTwoClients(Supplier<XmppServer> start) {
    try (XmppServer server = start.get()) {
      server.addUser("home", "secret");
      try (SmackPeer device = login(server, TlsMode.STARTTLS, LIGHT);
          SmackPeer client = login(server, TlsMode.DIRECT, CLIENT)) {
        assertThat(device.jid()).isEqualTo("home@" + server.domain() + "/" + LIGHT);
        client.awaitAvailable(device.jid(), TIME);
        device.answer(4096, request -> request.equals(REQUEST) ? ANSWER : "<rest>?</rest>");

        for (StanzaKind kind : StanzaKind.values()) {
          try (SmackStream stream = client.open(device.jid(), kind, 4096)) {
            stream.write(REQUEST);
            assertThat(stream.readDocument(TIME)).isEqualTo(ANSWER);
            stream.write(REQUEST);
            assertThat(stream.readDocument(TIME)).isEqualTo(ANSWER);
          }
        }
        assertThatThrownBy(() -> client.open(device.jid(), StanzaKind.MESSAGE, 4097))
            .hasMessageContaining("resource-constraint");

        String jid = device.jid();
        device.close();
        client.awaitUnavailable(jid, TIME);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ProsodyPeer.Passwords.class)
  void prosody_acceptsTheAccountsWrittenForIt(ProsodyPeer.Passwords passwords) {
    ProsodyPeer.Options options = ProsodyPeer.Options.tuned().withPasswords(passwords);
    try (XmppServer server = ProsodyPeer.start(options)) {
      server.addUser("a-home_1", "secret");
      SmackLogin login = SmackLogin.at(server, TlsMode.STARTTLS, "a-home_1", "secret", LIGHT);
      try (SmackPeer peer = SmackPeer.login(login)) {
        assertThat(peer.jid()).startsWith("a-home_1@prosody.test/");
        assertThat(peer.mechanism())
            .isEqualTo(passwords == ProsodyPeer.Passwords.SHA_256 ? "PLAIN" : "SCRAM-SHA-1");
      }
      SmackLogin wrong = SmackLogin.at(server, TlsMode.STARTTLS, "a-home_1", "other", LIGHT);
      assertThatThrownBy(() -> SmackPeer.login(wrong)).hasMessageContaining("not-authorized");
    }
  }

  @Test
  void prosody_withoutPlainOffersScramOnly() {
    ProsodyPeer.Options options =
        ProsodyPeer.Options.tuned().withPasswords(ProsodyPeer.Passwords.SHA_256).withoutPlain();
    try (XmppServer server = ProsodyPeer.start(options)) {
      server.addUser("home", "secret");
      assertThatThrownBy(() -> login(server, TlsMode.STARTTLS, LIGHT))
          .hasMessageContaining("[SCRAM-SHA-256]");
    }
  }

  @ParameterizedTest
  @EnumSource(TlsMode.class)
  void client_refusesAServerThatIsNotItsDomain(TlsMode tls) {
    try (XmppServer server = ProsodyPeer.start(ProsodyPeer.Options.tuned())) {
      SmackLogin other =
          new SmackLogin(
              server.address(tls), "other.test", server.caFile(), tls, "home", "secret", LIGHT);
      assertThatThrownBy(() -> SmackPeer.login(other)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void rawBlocks_reachTheOtherClientAsTheyStand() {
    try (XmppServer server = ProsodyPeer.start(ProsodyPeer.Options.tuned())) {
      server.addUser("home", "secret");
      try (SmackPeer device = login(server, TlsMode.DIRECT, LIGHT);
          SmackPeer client = login(server, TlsMode.DIRECT, CLIENT)) {
        device.accept(4096);
        client.open(device.jid(), StanzaKind.MESSAGE, 4096, "sid1");
        SmackStream accepted = device.nextAccepted(TIME);
        client.sendBlock(device.jid(), StanzaKind.MESSAGE, "sid1", "0", "YWJj");
        assertThat(accepted.read(3, TIME)).isEqualTo("abc".getBytes(StandardCharsets.UTF_8));

        try (StanzaCollector errors =
            client.collect(s -> s instanceof IQ && s.getError() != null)) {
          client.sendBlock(device.jid(), StanzaKind.IQ, "nobody", "0", "YWJj");
          IQ error = take(errors);
          assertThat(error.getError().getCondition())
              .isEqualTo(StanzaError.Condition.item_not_found);
        }
      }
    }
  }

  @Test
  void presence_crossesAccountsAfterSubscription() {
    try (XmppServer server = EjabberdPeer.start(EjabberdPeer.Options.tuned())) {
      server.addUser("home", "secret");
      server.addUser("guest", "secret");
      try (SmackPeer device = login(server, TlsMode.STARTTLS, LIGHT);
          SmackPeer guest =
              SmackPeer.login(SmackLogin.at(server, TlsMode.STARTTLS, "guest", "secret", CLIENT))) {
        guest.subscribe("home@ejabberd.test");
        guest.awaitAvailable(device.jid(), TIME);
        String jid = device.jid();
        device.cut();
        guest.awaitUnavailable(jid, TIME);
      }
    }
  }

  @Test
  void ejabberd_asShippedReplacesTheOldestOfElevenSessions() {
    try (XmppServer server = EjabberdPeer.start(EjabberdPeer.Options.asShipped())) {
      withElevenSessions(
          server,
          peers -> {
            // Asked of the tenth: the eleventh may log in too late to see the first one go.
            peers.get(9).awaitUnavailable(peers.get(0).jid(), TIME);
            peers.get(9).awaitAvailable(peers.get(1).jid(), TIME);
          });
    }
  }

  @Test
  void ejabberd_tunedKeepsElevenSessions() {
    try (XmppServer server = EjabberdPeer.start(EjabberdPeer.Options.tuned())) {
      withElevenSessions(
          server,
          peers -> {
            peers.get(0).answer(4096, request -> ANSWER);
            SmackStream stream = peers.get(10).open(peers.get(0).jid(), StanzaKind.MESSAGE, 4096);
            stream.write(REQUEST);
            assertThat(stream.readDocument(TIME)).isEqualTo(ANSWER);
          });
    }
  }

  private static void withElevenSessions(XmppServer server, Consumer<List<SmackPeer>> check) {
    server.addUsers(List.of("home", "other"), "secret");
    List<SmackPeer> peers = new ArrayList<>();
    try {
      for (int i = 0; i < 11; i++) {
        peers.add(login(server, TlsMode.DIRECT, "OIC/1.0/oic.d.light/" + new UUID(0, i)));
      }
      check.accept(peers);
    } finally {
      peers.forEach(SmackPeer::close);
    }
  }

  @Test
  void prosody_asShippedIsSlowUntilTheAccountIsExempt() {
    assertThat(secondsFor32KiB(ProsodyPeer.Options.tuned())).isLessThan(2);
    assertThat(secondsFor32KiB(ProsodyPeer.Options.asShipped())).isGreaterThan(3);
    assertThat(
            secondsFor32KiB(
                ProsodyPeer.Options.asShipped()
                    .withExtra("unlimited_jids = { \"home@prosody.test\" }")))
        .isLessThan(2);
  }

  private static double secondsFor32KiB(ProsodyPeer.Options options) {
    byte[] bytes = new byte[32_768];
    new SecureRandom().nextBytes(bytes);
    try (XmppServer server = ProsodyPeer.start(options)) {
      server.addUser("home", "secret");
      try (SmackPeer device = login(server, TlsMode.DIRECT, LIGHT);
          SmackPeer client = login(server, TlsMode.DIRECT, CLIENT)) {
        device.accept(32_768);
        SmackStream sent = client.open(device.jid(), StanzaKind.MESSAGE, 32_768);
        SmackStream received = device.nextAccepted(TIME);
        long started = System.nanoTime();
        sent.write(bytes);
        assertThat(received.read(bytes.length, Duration.ofSeconds(40))).isEqualTo(bytes);
        return (System.nanoTime() - started) / 1e9;
      }
    }
  }

  @Test
  void libcoap_serverAnswersItsOwnClient() {
    try (LibcoapServer server = LibcoapServer.start()) {
      String url = "coap://127.0.0.1:" + server.port() + "/made";
      Peers.run(TIME, "coap-client-notls", "-m", "put", "-e", "on", url);
      assertThat(Peers.run(TIME, "coap-client-notls", "-m", "get", url)).contains("on");
    }
  }

  private static SmackPeer login(XmppServer server, TlsMode tls, String resource) {
    return SmackPeer.login(SmackLogin.at(server, tls, "home", "secret", resource));
  }

  private static IQ take(StanzaCollector collector) {
    try {
      return collector.nextResult(TIME.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
