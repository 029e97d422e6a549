package org.oicbridge.hosting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.hosting.HostingFixture.CONFIGURED;
import static org.oicbridge.hosting.HostingFixture.ENDPOINT;
import static org.oicbridge.hosting.HostingFixture.FAN;
import static org.oicbridge.hosting.HostingFixture.FARM;
import static org.oicbridge.hosting.HostingFixture.HOME;
import static org.oicbridge.hosting.HostingFixture.LAMP;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.oicbridge.bus.Adopt;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceOutcome;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.FoundDevice;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Status;

@ExtendWith(VertxExtension.class)
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class AdoptionsTest {
  private static final Duration INTERVAL = Duration.ofMinutes(5);

  private HostingFixture fixture;

  @BeforeEach
  void prepare(Vertx vertx) throws Exception {
    fixture = new HostingFixture(vertx).start(CONFIGURED);
    fixture.hostedAccount();
    fixture.hostedDevices();
  }

  private void found(DeviceId di, String rt, String endpoint) {
    fixture.publish(
        Contracts.FOUND, new FoundDevice(di, rt, "Found", URI.create(endpoint), List.of()));
  }

  private List<DeviceView> discovered() throws Exception {
    return discovered(null, 1000);
  }

  private List<DeviceView> discovered(String after, int limit) throws Exception {
    return fixture
        .answer(Contracts.UNHOSTED, new DeviceQuery(null, null, null, null, null, after, limit))
        .devices();
  }

  private DeviceOutcome adopt(DeviceId di, Jid account) throws Exception {
    return fixture.answer(Contracts.ADOPT, new Adopt(di, account));
  }

  private static void refused(DeviceOutcome outcome, Status status, String type) {
    assertThat(outcome.status()).isEqualTo(status);
    assertThat(outcome.problem().type()).isEqualTo(type);
  }

  @Test
  void foundDevice_isListedUntilItIsHosted() throws Exception {
    found(FAN, "oic.d.fan", ENDPOINT.toString());
    found(LAMP, "oic.d.light", ENDPOINT.toString());
    assertThat(discovered())
        .containsExactly(
            new DeviceView(
                FAN,
                null,
                List.of("oic.d.fan"),
                "Found",
                DeviceView.Origin.DISCOVERED,
                null,
                DeviceView.State.ONLINE,
                0));
    DeviceOutcome outcome = adopt(FAN, HOME);
    assertThat(outcome.status()).isEqualTo(Status.CREATED);
    assertThat(outcome.device().jid()).isEqualTo(Jid.parse(HOME + "/OIC/1.0/oic.d.fan/" + FAN));
    assertThat(fixture.hostedDevices().devices())
        .containsExactly(
            new HostedDevice(
                FAN, "oic.d.fan", "Found", ENDPOINT, null, fixture.version(HOME, FAN)));
    assertThat(fixture.registry.device(HOME, FAN).owner()).isNull();
    assertThat(discovered()).isEmpty();
    assertThat(adopt(FAN, HOME).status()).isEqualTo(Status.OK);
    assertThat(adopt(LAMP, HOME).device().rt()).containsExactly("oic.d.light");
  }

  @Test
  void adoption_needsTheDeviceAndTheAccount() throws Exception {
    refused(adopt(FAN, HOME), Status.NOT_FOUND, "device-unknown");
    found(FAN, "oic.d.fan", ENDPOINT.toString());
    refused(adopt(FAN, FARM), Status.NOT_FOUND, "account-unknown");
    assertThat(fixture.registry.written()).isEmpty();
  }

  @Test
  void gateway_doesNotAdoptItself() throws Exception {
    fixture.restart(CONFIGURED + "discovery: {adopt: [{account: home@example.org}]}\n");
    fixture.hostedAccount();
    fixture.hostedDevices();
    found(MemoryRegistry.GATEWAY, "oic.d.cloudproxy", ENDPOINT.toString());
    found(MemoryRegistry.id(HOME), "oic.d.cloudproxy", ENDPOINT.toString());
    found(FAN, "oic.d.fan", ENDPOINT.toString());
    assertThat(fixture.hostedDevices().devices()).extracting(HostedDevice::di).containsExactly(FAN);
    assertThat(discovered()).isEmpty();
    refused(adopt(MemoryRegistry.id(HOME), HOME), Status.CONFLICT, "device-is-gateway");
    assertThat(fixture.registry.written()).hasSize(1);
  }

  @Test
  void lastSighting_wins() throws Exception {
    found(FAN, "oic.d.fan", "coap://192.0.2.1:1000");
    found(FAN, "oic.d.fan", "coap://192.0.2.1:2000");
    adopt(FAN, HOME);
    assertThat(fixture.hostedDevices().devices().get(0).endpoint().getPort()).isEqualTo(2000);
  }

  @Test
  void device_thatIsNotSeenForThreeSearchesIsForgotten() throws Exception {
    found(FAN, "oic.d.fan", ENDPOINT.toString());
    discovered();
    fixture.pass(INTERVAL.multipliedBy(3).minusSeconds(10));
    assertThat(discovered()).hasSize(1);
    fixture.pass(Duration.ofSeconds(20));
    assertThat(discovered()).isEmpty();
    refused(adopt(FAN, HOME), Status.NOT_FOUND, "device-unknown");
  }

  @Test
  void devices_beyondAThousandPushOutTheOldest() throws Exception {
    for (int i = 0; i <= Discovered.MOST; i++) {
      found(new DeviceId("device-" + i), "oic.d.fan", ENDPOINT.toString());
    }
    assertThat(discovered())
        .hasSize(Discovered.MOST)
        .extracting(DeviceView::di)
        .doesNotContain(new DeviceId("device-0"));
  }

  @Test
  void list_comesInPages() throws Exception {
    for (int i = 0; i < 3; i++) {
      found(new DeviceId("device-" + i), "oic.d.fan", ENDPOINT.toString());
    }
    List<DeviceView> first = discovered(null, 2);
    assertThat(first).hasSize(2);
    assertThat(discovered(first.get(1).key(), 2))
        .extracting(DeviceView::di)
        .containsExactly(new DeviceId("device-2"));
  }

  @Test
  void device_thatFitsARuleIsAdoptedAtOnce() throws Exception {
    fixture.restart(
        CONFIGURED
            + """
            discovery:
              adopt:
                - {rt: oic.d.light, account: nobody@example.org}
                - {rt: oic.d.fan, account: home@example.org}
            """);
    fixture.hostedAccount();
    fixture.hostedDevices();
    found(new DeviceId("light"), "oic.d.light", ENDPOINT.toString());
    found(FAN, "oic.d.fan", ENDPOINT.toString());
    assertThat(fixture.hostedDevices().devices()).extracting(HostedDevice::di).containsExactly(FAN);
    assertThat(discovered()).extracting(DeviceView::di).containsExactly(new DeviceId("light"));
  }

  @Test
  void adoptedDevice_isStillThereAfterARestart() throws Exception {
    found(FAN, "oic.d.fan", ENDPOINT.toString());
    adopt(FAN, HOME);
    fixture.restart(CONFIGURED);
    fixture.hostedAccount();
    assertThat(fixture.hostedDevices().devices()).extracting(HostedDevice::di).contains(FAN);
  }

  @Test
  void rule_doesNotFillAnAccountWithoutEnd() throws Exception {
    fixture.restart(CONFIGURED + "discovery: {adopt: [{account: home@example.org}]}\n");
    for (int i = 0; i < Discovered.MOST + 10; i++) {
      found(new DeviceId("device-" + i), "oic.d.fan", ENDPOINT.toString());
      if (i % 500 == 0) {
        // Comes to its turn after all that was found before.
        adopt(new DeviceId("unknown"), HOME);
      }
    }
    adopt(new DeviceId("unknown"), HOME);
    assertThat(fixture.registry.written()).hasSize(Discovered.MOST - 1);
  }
}
