package org.oicbridge.hosting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.hosting.HostingFixture.CONFIGURED;
import static org.oicbridge.hosting.HostingFixture.FAN;
import static org.oicbridge.hosting.HostingFixture.FARM;
import static org.oicbridge.hosting.HostingFixture.HOME;
import static org.oicbridge.hosting.HostingFixture.account;
import static org.oicbridge.hosting.HostingFixture.entry;
import static org.oicbridge.hosting.HostingFixture.next;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeleteDevice;
import org.oicbridge.bus.DeviceOutcome;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceRequest;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.LoginOutcome;
import org.oicbridge.bus.Precondition;
import org.oicbridge.bus.PutDevices;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;

@ExtendWith(VertxExtension.class)
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class DeviceTypesTest {
  private static final CrudnResponse SILENT =
      CrudnResponse.failed(Status.TIMEOUT, "device-silent", "nothing came back");

  private HostingFixture fixture;

  @BeforeEach
  void prepare(Vertx vertx) throws Exception {
    fixture = new HostingFixture(vertx).start(CONFIGURED);
    fixture.hostedAccount();
    fixture.hostedDevices();
  }

  private static CrudnResponse description(String body) {
    return CrudnResponse.answered(Status.OK, Headers.NONE, body);
  }

  private HostedDevice hosted() throws InterruptedException {
    return fixture.hostedDevices().devices().get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "oic.wk.d oic.d.light, oic.d.light",
    "oic.d.smartplug oic.wk.d, oic.d.smartplug",
    "oic.wk.d x.com.example.toaster, x.com.example.toaster",
    "x.com.example.toaster oic.d.fan oic.d.light, oic.d.fan",
    "oic.wk.d oic.wk.p, oic.wk.d",
    "oic.wk.p,",
  })
  void type_isChosenByKindNotByOrder(String types, String chosen) {
    assertThat(DeviceTypes.choose(Arrays.asList(types.split(" ", -1)))).isEqualTo(chosen);
  }

  @Test
  void device_withoutATypeIsAskedAndHostedWithWhatItTells() throws Exception {
    DeviceOutcome outcome = fixture.put(entry(HOME, FAN, null));
    assertThat(outcome.status()).isEqualTo(Status.CREATED);
    assertThat(outcome.device().rt()).isEmpty();
    assertThat(outcome.device().jid()).isNull();
    HostingFixture.Told<DeviceRequest, CrudnResponse> question = next(fixture.asked);
    assertThat(question.question().device().di()).isEqualTo(FAN);
    assertThat(question.question().request().operation()).isEqualTo(Operation.RETRIEVE);
    assertThat(question.question().request().path()).hasToString("/oic/d?if=oic.if.baseline");
    fixture.settle();
    assertThat(fixture.told).isEmpty();
    question.answer().complete(description("{\"rt\":[\"oic.wk.d\",\"oic.d.fan\"],\"n\":\"F\"}"));
    assertThat(hosted().rt()).isEqualTo("oic.d.fan");
    assertThat(fixture.registry.device(HOME, FAN).rt()).isEqualTo("oic.d.fan");
    assertThat(fixture.registry.device(HOME, FAN).version()).isEqualTo(outcome.device().version());
  }

  @Test
  void device_isListedFromItsRegistrationOn() throws Exception {
    DeviceOutcome outcome = fixture.put(entry(HOME, FAN, null));
    assertThat(unhosted()).containsExactly(outcome.device());
    next(fixture.asked).answer().complete(description("{\"rt\":\"oic.d.fan\"}"));
    hosted();
    assertThat(unhosted()).as("the shard has it").isEmpty();
  }

  @Test
  void device_isListedWhileItsAccountNeverLoggedIn() throws Exception {
    fixture.provision(account(FARM, null, "secret"));
    var login = next(fixture.logins);
    DeviceOutcome outcome = fixture.put(entry(FARM, FAN, "oic.d.fan"));
    assertThat(outcome.status()).isEqualTo(Status.CREATED);
    assertThat(unhosted()).containsExactly(outcome.device());
    login.answer().complete(new LoginOutcome(false, "not-authorized"));
    fixture.statusIs(FARM, AccountView.Status.ERROR);
    assertThat(unhosted()).containsExactly(outcome.device());
    fixture.restart(CONFIGURED);
    assertThat(unhosted()).containsExactly(outcome.device());
    fixture.answer(Contracts.DELETE_DEVICE, new DeleteDevice(FARM, FAN, Precondition.NONE));
    assertThat(unhosted()).isEmpty();
  }

  private List<DeviceView> unhosted() throws Exception {
    return fixture
        .answer(Contracts.UNHOSTED, new DeviceQuery(null, null, null, null, null, null, 10))
        .devices();
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"rt\":\"oic.wk.d oic.d.fan\"}', oic.d.fan",
    "'{\"n\":\"Fan\"}', oic.wk.d",
    "'[]', oic.wk.d",
    "'{\"rt\":[\"oic.d.a b\"]}', oic.wk.d",
  })
  void description_isReadInEveryForm(String body, String rt) throws Exception {
    fixture.put(entry(HOME, FAN, null));
    next(fixture.asked).answer().complete(description(body));
    assertThat(hosted().rt()).isEqualTo(rt);
  }

  @Test
  void silentDevice_isAskedThriceAndThenHostedAsAnyDevice() throws Exception {
    fixture.put(entry(HOME, FAN, null));
    next(fixture.asked).answer().complete(SILENT);
    next(fixture.asked).answer().complete(SILENT);
    fixture.settle();
    assertThat(fixture.told).isEmpty();
    next(fixture.asked).answer().complete(SILENT);
    assertThat(hosted().rt()).isEqualTo("oic.wk.d");
    assertThat(fixture.asked).isEmpty();
    assertThat(fixture.registry.device(HOME, FAN).rt()).isNull();

    fixture.restart(CONFIGURED);
    next(fixture.asked).answer().complete(description("{\"rt\":[\"oic.d.fan\"]}"));
    fixture.hostedAccount();
    fixture.hostedDevices();
    assertThat(hosted().rt()).isEqualTo("oic.d.fan");
  }

  @Test
  void silentDevice_thatIsRegisteredAgainIsServedAsItIsNowAtOnce() throws Exception {
    fixture.put(entry(HOME, FAN, null));
    for (int i = 0; i < 3; i++) {
      next(fixture.asked).answer().complete(SILENT);
    }
    hosted();
    fixture.put(entry(HOME, FAN, null));
    assertThat(hosted().rt()).isEqualTo("oic.wk.d");
    assertThat(fixture.asked).as("it is the same device").isEmpty();

    URI elsewhere = URI.create("coap://192.0.2.8:5683");
    fixture.put(
        new PutDevices.Entry(HOME, FAN, null, "Fan", elsewhere, null, null, Precondition.NONE));
    assertThat(hosted().endpoint()).isEqualTo(elsewhere);
    next(fixture.asked).answer().complete(description("{\"rt\":[\"oic.d.fan\"]}"));
    assertThat(hosted().rt()).isEqualTo("oic.d.fan");
  }

  @ParameterizedTest
  @EnumSource(names = {"NOT_FOUND", "METHOD_NOT_ALLOWED", "UNAUTHORIZED"})
  void device_thatSaysThatItHasNoDescriptionIsNotAskedAgain(Status status) throws Exception {
    fixture.put(entry(HOME, FAN, null));
    next(fixture.asked).answer().complete(CrudnResponse.answered(status, Headers.NONE, null));
    assertThat(hosted().rt()).isEqualTo("oic.wk.d");
    assertThat(fixture.asked).isEmpty();
  }

  @Test
  void device_thatOurSideDidNotReachIsAskedAgain() throws Exception {
    fixture.put(entry(HOME, FAN, null));
    next(fixture.asked)
        .answer()
        .complete(CrudnResponse.failed(Status.NOT_FOUND, "device-unknown", "not yet"));
    next(fixture.asked).answer().complete(description("{\"rt\":\"oic.d.fan\"}"));
    assertThat(hosted().rt()).isEqualTo("oic.d.fan");
  }

  @Test
  void type_thatIsKnownIsKept() throws Exception {
    fixture.put(entry(HOME, FAN, "oic.d.fan"));
    fixture.hostedDevices();
    assertThat(fixture.put(entry(HOME, FAN, null)).device().rt()).containsExactly("oic.d.fan");
    assertThat(hosted().rt()).isEqualTo("oic.d.fan");
    assertThat(fixture.asked).isEmpty();
  }

  @Test
  void device_thatIsForgottenMeanwhileIsNotHosted() throws Exception {
    fixture.put(entry(HOME, FAN, null));
    var question = next(fixture.asked);
    fixture.answer(Contracts.DELETE_DEVICE, new DeleteDevice(HOME, FAN, Precondition.NONE));
    fixture.droppedDevices();
    question.answer().complete(description("{\"rt\":[\"oic.d.fan\"]}"));
    fixture.settle();
    assertThat(fixture.told).isEmpty();
    assertThat(fixture.registry.device(HOME, FAN)).isNull();
  }
}
