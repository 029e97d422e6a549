package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.FoundDevice;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.config.DiscoveryConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.Operation;
import org.oicbridge.peers.NetworkNamespace;
import org.oicbridge.peers.OcfDevicePeer;

/** Devices in a network of their own, which are found by asking the multicast groups. */
@Timeout(120)
class MulticastDiscoveryIT {
  private static final DiscoveryPace PACE =
      new DiscoveryPace(Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofSeconds(10));
  private static final Duration DAY = Duration.ofDays(1);
  private static final String FAN = "0685b960-736f-46f7-bec0-9e6cbd61adc1";

  private final BlockingQueue<FoundDevice> found = new LinkedBlockingQueue<>();
  private NetworkNamespace network;
  private Vertx vertx;

  @BeforeEach
  void start() {
    network = NetworkNamespace.create();
    vertx = Vertx.vertx();
    Contracts.register(vertx);
    Contracts.FOUND.listen(vertx.eventBus(), Contracts.HOME, found::add);
  }

  @AfterEach
  void stop() throws Exception {
    if (vertx != null) {
      CoapGateway.await(vertx.close());
      network.close();
    }
  }

  private void search(String host) throws Exception {
    deploy(host, new DiscoveryConfig(List.of(network.hostInterface()), DAY, List.of(), List.of()));
  }

  private void deploy(String host, DiscoveryConfig discovery) throws Exception {
    CoapGateway.await(
        vertx.deployVerticle(
            new DiscoveryVerticle(coap(host), discovery, PACE, DeviceAddress.DEFAULT_PORT)));
  }

  private static CoapConfig coap(String host) {
    return new CoapConfig(host, 1, 2, Duration.ofSeconds(1), 4, 1024, 300_000, null);
  }

  private FoundDevice next() throws InterruptedException {
    FoundDevice device = found.poll(60, TimeUnit.SECONDS);
    assertThat(device).as("a device").isNotNull();
    return device;
  }

  @Test
  void deviceThatAnswersFromAnotherPort_isFoundByIpv4() throws Exception {
    try (OcfDevicePeer lamp = OcfDevicePeer.start(network, "--name", "Kitchen");
        OcfDevicePeer fan = OcfDevicePeer.start(network, "--di", FAN, "--rt", "oic.d.fan")) {
      search("0.0.0.0");

      List<FoundDevice> both = List.of(next(), next());
      assertThat(both).extracting(d -> d.di().text()).containsExactlyInAnyOrder(lamp.di(), FAN);
      FoundDevice kitchen = both.get(both.get(0).di().text().equals(FAN) ? 1 : 0);
      assertThat(kitchen.rt()).isEqualTo("oic.d.light");
      assertThat(kitchen.name()).isEqualTo("Kitchen");
      assertThat(kitchen.endpoint()).hasToString(lamp.endpoints().get(0));
      assertThat(kitchen.endpoint().getHost()).isEqualTo(network.address());
      assertThat(kitchen.endpoint().getPort()).isNotEqualTo(5683);
      assertThat(kitchen.links())
          .filteredOn(link -> link.href().equals("/light"))
          .containsExactly(
              new Link(
                  "/light",
                  List.of("oic.r.switch.binary"),
                  List.of("oic.if.a", "oic.if.baseline"),
                  3,
                  "",
                  List.of(URI.create(lamp.endpoints().get(0)))));
      assertDriven(kitchen, "0.0.0.0");
    }
  }

  @Test
  void answerInBlocks_isFetchedToItsEnd() throws Exception {
    try (OcfDevicePeer lamp = OcfDevicePeer.start(network, "--more", "100")) {
      search("0.0.0.0");

      FoundDevice device = next();
      assertThat(device.di().text()).isEqualTo(lamp.di());
      assertThat(device.links()).hasSize(103);
    }
  }

  @Test
  void deviceOfIpv6Only_isFound() throws Exception {
    try (OcfDevicePeer lamp =
        OcfDevicePeer.start(network, "--host", network.address6(), "--name", "Six")) {
      search("::");

      FoundDevice six = next();
      assertThat(six.name()).isEqualTo("Six");
      assertThat(six.endpoint().getHost()).contains(":");
      assertThat(six.endpoint().getPort()).isEqualTo(URI.create(lamp.endpoints().get(0)).getPort());
      assertDriven(six, "::");
    }
  }

  @Test
  void deviceOfALinkLocalAddressOnly_isFoundAndDriven() throws Exception {
    String local = network.linkLocal();
    try (OcfDevicePeer lamp = OcfDevicePeer.start(network, "--host", local, "--name", "Near")) {
      search("::");

      FoundDevice near = next();
      assertThat(near.di().text()).isEqualTo(lamp.di());
      assertThat(near.endpoint().getHost())
          .startsWith("[fe80:")
          .endsWith("%25" + network.hostInterface() + "]");
      assertThat(near.links()).isNotEmpty();
      assertDriven(near, "::");
    }
  }

  @Test
  void interfaceThatIsNotThere_doesNotKeepOthersFromBeingSearched() throws Exception {
    List<String> names = List.of("oicb-none", network.hostInterface());
    DiscoveryConfig discovery = new DiscoveryConfig(names, DAY, List.of(), List.of());
    try (OcfDevicePeer lamp = OcfDevicePeer.start(network)) {
      deploy("0.0.0.0", discovery);

      assertThat(next().di().text()).isEqualTo(lamp.di());
    }
  }

  /** Shows that the endpoint serves. */
  private void assertDriven(FoundDevice device, String host) throws Exception {
    CoapGateway gateway = new CoapGateway();
    gateway.restart(Vertx.vertx());
    try {
      gateway.deploy(coap(host));
      var hosted = TestDevice.config(device.endpoint().toString());
      CrudnResponse on = gateway.ask(hosted, Operation.UPDATE, "/light", "{\"state\":true}");
      assertThat(on.problem()).as("%s", on).isNull();
      assertThat(gateway.get(hosted, "/light").body()).isEqualTo("{\"state\":true,\"power\":1}");
    } finally {
      gateway.afterEach(null);
    }
  }
}
