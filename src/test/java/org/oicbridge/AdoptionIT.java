package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.GatewayFixture.Answer;
import org.oicbridge.peers.NetworkNamespace;
import org.oicbridge.peers.OcfDevicePeer;
import org.oicbridge.peers.ProsodyPeer;

/**
 * A device that answers like a current OCF stack, in a network of its own: found by multicast,
 * adopted by one call, and then reached from the far side of Prosody.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AdoptionIT {
  private static final String DISCOVERED = "/api/v1/devices?origin=discovered";

  @TempDir Path data;

  private static String configuration(ProsodyPeer server, NetworkNamespace network) {
    return """
        xmpp: {trust: "%s"}
        coap:
          host: 0.0.0.0
        discovery: {interfaces: [%s]}
        accounts:
          - {jid: home@%s, password: correct horse, address: 127.0.0.1, port: %d}
        """
        .formatted(server.caFile(), network.hostInterface(), server.domain(), server.port());
  }

  @Test
  void deviceFoundByMulticast_isAdoptedAndDrivenThroughProsody() {
    try (NetworkNamespace network = NetworkNamespace.create();
        OcfDevicePeer lamp = OcfDevicePeer.start(network, "--name", "Kitchen");
        ProsodyPeer server = ProsodyPeer.start(ProsodyPeer.Options.tuned())) {
      server.addUser("home", "correct horse");
      String account = "home@" + server.domain();
      try (GatewayFixture gateway = GatewayFixture.start(data, configuration(server, network))) {
        gateway.awaitAccounts(account);
        JsonObject found = awaitDiscovered(gateway);
        assertThat(found.getString("di")).isEqualTo(lamp.di());
        assertThat(found.getJsonArray("rt")).containsExactly("oic.d.light");
        assertThat(found.getString("name")).isEqualTo("Kitchen");
        assertThat(found.getString("account")).isNull();

        String device = "/api/v1/devices/" + lamp.di();
        String light = device + "/resources/light";
        assertThat(gateway.get(light).status()).as("not before it is adopted").isEqualTo(409);

        JsonObject account1 = new JsonObject().put("account", account);
        Answer adopted = gateway.post(device + "/adopt", account1.encode());
        assertThat(adopted.status()).as(adopted.text()).isEqualTo(201);
        gateway.awaitOnline(lamp.di());
        assertThat(gateway.get(device).json().getString("jid"))
            .isEqualTo(account + "/OIC/1.0/oic.d.light/" + lamp.di());
        assertThat(gateway.get(DISCOVERED).json().getJsonArray("devices")).isEmpty();

        drive(gateway, light + "?via=xmpp");
      }
      // Adopted is registered: it comes back by itself.
      try (GatewayFixture again = GatewayFixture.start(data, configuration(server, network))) {
        again.awaitAccounts(account).awaitOnline(lamp.di());
        drive(again, "/api/v1/devices/" + lamp.di() + "/resources/light?via=xmpp");
      }
    }
  }

  /** Retrieves and updates. */
  private static void drive(GatewayFixture gateway, String light) {
    gateway.awaitAnswer(light);
    boolean before = gateway.get(light).json().getBoolean("state");
    Answer changed = gateway.post(light, "{\"state\":" + !before + "}");
    assertThat(changed.status()).as(changed.text()).isBetween(200, 204);
    assertThat(gateway.get(light).json().getBoolean("state")).isEqualTo(!before);
  }

  private static JsonObject awaitDiscovered(GatewayFixture gateway) {
    gateway.awaitFound();
    return gateway.get(DISCOVERED).json().getJsonArray("devices").getJsonObject(0);
  }
}
