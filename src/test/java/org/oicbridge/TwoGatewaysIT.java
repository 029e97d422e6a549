package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.peers.ProsodyPeer;

/** Two gateways that have the same device on the same account, which is a mistake of somebody's. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TwoGatewaysIT {
  private static final String DI = "aaaaaaaa-0000-4000-8000-000000000031";

  /** Long enough for every reconnection that does not wait for a minute. */
  private static final long WATCHED_SECONDS = 12;

  @TempDir Path folder;
  private ProsodyPeer server;
  private PlainDevice device;

  @BeforeEach
  void start() {
    server = ProsodyPeer.start(ProsodyPeer.Options.tuned());
    server.addUser("home", "correct horse");
    device = PlainDevice.start(new SessionFleet.NameResource("lamp"));
  }

  @AfterEach
  void stop() {
    device.close();
    server.close();
  }

  private GatewayFixture gateway(String name) {
    return GatewayFixture.start(
        folder.resolve(name),
        """
        xmpp: {trust: "%s"}
        accounts:
          - jid: home@%s
            password: correct horse
            address: 127.0.0.1
            port: %d
            devices:
              - {di: %s, rt: oic.d.light, endpoint: "%s"}
        """
            .formatted(server.caFile(), server.domain(), server.port(), DI, device.endpoint()));
  }

  @Test
  void secondGateway_takesTheDeviceOverAndTheFirstLeavesItAlone() {
    try (GatewayFixture first = gateway("first")) {
      first.awaitOnline(DI);
      try (GatewayFixture second = gateway("second")) {
        second.awaitOnline(DI);
        long bound = System.nanoTime();
        assertThat(first.awaitDown(DI)).contains("conflict");
        assertThat(System.nanoTime() - bound).isLessThan(TimeUnit.SECONDS.toNanos(5));

        GatewayFixture.await(second.vertx().timer(WATCHED_SECONDS, TimeUnit.SECONDS));
        // Each end of a session would have been told; the first one's conflict is all there was.
        assertThat(ends(first)).hasSize(1);
        assertThat(ends(second)).isEmpty();
        assertThat(second.get("/api/v1/devices/" + DI).json().getString("state"))
            .isEqualTo("online");
      }
    }
  }

  private static List<SessionEvent> ends(GatewayFixture gateway) {
    return gateway.ended().stream()
        .filter(event -> event.jid().toString().endsWith(DI))
        .filter(event -> !event.reason().isEmpty())
        .toList();
  }
}
