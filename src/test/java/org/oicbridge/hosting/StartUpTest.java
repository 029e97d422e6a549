package org.oicbridge.hosting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oicbridge.hosting.HostingFixture.CONFIGURED;
import static org.oicbridge.hosting.HostingFixture.ENDPOINT;
import static org.oicbridge.hosting.HostingFixture.FAN;
import static org.oicbridge.hosting.HostingFixture.FARM;
import static org.oicbridge.hosting.HostingFixture.HOME;
import static org.oicbridge.hosting.HostingFixture.LAMP;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Adopt;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeleteDevice;
import org.oicbridge.bus.DeviceOutcome;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.FoundDevice;
import org.oicbridge.bus.HostAccount;
import org.oicbridge.bus.HostDevices;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.Precondition;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Status;
import org.oicbridge.store.StoredAccount;
import org.oicbridge.store.StoredAccount.Login;
import org.oicbridge.store.StoredDevice;

@ExtendWith(VertxExtension.class)
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class StartUpTest {
  private static final Login WORKS = new Login(FARM, "127.0.0.1", 5222, "starttls", "works");
  private static final Login OTHER = new Login(FARM, "127.0.0.2", 5222, "starttls", "other");

  private HostingFixture fixture;

  @BeforeEach
  void prepare(Vertx vertx) {
    fixture = new HostingFixture(vertx);
  }

  private static StoredDevice device(Jid account, DeviceId di, Instant expires) {
    return new StoredDevice(
        account, di, "oic.d.fan", "Fan", ENDPOINT, null, expires, null, null, List.of(), 3);
  }

  private void stored(Login active, Login pending, String failure) {
    fixture.registry.accounts.put(
        FARM, new StoredAccount(FARM, false, new DeviceId("farm"), active, pending, failure, 4));
  }

  private void stored(StoredDevice device) {
    fixture.registry.devices.put(device.key(), device);
  }

  @Test
  void configuredAccount_isHostedWithItsDevices() throws Exception {
    fixture.start(CONFIGURED);
    HostAccount account = fixture.hostedAccount();
    assertThat(account.account().jid()).isEqualTo(HOME);
    assertThat(account.gatewayId()).isEqualTo(MemoryRegistry.id(HOME));
    HostDevices devices = fixture.hostedDevices();
    assertThat(devices.account()).isEqualTo(HOME);
    assertThat(devices.devices()).extracting(HostedDevice::di).containsExactly(LAMP);
  }

  @Test
  void accountThatOicNames_hasTheGatewaysOwnIdentifier() throws Exception {
    fixture.start(CONFIGURED + "oic: {account: home@example.org}\n");
    assertThat(fixture.hostedAccount().gatewayId()).isEqualTo(MemoryRegistry.GATEWAY);
    assertThat(fixture.view(HOME).standard()).isTrue();
  }

  @Test
  void storedDevice_ofAConfiguredAccountIsHosted() throws Exception {
    stored(device(HOME, FAN, null));
    fixture.start(CONFIGURED);
    fixture.hostedAccount();
    assertThat(fixture.hostedDevices().devices())
        .extracting(HostedDevice::di)
        .containsExactlyInAnyOrder(LAMP, FAN);
  }

  @Test
  void storedDevice_givesWayToTheFile() throws Exception {
    stored(device(HOME, LAMP, null));
    fixture.start(CONFIGURED);
    fixture.hostedAccount();
    assertThat(fixture.hostedDevices().devices())
        .extracting(HostedDevice::rt)
        .containsExactly("oic.d.light");
    assertThat(fixture.registry.device(HOME, LAMP)).isNotNull();
  }

  @Test
  void storedDevice_withAnIdentifierOfTheGatewayIsLeftOutAndCanBeDeleted() throws Exception {
    DeviceId own = MemoryRegistry.id(HOME);
    stored(device(HOME, own, null));
    fixture.start(CONFIGURED);
    fixture.hostedAccount();
    assertThat(fixture.hostedDevices().devices())
        .extracting(HostedDevice::di)
        .containsExactly(LAMP);
    DeviceOutcome deleted =
        fixture.answer(Contracts.DELETE_DEVICE, new DeleteDevice(HOME, own, Precondition.NONE));
    assertThat(deleted.status()).isEqualTo(Status.NO_CONTENT);
    assertThat(fixture.registry.device(HOME, own)).isNull();
    fixture.settle();
    assertThat(fixture.told).isEmpty();
  }

  @Test
  void configuredDevice_withAnIdentifierOfTheGatewayIsAMistake() {
    String yaml = CONFIGURED.replace(LAMP.text(), MemoryRegistry.id(HOME).text());
    assertThatThrownBy(() -> fixture.start(yaml))
        .hasMessageContaining("accounts[0].devices[0].di is \"gateway-of-home\"");
    assertThat(fixture.told).isEmpty();
  }

  @Test
  void storedDevice_ofAnAccountThatHasGoneCanBeDeletedAndAdoptedElsewhere() throws Exception {
    stored(device(FARM, FAN, null));
    fixture.start(CONFIGURED);
    fixture.hostedAccount();
    assertThat(fixture.hostedDevices().devices())
        .extracting(HostedDevice::di)
        .containsExactly(LAMP);
    fixture.publish(
        Contracts.FOUND, new FoundDevice(FAN, "oic.d.fan", "Found", ENDPOINT, List.of()));
    assertThat(unhosted()).extracting(DeviceView::account).containsExactly(null, FARM);
    assertThat(fixture.answer(Contracts.ADOPT, new Adopt(FAN, HOME)).status())
        .isEqualTo(Status.CREATED);
    DeleteDevice delete = new DeleteDevice(FARM, FAN, Precondition.version(3));
    assertThat(fixture.answer(Contracts.DELETE_DEVICE, delete).status())
        .isEqualTo(Status.NO_CONTENT);
    assertThat(fixture.registry.device(FARM, FAN)).isNull();
    assertThat(fixture.registry.device(HOME, FAN)).isNotNull();
    assertThat(fixture.answer(Contracts.DELETE_DEVICE, delete).problem().type())
        .isEqualTo("account-unknown");
    assertThat(unhosted()).isEmpty();
  }

  private List<DeviceView> unhosted() throws Exception {
    return fixture
        .answer(Contracts.UNHOSTED, new DeviceQuery(null, null, null, null, null, null, 10))
        .devices();
  }

  @Test
  void expiredDevice_isDroppedAndNotHosted() throws Exception {
    stored(device(HOME, FAN, Instant.now().minusSeconds(1)));
    fixture.start(CONFIGURED);
    fixture.hostedAccount();
    assertThat(fixture.hostedDevices().devices())
        .extracting(HostedDevice::di)
        .containsExactly(LAMP);
    assertThat(fixture.registry.device(HOME, FAN)).isNull();
  }

  @Test
  void storedAccount_logsInWithItsActiveSet() throws Exception {
    stored(WORKS, null, null);
    stored(device(FARM, FAN, null));
    fixture.start("{}");
    HostAccount account = fixture.hostedAccount();
    assertThat(account.account().password()).isEqualTo("works");
    assertThat(account.gatewayId().text()).isEqualTo("farm");
    assertThat(fixture.hostedDevices().devices().get(0).version()).isEqualTo(3);
    assertThat(fixture.view(FARM).status()).isEqualTo(AccountView.Status.NOT_INITIALIZED);
  }

  @Test
  void failedPendingSet_showsItsReasonAndIsNotTriedAgain() throws Exception {
    stored(WORKS, OTHER, "the server refused the login: not-authorized");
    fixture.start("{}");
    assertThat(fixture.hostedAccount().account().password()).isEqualTo("works");
    AccountView view = fixture.view(FARM);
    assertThat(view.status()).isEqualTo(AccountView.Status.ERROR);
    assertThat(view.errorReason()).isEqualTo("the server refused the login: not-authorized");
    assertThat(view.address()).isEqualTo("127.0.0.2");
    fixture.settle();
    assertThat(fixture.logins).isEmpty();
  }

  @Test
  void pendingSet_thatWasNeverTriedIsTriedOnce() throws Exception {
    stored(null, OTHER, null);
    fixture.start("{}");
    assertThat(HostingFixture.next(fixture.logins).question().account().password())
        .isEqualTo("other");
    assertThat(fixture.told).isEmpty();
  }

  @Test
  void storedAccount_givesWayToTheFile() throws Exception {
    fixture.registry.accounts.put(
        HOME, new StoredAccount(HOME, false, MemoryRegistry.GATEWAY, WORKS, null, null, 4));
    fixture.start(CONFIGURED);
    assertThat(fixture.hostedAccount().account().password()).isEqualTo("secret");
    assertThat(fixture.view(HOME).configured()).isTrue();
  }
}
