package org.oicbridge.hosting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.hosting.HostingFixture.CONFIGURED;
import static org.oicbridge.hosting.HostingFixture.ENDPOINT;
import static org.oicbridge.hosting.HostingFixture.FAN;
import static org.oicbridge.hosting.HostingFixture.FARM;
import static org.oicbridge.hosting.HostingFixture.HOME;
import static org.oicbridge.hosting.HostingFixture.LAMP;
import static org.oicbridge.hosting.HostingFixture.entry;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeleteDevice;
import org.oicbridge.bus.DeviceOutcome;
import org.oicbridge.bus.DeviceOutcomes;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.HostDevices;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.LoginOutcome;
import org.oicbridge.bus.PreSharedKey;
import org.oicbridge.bus.Precondition;
import org.oicbridge.bus.PutDevices;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Secret;
import org.oicbridge.crudn.Status;

@ExtendWith(VertxExtension.class)
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class RegistrationsTest {
  private static final DeviceId PUMP = new DeviceId("33333333-3333-4333-8333-333333333333");

  private HostingFixture fixture;

  @BeforeEach
  void prepare(Vertx vertx) throws Exception {
    fixture = new HostingFixture(vertx).start(CONFIGURED);
    fixture.hostedAccount();
    fixture.hostedDevices();
  }

  private static void refused(DeviceOutcome outcome, Status status, String type) {
    assertThat(outcome.status()).isEqualTo(status);
    assertThat(outcome.problem().type()).isEqualTo(type);
  }

  private DeviceOutcome delete(DeviceId di, Precondition precondition) throws Exception {
    return fixture.answer(Contracts.DELETE_DEVICE, new DeleteDevice(HOME, di, precondition));
  }

  @Test
  void device_isHostedOnceItIsOnDisk() throws Exception {
    fixture.registry.hold();
    Future<DeviceOutcomes> answer =
        fixture.ask(Contracts.PUT_DEVICES, new PutDevices(List.of(entry(HOME, FAN, "oic.d.fan"))));
    fixture.settle();
    assertThat(answer.isComplete()).isFalse();
    assertThat(fixture.told).isEmpty();
    fixture.registry.letGo();
    DeviceOutcome outcome = HostingFixture.await(answer).outcomes().get(0);
    assertThat(outcome.status()).isEqualTo(Status.CREATED);
    assertThat(outcome.device())
        .isEqualTo(
            new DeviceView(
                FAN,
                HOME,
                List.of("oic.d.fan"),
                "Fan",
                DeviceView.Origin.HOSTED,
                Jid.parse(HOME + "/OIC/1.0/oic.d.fan/" + FAN),
                DeviceView.State.OFFLINE,
                fixture.version(HOME, FAN)));
    HostDevices hosted = fixture.hostedDevices();
    assertThat(hosted.account()).isEqualTo(HOME);
    assertThat(hosted.devices())
        .containsExactly(
            new HostedDevice(FAN, "oic.d.fan", "Fan", ENDPOINT, null, fixture.version(HOME, FAN)));
  }

  @Test
  void device_thatIsThereIsChanged() throws Exception {
    long version = fixture.put(entry(HOME, FAN, "oic.d.fan")).device().version();
    DeviceOutcome outcome =
        fixture.put(entry(HOME, FAN, "oic.d.airflow", null, Precondition.version(version)));
    assertThat(outcome.status()).isEqualTo(Status.OK);
    assertThat(outcome.device().version()).isGreaterThan(version);
    assertThat(outcome.device().rt()).containsExactly("oic.d.airflow");
    refused(
        fixture.put(entry(HOME, FAN, "oic.d.fan", null, Precondition.version(version))),
        Status.PRECONDITION_FAILED,
        "version-conflict");
    refused(
        fixture.put(entry(HOME, FAN, "oic.d.fan", null, Precondition.ABSENT)),
        Status.PRECONDITION_FAILED,
        "version-conflict");
  }

  @Test
  void entries_areTakenOrRefusedOneByOneInOneWrite() throws Exception {
    fixture.added(FARM);
    List<PutDevices.Entry> entries =
        List.of(
            entry(HOME, FAN, "oic.d.fan"),
            entry(Jid.parse("nobody@example.org"), FAN, "oic.d.fan"),
            entry(HOME, LAMP, "oic.d.light"),
            entry(FARM, PUMP, "oic.d.pump"),
            entry(HOME, FAN, "oic.d.airflow"));
    int before = fixture.registry.written().size();
    List<DeviceOutcome> outcomes =
        fixture.answer(Contracts.PUT_DEVICES, new PutDevices(entries)).outcomes();
    assertThat(outcomes.get(0).status()).isEqualTo(Status.CREATED);
    refused(outcomes.get(1), Status.NOT_FOUND, "account-unknown");
    refused(outcomes.get(2), Status.CONFLICT, "device-configured");
    assertThat(outcomes.get(3).status()).isEqualTo(Status.CREATED);
    assertThat(outcomes.get(4).status()).isEqualTo(Status.OK);
    assertThat(outcomes.get(4).device().version())
        .isGreaterThan(outcomes.get(0).device().version());
    List<String> written = fixture.registry.written();
    assertThat(written.subList(before, written.size())).containsExactly("putDevices 2");
    assertThat(List.of(fixture.hostedDevices().account(), fixture.hostedDevices().account()))
        .containsExactlyInAnyOrder(HOME, FARM);
  }

  @Test
  void write_thatFailsRefusesTheGoodOnesToo() throws Exception {
    fixture.registry.fail("");
    List<DeviceOutcome> outcomes =
        fixture
            .answer(
                Contracts.PUT_DEVICES,
                new PutDevices(
                    List.of(entry(HOME, FAN, "oic.d.fan"), entry(HOME, LAMP, "oic.d.light"))))
            .outcomes();
    refused(outcomes.get(0), Status.UNAVAILABLE, "registry-failed");
    refused(outcomes.get(1), Status.CONFLICT, "device-configured");
    fixture.settle();
    assertThat(fixture.told).isEmpty();
    refused(delete(FAN, Precondition.NONE), Status.NOT_FOUND, "device-unknown");
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("endpoint", with("coap://224.0.1.187:5683", "Fan", "oic.d.fan", null)),
        Arguments.of("endpoint", with("coap://[ff02::158]:5683", "Fan", "oic.d.fan", null)),
        Arguments.of("endpoint", with("coap://0.0.0.0:5683", "Fan", "oic.d.fan", null)),
        Arguments.of("endpoint", with("coap://[::]:5683", "Fan", "oic.d.fan", null)),
        Arguments.of("endpoint", with("coap://255.255.255.255", "Fan", "oic.d.fan", null)),
        Arguments.of("endpoint", with("coap://224.1:5683", "Fan", "oic.d.fan", null)),
        Arguments.of("endpoint", with("coap://[::ffff:224.0.1.187]", "Fan", "oic.d.fan", null)),
        Arguments.of("endpoint", with("coap://3758096385:5683", "Fan", "oic.d.fan", null)),
        Arguments.of("endpoint", with("http://192.0.2.1", "Fan", "oic.d.fan", null)),
        Arguments.of("name", with("coap://192.0.2.1", "F\nan", "oic.d.fan", null)),
        Arguments.of("name", with("coap://192.0.2.1", "Fan \ud83d", "oic.d.fan", null)),
        Arguments.of("name", with("coap://192.0.2.1", "\udca1\ud83d", "oic.d.fan", null)),
        Arguments.of("psk.identity", withKey("fan\0")),
        Arguments.of("psk.identity", withKey("fan\n")),
        Arguments.of("psk.identity", withKey("fan\udca1")),
        Arguments.of("rt", with("coap://192.0.2.1", "Fan", "Client", null)),
        Arguments.of("rt", with("coap://192.0.2.1", "Fan", "oic d", null)),
        Arguments.of("ttl", with("coap://192.0.2.1", "Fan", "oic.d.fan", Duration.ZERO)),
        Arguments.of(
            "ttl", with("coap://192.0.2.1", "Fan", "oic.d.fan", Duration.ofDays(4_000_000))));
  }

  private static PutDevices.Entry with(String endpoint, String name, String rt, Duration ttl) {
    return new PutDevices.Entry(
        HOME, FAN, rt, name, URI.create(endpoint), ttl, null, Precondition.NONE);
  }

  private static PutDevices.Entry withKey(String identity) {
    return new PutDevices.Entry(
        HOME,
        FAN,
        "oic.d.fan",
        "Fan",
        URI.create("coaps://192.0.2.1"),
        null,
        new PreSharedKey(identity, new Secret(new byte[] {1, 2, 3})),
        Precondition.NONE);
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void mistake_isNamed(String field, PutDevices.Entry entry) throws Exception {
    DeviceOutcome outcome = fixture.put(entry);
    refused(outcome, Status.BAD_REQUEST, "invalid-value");
    assertThat(outcome.problem().detail())
        .startsWith(field + " is ")
        .doesNotContain("\n")
        .doesNotContainPattern("[\\x00\\p{Cs}]");
    assertThat(fixture.registry.written()).isEmpty();
  }

  @Test
  void name_takesWhatLiesBeyondTheBasicPlane() throws Exception {
    fixture.put(with("coap://192.0.2.1", "Fan \ud83d\udca1", "oic.d.fan", null));
    assertThat(fixture.registry.device(HOME, FAN).name()).isEqualTo("Fan \ud83d\udca1");
  }

  @Test
  void device_withAnIdentifierOfTheGatewayIsRefused() throws Exception {
    fixture.added(FARM);
    List<DeviceOutcome> outcomes =
        fixture
            .answer(
                Contracts.PUT_DEVICES,
                new PutDevices(
                    List.of(
                        entry(HOME, MemoryRegistry.id(HOME), "oic.d.cloudproxy"),
                        entry(HOME, MemoryRegistry.id(FARM), "oic.d.fan"),
                        entry(HOME, new DeviceId(MemoryRegistry.GATEWAY.text()), "oic.d.fan"),
                        entry(HOME, FAN, "oic.d.fan"))))
            .outcomes();
    for (DeviceOutcome outcome : outcomes.subList(0, 3)) {
      refused(outcome, Status.CONFLICT, "device-is-gateway");
    }
    assertThat(outcomes.get(3).status()).isEqualTo(Status.CREATED);
    assertThat(fixture.hostedDevices().devices()).extracting(HostedDevice::di).containsExactly(FAN);
  }

  @Test
  void key_goesToTheShardAndNeedsCoaps() throws Exception {
    PreSharedKey key = new PreSharedKey("fan", new Secret(new byte[] {1, 2, 3}));
    refused(
        fixture.put(
            new PutDevices.Entry(
                HOME, FAN, "oic.d.fan", "Fan", ENDPOINT, null, key, Precondition.NONE)),
        Status.BAD_REQUEST,
        "invalid-value");
    fixture.put(
        new PutDevices.Entry(
            HOME,
            FAN,
            "oic.d.fan",
            "Fan",
            URI.create("coaps://192.0.2.7"),
            null,
            key,
            Precondition.NONE));
    assertThat(fixture.hostedDevices().devices().get(0).key()).isEqualTo(key);
    fixture.restart(CONFIGURED);
    fixture.hostedAccount();
    assertThat(fixture.hostedDevices().devices()).extracting(HostedDevice::key).contains(key);
  }

  @Test
  void account_getsNoMoreDevicesThanItsServerTakesSessions() throws Exception {
    fixture.restart(CONFIGURED + "xmpp: {sessionsPerAccount: 3}\n");
    List<DeviceOutcome> outcomes =
        fixture
            .answer(
                Contracts.PUT_DEVICES,
                new PutDevices(
                    List.of(entry(HOME, FAN, "oic.d.fan"), entry(HOME, PUMP, "oic.d.pump"))))
            .outcomes();
    assertThat(outcomes.get(0).status()).isEqualTo(Status.CREATED);
    refused(outcomes.get(1), Status.TOO_MANY_REQUESTS, "too-many-devices");
    assertThat(fixture.put(entry(HOME, FAN, "oic.d.fan")).status()).isEqualTo(Status.OK);
  }

  @Test
  void device_thatIsForgottenIsDropped() throws Exception {
    fixture.put(entry(HOME, FAN, "oic.d.fan"));
    fixture.hostedDevices();
    refused(delete(FAN, Precondition.version(9)), Status.PRECONDITION_FAILED, "version-conflict");
    Precondition as = Precondition.version(fixture.version(HOME, FAN));
    assertThat(delete(FAN, as).status()).isEqualTo(Status.NO_CONTENT);
    var dropped = fixture.droppedDevices();
    assertThat(dropped.account()).isEqualTo(HOME);
    assertThat(dropped.devices()).containsExactly(FAN);
    assertThat(fixture.registry.device(HOME, FAN)).isNull();
    refused(delete(FAN, Precondition.NONE), Status.NOT_FOUND, "device-unknown");
    refused(delete(LAMP, Precondition.NONE), Status.CONFLICT, "device-configured");
  }

  @Test
  void version_neverComesAgain() throws Exception {
    fixture.put(entry(HOME, FAN, "oic.d.fan"));
    long changed = fixture.put(entry(HOME, FAN, "oic.d.airflow")).device().version();
    delete(FAN, Precondition.NONE);
    // Whatever somebody makes of the clock while we run.
    fixture.pass(Duration.ofDays(-1));
    assertThat(fixture.put(entry(HOME, FAN, "oic.d.fan")).device().version())
        .isGreaterThan(changed);
    delete(FAN, Precondition.NONE);
    fixture.pass(Duration.ofDays(1).plusSeconds(1));
    fixture.restart(CONFIGURED);
    fixture.put(entry(HOME, FAN, "oic.d.fan"));
    refused(
        fixture.put(entry(HOME, FAN, "oic.d.fan", null, Precondition.version(changed))),
        Status.PRECONDITION_FAILED,
        "version-conflict");
  }

  @Test
  void device_ofAnAccountThatNeverLoggedInWaitsForIt() throws Exception {
    fixture.provision(HostingFixture.account(FARM, null, "pw"));
    fixture.put(entry(FARM, FAN, "oic.d.fan"));
    fixture.settle();
    assertThat(fixture.told).isEmpty();
    HostingFixture.next(fixture.logins).answer().complete(new LoginOutcome(true, ""));
    fixture.hostedAccount();
    assertThat(fixture.hostedDevices().devices()).extracting(HostedDevice::di).containsExactly(FAN);
  }
}
