package org.oicbridge.hosting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.hosting.HostingFixture.BARN;
import static org.oicbridge.hosting.HostingFixture.FAN;
import static org.oicbridge.hosting.HostingFixture.FARM;
import static org.oicbridge.hosting.HostingFixture.next;
import static org.oicbridge.hosting.HostingFixture.standard;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.oicbridge.bus.AccountOutcome;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.AccountView.Status;
import org.oicbridge.bus.CloseSession;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.HostAccount;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.LoginOutcome;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig.Tls;

/** The pending and the active set of the default account. */
@ExtendWith(VertxExtension.class)
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ProvisioningTest {
  private static final LoginOutcome BOUND = new LoginOutcome(true, "");
  private static final LoginOutcome WRONG =
      new LoginOutcome(false, "the server refused the login: not-authorized");

  private HostingFixture fixture;

  @BeforeEach
  void prepare(Vertx vertx) {
    fixture = new HostingFixture(vertx);
  }

  private HostingFixture.Told<OpenSession, LoginOutcome> login() throws InterruptedException {
    return next(fixture.logins);
  }

  private AccountView view() throws Exception {
    return fixture.views().get(0);
  }

  private void nothingIsTried() throws Exception {
    fixture.settle();
    assertThat(fixture.logins).isEmpty();
  }

  @Test
  void defaultAccount_isThereBeforeAnythingIsSet() throws Exception {
    fixture.start("{}");
    assertThat(view())
        .isEqualTo(
            new AccountView(
                null,
                null,
                null,
                5222,
                Tls.STARTTLS,
                false,
                Status.NOT_INITIALIZED,
                "",
                true,
                false,
                0));
  }

  @Test
  void values_areOnDiskBeforeTheAnswer() throws Exception {
    fixture.start("{}");
    fixture.registry.hold();
    Future<AccountOutcome> answer =
        fixture.ask(Contracts.PROVISION, standard(FARM, "127.0.0.1", null, "pw"));
    view();
    assertThat(answer.isComplete()).isFalse();
    assertThat(fixture.logins).isEmpty();
    fixture.registry.letGo();
    AccountOutcome outcome = HostingFixture.await(answer);
    assertThat(outcome.status()).isEqualTo(org.oicbridge.crudn.Status.OK);
    assertThat(outcome.account().version()).isPositive();
    assertThat(outcome.account().credential()).isTrue();
    assertThat(fixture.registry.account(null).pending().password()).isEqualTo("pw");
  }

  @Test
  void write_thatFailsChangesNothing() throws Exception {
    fixture.start("{}");
    fixture.registry.fail("");
    AccountOutcome outcome = fixture.provision(standard(FARM, "127.0.0.1", null, "pw"));
    assertThat(outcome.status()).isEqualTo(org.oicbridge.crudn.Status.UNAVAILABLE);
    assertThat(outcome.problem().type()).isEqualTo("registry-failed");
    assertThat(view().jid()).isNull();
    nothingIsTried();
  }

  @Test
  void addressAndCredential_areTriedAtOnceInTheServerForm() throws Exception {
    fixture.start("{}");
    fixture.provision(standard(FARM, "127.0.0.1", 5299, "pw"));
    OpenSession tried = login().question();
    assertThat(tried.jid()).isEqualTo(HostingFixture.full(FARM, MemoryRegistry.GATEWAY));
    assertThat(tried.role()).isEqualTo(SessionRole.GATEWAY);
    assertThat(tried.account().address()).isEqualTo("127.0.0.1");
    assertThat(tried.account().port()).isEqualTo(5299);
    assertThat(tried.account().password()).isEqualTo("pw");
    assertThat(view().status()).isEqualTo(Status.NOT_INITIALIZED);
  }

  @Test
  void pendingSet_becomesTheActiveOneWhenItHasBound() throws Exception {
    fixture.start("{}");
    long set = fixture.provision(standard(FARM, "127.0.0.1", null, "pw")).account().version();
    login().answer().complete(BOUND);
    HostAccount hosted = fixture.hostedAccount();
    assertThat(hosted.account().jid()).isEqualTo(FARM);
    assertThat(hosted.gatewayId()).isEqualTo(MemoryRegistry.GATEWAY);
    AccountView view = fixture.statusIs(FARM, Status.CONNECTED);
    assertThat(view.errorReason()).isEmpty();
    assertThat(view.version()).as("binding changes no value").isEqualTo(set);
    assertThat(fixture.registry.account(FARM).pending()).isNull();
    assertThat(fixture.registry.account(FARM).active().password()).isEqualTo("pw");
    assertThat(fixture.registry.account(null)).isNull();
  }

  @Test
  void defaultAccount_isNotTriedWithoutAnAddress() throws Exception {
    fixture.start("{}");
    fixture.provision(standard(FARM, null, null, "pw"));
    nothingIsTried();
    assertThat(view().status()).isEqualTo(Status.NOT_INITIALIZED);
  }

  @Test
  void user_thatCameJustBeforeGoesWithTheAddress() throws Exception {
    fixture.start("{}");
    fixture.provision(standard(FARM, null, null, "pw"));
    fixture.pass(Duration.ofSeconds(9));
    fixture.provision(standard(null, "127.0.0.1", null, null));
    assertThat(login().question().account().password()).isEqualTo("pw");
  }

  @Test
  void user_thatCameLongBeforeDoesNot() throws Exception {
    fixture.start("{}");
    fixture.provision(standard(FARM, null, null, "pw"));
    fixture.pass(Duration.ofSeconds(11));
    fixture.provision(standard(null, "127.0.0.1", null, null));
    nothingIsTried();
    assertThat(view().credential()).isFalse();
  }

  @Test
  void oldPassword_isNeverTriedAtANewAddress() throws Exception {
    fixture.userWait(Duration.ofMillis(20)).start("{}");
    fixture.provisioned(FARM, "127.0.0.1", "old");
    fixture.pass(Duration.ofSeconds(1));
    fixture.provision(standard(null, "127.0.0.2", null, null));
    assertThat(fixture.registry.account(FARM).pending().password()).isNull();
    AccountView error = fixture.statusIs(FARM, Status.ERROR);
    assertThat(error.errorReason()).contains("without a user").doesNotContain("old");
    assertThat(error.address()).isEqualTo("127.0.0.2");
    assertThat(fixture.registry.account(FARM).failure()).isEqualTo(error.errorReason());
    assertThat(fixture.registry.account(FARM).active().password()).isEqualTo("old");
    nothingIsTried();

    fixture.provision(standard(null, null, null, "new"));
    OpenSession tried = login().question();
    assertThat(tried.account().address()).isEqualTo("127.0.0.2");
    assertThat(tried.account().password()).isEqualTo("new");
  }

  @Test
  void oldPassword_isNotTriedAtANewPortEither() throws Exception {
    fixture.start("{}");
    fixture.provisioned(FARM, "127.0.0.1", "old");
    fixture.provision(standard(null, null, 5299, null));
    nothingIsTried();
    fixture.provision(standard(FARM, null, null, null));
    nothingIsTried();
  }

  @Test
  void passwordThatHasBound_isNoLongerFresh() throws Exception {
    fixture.start("{}");
    fixture.provisioned(FARM, "127.0.0.1", "old");
    fixture.provision(standard(null, "127.0.0.2", null, null));
    nothingIsTried();
  }

  @Test
  void userForAPendingAddress_isTriedThereWhenItComes() throws Exception {
    fixture.start("{}");
    fixture.provisioned(FARM, "127.0.0.1", "old");
    fixture.provision(standard(null, "127.0.0.2", null, null));
    fixture.provision(standard(null, null, null, "new"));
    assertThat(login().question().account().address()).isEqualTo("127.0.0.2");
  }

  @Test
  void addressThatIsTakenBack_needsNoNewPassword() throws Exception {
    fixture.start("{}");
    fixture.provisioned(FARM, "127.0.0.1", "old");
    fixture.provision(standard(null, "127.0.0.2", null, null));
    fixture.provision(standard(null, "127.0.0.1", null, null));
    OpenSession tried = login().question();
    assertThat(tried.account().address()).isEqualTo("127.0.0.1");
    assertThat(tried.account().password()).isEqualTo("old");
  }

  @Test
  void addressThatWaited_waitsAgainAfterARestart() throws Exception {
    fixture.start("{}");
    fixture.provisioned(FARM, "127.0.0.1", "old");
    fixture.provision(standard(null, "127.0.0.2", null, null));
    fixture.userWait(Duration.ofMillis(20)).restart("{}");
    assertThat(fixture.hostedAccount().account().address()).isEqualTo("127.0.0.1");
    assertThat(fixture.statusIs(FARM, Status.ERROR).errorReason()).contains("without a user");
    nothingIsTried();
  }

  @Test
  void failure_isKeptAndNothingIsTriedAgain() throws Exception {
    fixture.start("{}");
    fixture.provisioned(FARM, "127.0.0.1", "old");
    fixture.provision(standard(null, null, null, "wrong"));
    login().answer().complete(WRONG);
    AccountView error = fixture.statusIs(FARM, Status.ERROR);
    assertThat(error.errorReason()).isEqualTo(WRONG.reason());
    assertThat(fixture.registry.account(FARM).failure()).isEqualTo(WRONG.reason());
    assertThat(fixture.registry.account(FARM).active().password()).isEqualTo("old");
    nothingIsTried();
    assertThat(fixture.told).isEmpty();

    fixture.restart("{}");
    assertThat(fixture.hostedAccount().account().password()).isEqualTo("old");
    assertThat(view().errorReason()).isEqualTo(WRONG.reason());
    nothingIsTried();
  }

  @Test
  void valuesThatTheirServerWasNotAskedAbout_areTriedLater() throws Exception {
    fixture.start("{}");
    fixture.provision(standard(FARM, "127.0.0.1", null, "pw"));
    for (int i = 0; i < 2; i++) {
      login().answer().complete(new LoginOutcome(false, true, "it refused too many"));
    }
    HostingFixture.Told<OpenSession, LoginOutcome> tried = login();
    assertThat(tried.question().account().password()).isEqualTo("pw");
    assertThat(view().status()).isEqualTo(Status.NOT_INITIALIZED);
    assertThat(fixture.registry.account(null).failure()).isNull();
    tried.answer().complete(WRONG);
    assertThat(fixture.statusIs(FARM, Status.ERROR).errorReason()).isEqualTo(WRONG.reason());
    nothingIsTried();
  }

  @Test
  void valuesThatWaitForTheirServer_giveWayToNewerOnes() throws Exception {
    fixture.trialRetry(Duration.ofHours(1)).start("{}");
    fixture.provision(standard(FARM, "127.0.0.1", null, "first"));
    login().answer().complete(new LoginOutcome(false, true, "it refused too many"));
    nothingIsTried();
    fixture.provision(standard(FARM, null, null, "second"));
    assertThat(login().question().account().password()).isEqualTo("second");
    nothingIsTried();
  }

  @Test
  void jidThatFails_showsWhileTheOneBeforeIsServed() throws Exception {
    fixture.start("{}");
    fixture.provision(standard(FARM, "127.0.0.1", null, "old"));
    assertThat(view().served()).as("nothing has bound").isNull();
    login().answer().complete(BOUND);
    assertThat(fixture.statusIs(FARM, Status.CONNECTED).served()).isEqualTo(FARM);
    fixture.provision(standard(BARN, null, null, "wrong"));
    login().answer().complete(WRONG);
    assertThat(fixture.statusIs(BARN, Status.ERROR).served()).isEqualTo(FARM);
  }

  @Test
  void failure_outlivesThatTheActiveConnectionComesUp() throws Exception {
    fixture.start("{}");
    fixture.provisioned(FARM, "127.0.0.1", "old");
    fixture.provision(standard(null, null, null, "wrong"));
    login().answer().complete(WRONG);
    fixture.statusIs(FARM, Status.ERROR);
    fixture.session(
        HostingFixture.full(FARM, MemoryRegistry.GATEWAY), SessionEvent.State.ONLINE, "");
    assertThat(view().status()).isEqualTo(Status.ERROR);
  }

  @Test
  void newerValues_areTriedAfterARunningTrialWhoseOutcomeNoLongerCounts() throws Exception {
    fixture.start("{}");
    fixture.provision(standard(FARM, "127.0.0.1", null, "first"));
    HostingFixture.Told<OpenSession, LoginOutcome> first = login();
    fixture.provision(standard(null, null, null, "second"));
    nothingIsTried();
    first.answer().complete(WRONG);
    assertThat(login().question().account().password()).isEqualTo("second");
    assertThat(fixture.registry.account(null).failure()).isNull();
  }

  @Test
  void outcome_countsWhenTheSameValuesWereSetAgain() throws Exception {
    fixture.start("{}");
    fixture.provision(standard(FARM, "127.0.0.1", null, "pw"));
    HostingFixture.Told<OpenSession, LoginOutcome> first = login();
    long set = fixture.provision(standard(FARM, "127.0.0.1", null, "pw")).account().version();
    first.answer().complete(BOUND);
    assertThat(fixture.statusIs(FARM, Status.CONNECTED).version()).isEqualTo(set);
    nothingIsTried();
  }

  @Test
  void sessionOfATrialThatNoLongerCounts_givesWayToTheActiveSet() throws Exception {
    fixture.start("{}");
    fixture.provisioned(FARM, "127.0.0.1", "old");
    fixture.provision(standard(null, null, null, "first"));
    HostingFixture.Told<OpenSession, LoginOutcome> first = login();
    fixture.provision(standard(BARN, null, null, "second"));
    first.answer().complete(BOUND);
    assertThat(fixture.hostedAccount().account().password()).isEqualTo("old");
    HostingFixture.Told<OpenSession, LoginOutcome> second = login();
    fixture.provision(standard(FARM, null, null, "third"));
    second.answer().complete(BOUND);
    assertThat(fixture.told(CloseSession.class).jid())
        .isEqualTo(HostingFixture.full(BARN, MemoryRegistry.GATEWAY));
    assertThat(login().question().account().password()).isEqualTo("third");
  }

  @Test
  void newJid_takesTheDevicesAlong() throws Exception {
    fixture.start("{}");
    fixture.provisioned(FARM, "127.0.0.1", "pw");
    fixture.put(HostingFixture.entry(FARM, FAN, "oic.d.fan"));
    fixture.hostedDevices();
    fixture.provision(standard(BARN, null, null, "pw2"));
    assertThat(view().jid()).isEqualTo(BARN);
    login().answer().complete(BOUND);
    assertThat(fixture.hostedAccount().account().jid()).isEqualTo(BARN);
    var devices = fixture.hostedDevices();
    assertThat(devices.account()).isEqualTo(BARN);
    assertThat(devices.devices()).extracting(HostedDevice::di).containsExactly(FAN);
    assertThat(fixture.droppedAccount().account()).isEqualTo(FARM);
    assertThat(fixture.registry.written()).contains("moveAccount " + FARM + " " + BARN);
    assertThat(fixture.registry.device(BARN, FAN)).isNotNull();
    fixture.statusIs(BARN, Status.CONNECTED);
  }

  @Test
  void port5223_meansDirectTlsUnlessToldOtherwise() throws Exception {
    fixture.start("{}");
    assertThat(fixture.provision(standard(null, "127.0.0.1", 5223, null)).account().tls())
        .isEqualTo(Tls.DIRECT);
    assertThat(fixture.provision(standard(null, null, 5222, null)).account().tls())
        .isEqualTo(Tls.STARTTLS);
  }

  @Test
  void accountWithTheSameValues_staysConnectedAsItIs() throws Exception {
    fixture.start("{}");
    fixture.provisioned(FARM, "127.0.0.1", "pw");
    long before = view().version();
    AccountOutcome outcome = fixture.provision(standard(FARM, "127.0.0.1", null, "pw"));
    assertThat(outcome.account().version()).isEqualTo(before);
    assertThat(outcome.account().status()).isEqualTo(Status.CONNECTED);
    nothingIsTried();
  }

  @Test
  void session_thatIsLostBeforeItIsWrittenIsShownAsLost() throws Exception {
    fixture.start("{}");
    fixture.provision(standard(FARM, "127.0.0.1", null, "pw"));
    fixture.registry.hold();
    login().answer().complete(BOUND);
    fixture.held();
    fixture.session(
        HostingFixture.full(FARM, MemoryRegistry.GATEWAY), SessionEvent.State.OFFLINE, "reset");
    fixture.settle();
    fixture.registry.letGo();
    assertThat(fixture.statusIs(FARM, Status.ERROR).errorReason())
        .isEqualTo("connection lost: reset; retrying");
  }

  @Test
  void bindingThatCanNotBeWritten_isNoConnection() throws Exception {
    fixture.start("{}");
    fixture.provision(standard(FARM, "127.0.0.1", null, "pw"));
    fixture.registry.fail("moveAccount");
    login().answer().complete(BOUND);
    assertThat(fixture.statusIs(FARM, Status.ERROR).errorReason()).contains("written");
    assertThat(fixture.told(CloseSession.class).jid())
        .isEqualTo(HostingFixture.full(FARM, MemoryRegistry.GATEWAY));
  }
}
