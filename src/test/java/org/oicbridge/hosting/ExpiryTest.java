package org.oicbridge.hosting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.hosting.HostingFixture.CONFIGURED;
import static org.oicbridge.hosting.HostingFixture.ENDPOINT;
import static org.oicbridge.hosting.HostingFixture.FAN;
import static org.oicbridge.hosting.HostingFixture.HOME;
import static org.oicbridge.hosting.HostingFixture.entry;
import static org.oicbridge.hosting.HostingFixture.next;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DirectoryQuery;
import org.oicbridge.bus.Precondition;
import org.oicbridge.bus.Publish;
import org.oicbridge.bus.PutDevices;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Right;
import org.oicbridge.crudn.Status;

@ExtendWith(VertxExtension.class)
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ExpiryTest {
  private static final DeviceId PUMP = new DeviceId("33333333-3333-4333-8333-333333333333");
  private static final Duration SHORT = Duration.ofMillis(30);
  private static final Duration LONG = Duration.ofHours(2);

  private HostingFixture fixture;

  @BeforeEach
  void prepare(Vertx vertx) throws Exception {
    fixture = new HostingFixture(vertx).start(CONFIGURED);
    fixture.hostedAccount();
    fixture.hostedDevices();
  }

  private void register(DeviceId di, Duration ttl) throws Exception {
    fixture.put(entry(HOME, di, "oic.d.fan", ttl, Precondition.NONE));
    fixture.hostedDevices();
  }

  private Status publish(String identity, Duration ttl) throws Exception {
    Caller caller = new Caller(identity, HOME, Set.of(Right.PUBLISH), true);
    return fixture
        .answer(
            Contracts.PUBLISH,
            new Publish(caller, FAN, "oic.d.fan", "Fan", ENDPOINT, ttl, List.of()))
        .status();
  }

  @Test
  void device_thatIsNotRenewedGoes() throws Exception {
    register(PUMP, LONG);
    register(FAN, SHORT);
    assertThat(fixture.droppedDevices().devices()).containsExactly(FAN);
    assertThat(next(fixture.directoryEvents)).isEqualTo(new DirectoryQuery(HOME));
    assertThat(fixture.registry.device(HOME, FAN)).isNull();
    assertThat(fixture.registry.device(HOME, PUMP)).isNotNull();
  }

  @Test
  void device_thatIsRenewedStays() throws Exception {
    register(FAN, Duration.ofHours(1));
    register(FAN, Duration.ofHours(3));
    fixture.pass(LONG);
    register(PUMP, SHORT);
    // The one that was renewed would have gone first.
    assertThat(fixture.droppedDevices().devices()).containsExactly(PUMP);
    assertThat(fixture.registry.device(HOME, FAN)).isNotNull();
  }

  @Test
  void identifier_staysWithItsOwner() throws Exception {
    publish("psk:kitchen", SHORT);
    fixture.hostedDevices();
    fixture.droppedDevices();
    assertThat(fixture.registry.owner(FAN)).isEqualTo("psk:kitchen");
    assertThat(publish("psk:cellar", LONG)).isEqualTo(Status.FORBIDDEN);
    assertThat(publish("psk:kitchen", LONG)).isEqualTo(Status.OK);
  }

  @Test
  void expiry_thatCanNotBeWrittenIsTriedAgain() throws Exception {
    fixture.registry.fail("deleteDevices");
    register(FAN, SHORT);
    assertThat(next(fixture.registry.failures)).isEqualTo("deleteDevices 1");
    assertThat(fixture.told).isEmpty();
    assertThat(fixture.registry.device(HOME, FAN)).isNotNull();
    fixture.registry.fail(null);
    assertThat(fixture.droppedDevices().devices()).containsExactly(FAN);
    assertThat(fixture.registry.device(HOME, FAN)).isNull();
  }

  @Test
  void expiry_thatCanNotBeWrittenLeavesARenewedDeviceItsTime() throws Exception {
    Duration soon = Duration.ofMillis(500);
    fixture.answer(
        Contracts.PUT_DEVICES,
        new PutDevices(
            List.of(
                entry(HOME, FAN, "oic.d.fan", soon, Precondition.NONE),
                entry(HOME, PUMP, "oic.d.pump", soon, Precondition.NONE))));
    fixture.hostedDevices();
    fixture.registry.hold();
    fixture.ask(
        Contracts.PUT_DEVICES,
        new PutDevices(List.of(entry(HOME, FAN, "oic.d.fan", LONG, Precondition.NONE))));
    fixture.held();
    fixture.looks.clear();
    // The time of both is over while the renewal of one is being written.
    next(fixture.looks);
    fixture.settle();
    fixture.registry.fail("deleteDevices");
    fixture.registry.letGo();
    assertThat(next(fixture.registry.failures)).isEqualTo("deleteDevices 1");
    fixture.hostedDevices();
    fixture.registry.fail(null);
    assertThat(fixture.droppedDevices().devices()).containsExactly(PUMP);
    fixture.pass(LONG.plusSeconds(1));
    register(new DeviceId("bell"), LONG);
    assertThat(fixture.droppedDevices().devices()).containsExactly(FAN);
  }

  @Test
  void longTime_isMeasuredByTheClock() throws Exception {
    register(FAN, LONG);
    fixture.pass(LONG.plusSeconds(1));
    register(PUMP, Duration.ofHours(1));
    assertThat(fixture.droppedDevices().devices()).containsExactly(FAN);
  }
}
