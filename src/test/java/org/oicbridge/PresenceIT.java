package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jivesoftware.smack.StanzaCollector;
import org.jivesoftware.smack.packet.Presence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.peers.EjabberdPeer;
import org.oicbridge.peers.LibcoapServer;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.peers.SmackLogin;
import org.oicbridge.peers.SmackPeer;
import org.oicbridge.peers.SmackStream;
import org.oicbridge.peers.StanzaKind;
import org.oicbridge.peers.TlsMode;
import org.oicbridge.peers.XmppServer;

/**
 * What others see of a device, which is libcoap's server, stopped and continued: Smack sees it go
 * and come back at Prosody and at ejabberd, and reaches its session all the same.
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class PresenceIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String DI = "aaaaaaaa-0000-4000-8000-000000000091";

  /** With {@link #QUICK} the device is known to be silent after 1 s + 2 * 0.5 s. */
  private static final Duration SILENT_AFTER = Duration.ofSeconds(2);

  private static final String QUICK = "{interval: 1, attempts: 2, timeout: 0.5}";
  private static final String ONCE = "{interval: 3600, attempts: 2, timeout: 0.5}";

  /** What a busy machine and the way through the server add. */
  private static final Duration SLACK = Duration.ofSeconds(2);

  @TempDir Path folder;

  private XmppServer server;
  private LibcoapServer device;
  private SmackPeer rae;
  private StanzaCollector presences;

  /** The servers that nobody here wrote. */
  enum Server {
    PROSODY {
      @Override
      XmppServer start() {
        return ProsodyPeer.start(ProsodyPeer.Options.asShipped());
      }
    },
    EJABBERD {
      @Override
      XmppServer start() {
        return EjabberdPeer.start(EjabberdPeer.Options.asShipped());
      }
    };

    abstract XmppServer start();
  }

  private void start(Server kind) {
    server = kind.start();
    server.addUser("home", "correct horse");
    device = LibcoapServer.start();
    rae =
        SmackPeer.login(
            SmackLogin.at(
                server,
                TlsMode.STARTTLS,
                "home",
                "correct horse",
                "OIC/1.0/Client/bbbbbbbb-0000-4000-8000-000000000091"));
    presences =
        rae.collect(stanza -> stanza instanceof Presence presence && jid().equals(from(presence)));
  }

  private static String from(Presence presence) {
    return String.valueOf(presence.getFrom());
  }

  @AfterEach
  void stop() {
    rae.close();
    device.goOn();
    device.close();
    server.close();
  }

  private String jid() {
    return "home@" + server.domain() + "/OIC/1.0/oic.d.sensor/" + DI;
  }

  private String yaml(String probe) {
    return """
        xmpp: {trust: "%s"}
        routing: {deadline: 2}
        coap:
          host: 127.0.0.1
          probe: %s
        accounts:
          - jid: home@%s
            password: correct horse
            address: 127.0.0.1
            port: %d
            devices:
              - {di: %s, rt: oic.d.sensor, endpoint: "coap://127.0.0.1:%d"}
        """
        .formatted(server.caFile(), probe, server.domain(), server.port(), DI, device.port());
  }

  private GatewayFixture gateway(String probe) {
    return GatewayFixture.start(folder.resolve("data"), yaml(probe));
  }

  private long logins() {
    return server
        .log()
        .lines()
        .filter(line -> line.contains("Client connected") || line.contains("Opened c2s session"))
        .count();
  }

  private static String state(GatewayFixture gateway) {
    return gateway.get("/api/v1/devices/" + DI).json().getString("state");
  }

  private static void awaitState(GatewayFixture gateway, String wanted) {
    long end = System.nanoTime() + SOON.toNanos();
    String state = state(gateway);
    while (!state.equals(wanted)) {
      assertThat(System.nanoTime()).as("state %s", state).isLessThan(end);
      state = state(gateway);
    }
  }

  /** What the device says to a peer that opens a bytestream to its full JID. */
  private String ask(StanzaKind kind) {
    try (SmackStream stream = rae.open(jid(), kind, 4096)) {
      stream.write(
          "<rest xmlns=\"rest.oic.org\"><url method=\"Get\">coap://" + DI + "/time</url></rest>");
      return stream.readDocument(SOON);
    }
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  @ParameterizedTest
  @EnumSource
  void device_thatFallsSilentGoesAndComesBackWhileItsSessionStays(Server kind) {
    start(kind);
    try (GatewayFixture gateway = gateway(QUICK)) {
      rae.awaitAvailable(jid(), SOON);
      gateway.awaitOnline(DI);
      assertThat(state(gateway)).isEqualTo("online");
      long logins = logins();
      assertThat(logins).isPositive();

      for (int round = 1; round <= 3; round++) {
        long began = System.nanoTime();
        device.freeze();
        rae.awaitUnavailable(jid(), SOON);
        Duration gone = since(began);
        assertThat(gone).isLessThan(SILENT_AFTER.plus(SLACK));
        awaitState(gateway, "offline");

        began = System.nanoTime();
        device.goOn();
        Presence back = rae.awaitAvailable(jid(), SOON);
        Duration returned = since(began);
        assertThat(back.getPriority()).isEqualTo(SessionRole.DEVICE.priority());
        awaitState(gateway, "online");
        System.out.printf(
            "%s round %d: unavailable after %d ms, configured %d ms; back after %d ms%n",
            kind, round, gone.toMillis(), SILENT_AFTER.toMillis(), returned.toMillis());
      }

      assertThat(gateway.ended()).isEmpty();
      assertThat(logins()).isEqualTo(logins);
    }
  }

  @ParameterizedTest
  @EnumSource
  void device_thatIsNotSeenIsReachedAndAnAnswerBringsItBack(Server kind) {
    start(kind);
    device.freeze();
    try (GatewayFixture gateway = gateway(ONCE)) {
      gateway.awaitOnline(DI);
      awaitState(gateway, "offline");
      assertThat(ask(StanzaKind.IQ)).contains("504");
      assertThat(ask(StanzaKind.MESSAGE)).contains("504");
      assertThat(gateway.get("/api/v1/devices/" + DI + "/resources/time").status()).isEqualTo(504);
      GatewayFixture.Answer around =
          gateway.get("/api/v1/devices/" + DI + "/resources/time?via=xmpp");
      assertThat(around.status()).as(around.text()).isEqualTo(504);
      assertThat(seenAvailable()).isFalse();

      // The next probe is an hour away.
      device.goOn();
      assertThat(ask(StanzaKind.IQ)).contains("200 OK");
      rae.awaitAvailable(jid(), SOON);
      awaitState(gateway, "online");
    }
  }

  @ParameterizedTest
  @EnumSource
  void gateway_thatIsKilledShowsNoDeadDeviceWhenItIsBack(Server kind) throws Exception {
    start(kind);
    try (GatewayProcess gateway = GatewayProcess.start(folder, yaml(QUICK))) {
      rae.awaitAvailable(jid(), SOON);
      gateway.kill();
    }
    // The server keeps the stream for a while, should somebody resume it, and shows its session.
    device.freeze();
    assertThat(seenAvailable()).isTrue();

    try (GatewayProcess gateway = GatewayProcess.start(folder, yaml(QUICK))) {
      // Its session is bound when it is reached.
      String answer = null;
      long end = System.nanoTime() + SOON.toNanos();
      while (answer == null) {
        assertThat(System.nanoTime()).isLessThan(end);
        assertThat(gateway.devices().get(DI).getString("state")).isNotEqualTo("online");
        answer = askIfThere();
      }
      rae.awaitUnavailable(jid(), SOON);
      assertThat(answer).contains("504");
      assertThat(gateway.devices().get(DI).getString("state")).isEqualTo("offline");
      assertThat(seenAvailable()).isFalse();

      device.goOn();
      rae.awaitAvailable(jid(), SOON);
    }
  }

  /** Whether one of the presences of the device was available, since this was asked last. */
  private boolean seenAvailable() {
    boolean available = false;
    for (Presence next = presences.pollResult(); next != null; next = presences.pollResult()) {
      available |= next.isAvailable();
    }
    return available;
  }

  private String askIfThere() {
    try {
      return ask(StanzaKind.IQ);
    } catch (IllegalStateException e) {
      return null;
    }
  }
}
