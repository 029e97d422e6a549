package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.config.DeviceConfig;
import org.oicbridge.crudn.Deadline;

@Timeout(20)
class DeviceAddressTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    OwnServer.await(vertx.close());
  }

  private InetSocketAddress resolve(String endpoint) throws Exception {
    return OwnServer.await(
        new DeviceAddress(vertx, DeviceConfig.endpoint(endpoint))
            .resolve(Deadline.in(Duration.ofSeconds(5))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"coap://[fe80::1%25lo]:7", "coap://[fe80::1%lo]:7"})
  void linkLocalAddress_keepsItsZone(String endpoint) throws Exception {
    InetSocketAddress address = resolve(endpoint);

    assertThat(((Inet6Address) address.getAddress()).getScopeId())
        .isEqualTo(NetworkInterface.getByName("lo").getIndex());
    assertThat(address.getPort()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"coap://192.0.2.1,5683", "coaps://192.0.2.1,5684", "coaps://[fe80::1%25lo],5684"})
  void portThatIsNotNamed_isThatOfTheScheme(String endpoint, int port) throws Exception {
    assertThat(resolve(endpoint).getPort()).isEqualTo(port);
  }

  @Test
  void zoneThatIsNotHere_isUnreachable() {
    assertThatThrownBy(() -> resolve("coap://[fe80::1%25nowhere0]"))
        .rootCause()
        .isInstanceOfSatisfying(
            RequestFailed.class,
            failed ->
                assertThat(failed.response().problem().type()).isEqualTo("device-unreachable"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"coap://[ff02::158%25lo]", "coap://224.0.1.187"})
  void group_isNoDevice(String endpoint) {
    assertThatThrownBy(() -> resolve(endpoint)).rootCause().hasMessageContaining("multicast group");
  }

  @Test
  void nameOfAGroup_isNoDevice() throws Exception {
    Vertx named =
        Vertx.vertx(
            new VertxOptions()
                .setAddressResolverOptions(
                    new AddressResolverOptions()
                        .setHostsValue(Buffer.buffer("224.0.1.187 group.test\n"))));
    try {
      DeviceAddress address = new DeviceAddress(named, DeviceConfig.endpoint("coap://group.test"));
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(
                () -> OwnServer.await(address.resolve(Deadline.in(Duration.ofSeconds(5)))))
            .rootCause()
            .hasMessageContaining("multicast group");
      }
    } finally {
      OwnServer.await(named.close());
    }
  }
}
