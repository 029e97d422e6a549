package org.oicbridge.hosting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.hosting.HostingFixture.BARN;
import static org.oicbridge.hosting.HostingFixture.CONFIGURED;
import static org.oicbridge.hosting.HostingFixture.FAN;
import static org.oicbridge.hosting.HostingFixture.FARM;
import static org.oicbridge.hosting.HostingFixture.HOME;
import static org.oicbridge.hosting.HostingFixture.account;
import static org.oicbridge.hosting.HostingFixture.next;
import static org.oicbridge.hosting.HostingFixture.standard;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.oicbridge.bus.AccountOutcome;
import org.oicbridge.bus.AccountQuery;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.CloseSession;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeleteAccount;
import org.oicbridge.bus.LoginOutcome;
import org.oicbridge.bus.Precondition;
import org.oicbridge.bus.Provision;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Status;

@ExtendWith(VertxExtension.class)
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class AccountChangesTest {
  private static final Jid HOME_SESSION = HostingFixture.full(HOME, MemoryRegistry.id(HOME));

  private HostingFixture fixture;

  @BeforeEach
  void prepare(Vertx vertx) throws Exception {
    fixture = new HostingFixture(vertx).start(CONFIGURED);
    fixture.hostedAccount();
    fixture.hostedDevices();
  }

  private static void refused(AccountOutcome outcome, Status status, String type) {
    assertThat(outcome.status()).isEqualTo(status);
    assertThat(outcome.problem().type()).isEqualTo(type);
    assertThat(outcome.account()).isNull();
  }

  private AccountOutcome delete(Jid jid, Precondition precondition) throws Exception {
    return fixture.answer(Contracts.DELETE_ACCOUNT, new DeleteAccount(jid, precondition));
  }

  private static Provision conditional(Jid jid, boolean create, Precondition precondition) {
    return new Provision(jid, null, null, null, null, "new", create, precondition);
  }

  @Test
  void configuredAccount_belongsToTheFile() throws Exception {
    refused(
        fixture.provision(account(HOME, "127.0.0.1", "new")),
        Status.CONFLICT,
        "account-configured");
    refused(delete(HOME, Precondition.NONE), Status.CONFLICT, "account-configured");
    assertThat(fixture.registry.written()).isEmpty();
    AccountView view = fixture.view(HOME);
    assertThat(view.configured()).isTrue();
    assertThat(view.version()).isZero();
  }

  @Test
  void configuredDefaultAccount_belongsToTheFileToo() throws Exception {
    fixture.restart(CONFIGURED + "oic: {account: home@example.org}\n");
    refused(
        fixture.provision(standard(null, "127.0.0.1", null, null)),
        Status.CONFLICT,
        "account-configured");
    assertThat(fixture.views()).extracting(AccountView::standard).containsExactly(true);
  }

  @Test
  void account_thatIsMadeHasItsOwnIdentifierAndNeedsNoAddress() throws Exception {
    AccountOutcome outcome = fixture.provision(account(FARM, null, "pw"));
    assertThat(outcome.status()).isEqualTo(Status.CREATED);
    assertThat(outcome.account().version()).isPositive();
    assertThat(outcome.account().standard()).isFalse();
    var login = next(fixture.logins);
    assertThat(login.question().jid())
        .isEqualTo(HostingFixture.full(FARM, MemoryRegistry.id(FARM)));
    assertThat(login.question().account().address()).isNull();
    login.answer().complete(new LoginOutcome(true, ""));
    assertThat(fixture.hostedAccount().gatewayId()).isEqualTo(MemoryRegistry.id(FARM));
    assertThat(fixture.registry.written()).containsExactly(put(FARM), put(FARM));
  }

  @Test
  void account_whoseIdentifierADeviceHasMeanwhileIsNotMade() throws Exception {
    fixture.put(HostingFixture.entry(HOME, MemoryRegistry.id(FARM), "oic.d.fan"));
    refused(fixture.provision(account(FARM, null, "pw")), Status.CONFLICT, "device-is-gateway");
    assertThat(fixture.registry.account(FARM)).isNull();
  }

  private static String put(Jid jid) {
    return "putAccount " + jid;
  }

  @Test
  void account_thatIsNotThereIsOnlyMadeWhenAsked() throws Exception {
    refused(
        fixture.provision(conditional(FARM, false, Precondition.NONE)),
        Status.NOT_FOUND,
        "account-unknown");
    assertThat(fixture.registry.written()).isEmpty();
  }

  @Test
  void preconditions_areChecked() throws Exception {
    refused(
        fixture.provision(conditional(FARM, true, Precondition.PRESENT)),
        Status.PRECONDITION_FAILED,
        "version-conflict");
    fixture.added(FARM);
    refused(
        fixture.provision(conditional(FARM, true, Precondition.ABSENT)),
        Status.PRECONDITION_FAILED,
        "version-conflict");
    refused(
        fixture.provision(conditional(FARM, true, Precondition.version(7))),
        Status.PRECONDITION_FAILED,
        "version-conflict");
    refused(delete(FARM, Precondition.version(7)), Status.PRECONDITION_FAILED, "version-conflict");
    long version = fixture.view(FARM).version();
    assertThat(fixture.provision(conditional(FARM, true, Precondition.version(version))).status())
        .isEqualTo(Status.OK);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("address", provision(null, "not a host", null, null, null)),
        Arguments.of("address", provision(null, "", null, null, null)),
        Arguments.of("port", provision(null, null, 0, null, null)),
        Arguments.of("port", provision(null, null, 65_536, null, null)),
        Arguments.of("tls", provision(null, "192.0.2.1", null, Tls.NONE, null)),
        Arguments.of("tls", provision(null, "localhost.example.org", null, Tls.NONE, null)),
        Arguments.of("credential", provision(null, null, null, null, "")),
        Arguments.of("credential", provision(null, null, null, null, "p\u0000w")),
        Arguments.of("jid", provision(Jid.parse("farm@example.org/x"), null, null, null, null)),
        Arguments.of("jid", provision(Jid.parse("example.org"), null, null, null, null)));
  }

  private static Provision provision(
      Jid jid, String address, Integer port, Tls tls, String credential) {
    return new Provision(null, jid, address, port, tls, credential, false, Precondition.NONE);
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void mistake_isNamedAndChangesNothing(String field, Provision given) throws Exception {
    AccountOutcome outcome = fixture.provision(given);
    refused(outcome, Status.BAD_REQUEST, "invalid-value");
    assertThat(outcome.problem().detail()).startsWith(field + " is ").doesNotContain("p\u0000w");
    assertThat(fixture.registry.written()).isEmpty();
  }

  @Test
  void streamWithoutTls_isTakenTowardsLoopbackOnly() throws Exception {
    AccountOutcome outcome = fixture.provision(provision(null, "127.0.0.1", null, Tls.NONE, null));
    assertThat(outcome.account().tls()).isEqualTo(Tls.NONE);
    refused(
        fixture.provision(provision(null, "192.0.2.1", null, null, null)),
        Status.BAD_REQUEST,
        "invalid-value");
    assertThat(fixture.views().get(0).address()).isEqualTo("127.0.0.1");
  }

  @Test
  void jidOfAnotherAccount_isRefused() throws Exception {
    fixture.added(FARM);
    refused(
        fixture.provision(standard(FARM, "127.0.0.1", null, "pw")),
        Status.CONFLICT,
        "account-exists");
    refused(
        fixture.provision(standard(HOME, "127.0.0.1", null, "pw")),
        Status.CONFLICT,
        "account-configured");
  }

  @Test
  void jidOfAnAccountThatIsNotTheDefaultOne_stays() throws Exception {
    fixture.added(FARM);
    refused(
        fixture.provision(
            new Provision(FARM, BARN, null, null, null, null, false, Precondition.NONE)),
        Status.CONFLICT,
        "account-exists");
  }

  @Test
  void version_neverComesAgain() throws Exception {
    fixture.added(FARM);
    long before = fixture.view(FARM).version();
    delete(FARM, Precondition.NONE);
    fixture.pass(Duration.ofDays(-1));
    assertThat(fixture.provision(account(FARM, null, "pw")).account().version())
        .isGreaterThan(before);
    refused(
        fixture.provision(conditional(FARM, true, Precondition.version(before))),
        Status.PRECONDITION_FAILED,
        "version-conflict");
  }

  @Test
  void pendingJid_isTaken() throws Exception {
    fixture.provision(standard(FARM, "127.0.0.1", null, "wrong"));
    next(fixture.logins).answer().complete(new LoginOutcome(false, "no"));
    AccountOutcome outcome = fixture.provision(account(FARM, null, "pw"));
    assertThat(outcome.account().standard()).isTrue();
    assertThat(outcome.status()).isEqualTo(Status.OK);
  }

  @Test
  void delete_takesTheDevicesAlong() throws Exception {
    fixture.added(FARM);
    fixture.put(HostingFixture.entry(FARM, FAN, "oic.d.fan"));
    fixture.hostedDevices();
    Precondition as = Precondition.version(fixture.view(FARM).version());
    assertThat(delete(FARM, as).status()).isEqualTo(Status.NO_CONTENT);
    assertThat(fixture.droppedAccount().account()).isEqualTo(FARM);
    assertThat(fixture.registry.account(FARM)).isNull();
    assertThat(fixture.registry.device(FARM, FAN)).isNull();
    refused(delete(FARM, Precondition.NONE), Status.NOT_FOUND, "account-unknown");
    AccountView view = next(fixture.accountEvents);
    assertThat(view.credential()).isFalse();
    assertThat(view.status()).isEqualTo(AccountView.Status.NOT_INITIALIZED);
  }

  @Test
  void defaultAccount_thatIsDeletedIsUnsetAgain() throws Exception {
    fixture.provisioned(FARM, "127.0.0.1", "pw");
    assertThat(delete(FARM, Precondition.NONE).status()).isEqualTo(Status.NO_CONTENT);
    assertThat(fixture.views().get(0)).isEqualTo(AccountBook.unset());
    assertThat(fixture.registry.account(FARM)).isNull();
  }

  @Test
  void trialOfADeletedAccount_leavesNoSession() throws Exception {
    fixture.provision(account(FARM, null, "pw"));
    var login = next(fixture.logins);
    delete(FARM, Precondition.NONE);
    login.answer().complete(new LoginOutcome(true, ""));
    assertThat(fixture.told(CloseSession.class).jid()).isEqualTo(login.question().jid());
    assertThat(fixture.registry.account(FARM)).isNull();
  }

  @Test
  void status_followsTheGatewaysOwnSession() throws Exception {
    assertThat(fixture.view(HOME).status()).isEqualTo(AccountView.Status.NOT_INITIALIZED);
    fixture.session(HOME_SESSION, SessionEvent.State.OFFLINE, "no route");
    assertThat(fixture.statusIs(HOME, AccountView.Status.ERROR).errorReason())
        .isEqualTo("not connected: no route; retrying");
    fixture.session(HOME_SESSION, SessionEvent.State.ONLINE, "");
    assertThat(fixture.statusIs(HOME, AccountView.Status.CONNECTED).errorReason()).isEmpty();
    fixture.session(HOME_SESSION, SessionEvent.State.OFFLINE, "reset");
    assertThat(fixture.statusIs(HOME, AccountView.Status.ERROR).errorReason())
        .isEqualTo("connection lost: reset; retrying");
    fixture.session(HOME_SESSION, SessionEvent.State.REFUSED, "not-authorized");
    assertThat(fixture.statusIs(HOME, AccountView.Status.ERROR).errorReason())
        .isEqualTo("not-authorized");
  }

  @Test
  void status_doesNotFollowOtherSessions() throws Exception {
    fixture.session(HOME_SESSION, SessionEvent.State.ONLINE, "");
    fixture.statusIs(HOME, AccountView.Status.CONNECTED);
    fixture.session(
        HostingFixture.full(HOME, MemoryRegistry.GATEWAY), SessionEvent.State.REFUSED, "other");
    assertThat(fixture.view(HOME).status()).isEqualTo(AccountView.Status.CONNECTED);
  }

  @Test
  void query_givesPagesByJidWithTheUnsetDefaultAccountFirst() throws Exception {
    fixture.added(FARM);
    assertThat(fixture.views()).extracting(AccountView::jid).containsExactly(null, FARM, HOME);
    assertThat(
            fixture
                .answer(Contracts.ACCOUNTS, new AccountQuery(null, FARM.toString(), 10))
                .accounts())
        .extracting(AccountView::jid)
        .containsExactly(HOME);
    assertThat(fixture.answer(Contracts.ACCOUNTS, new AccountQuery(null, null, 1)).accounts())
        .hasSize(1);
    assertThat(fixture.answer(Contracts.ACCOUNTS, new AccountQuery(BARN, null, 1)).accounts())
        .isEmpty();
  }
}
