package org.oicbridge.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.oicbridge.routing.RouterFixture.GATEWAY;
import static org.oicbridge.routing.RouterFixture.GATEWAY_JID;
import static org.oicbridge.routing.RouterFixture.GUEST;
import static org.oicbridge.routing.RouterFixture.HOME;
import static org.oicbridge.routing.RouterFixture.LAMP;
import static org.oicbridge.routing.RouterFixture.LAMP_JID;
import static org.oicbridge.routing.RouterFixture.TYPE;
import static org.oicbridge.routing.RouterFixture.account;
import static org.oicbridge.routing.RouterFixture.await;
import static org.oicbridge.routing.RouterFixture.home;
import static org.oicbridge.routing.RouterFixture.lamp;
import static org.oicbridge.routing.RouterFixture.retrieve;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.CloseSession;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceRequest;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.HostAccount;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.PreSharedKey;
import org.oicbridge.bus.SessionEvent.State;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.crudn.CrudnRequest.Via;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Secret;
import org.oicbridge.crudn.Status;

/** Accounts and devices that come and go at run time. */
@Timeout(30)
class AccountHostTest {
  private static final DeviceId FAR = new DeviceId("22222222-2222-4222-8222-222222222222");
  private static final Jid FAR_JID = HOME.withResource("OIC/1.0/oic.d.fan/" + FAR);
  private static final Jid SWITCH_JID = HOME.withResource("OIC/1.0/oic.d.switch/" + LAMP);

  private final RouterFixture router = new RouterFixture();

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void session_ofTheGatewayBindsInTheFormOfAServer() throws Exception {
    router.host(home());
    OpenSession open = router.nextOrder(OpenSession.class);
    assertThat(open.jid()).isEqualTo(GATEWAY_JID);
    assertThat(open.jid().oic().orElseThrow().clientOnly()).isFalse();
    assertThat(open.role()).isEqualTo(SessionRole.GATEWAY);
  }

  @Test
  void devices_inTheAccountsConfigurationAreNotLookedAt() throws Exception {
    String devices = "devices: [{di: \"" + LAMP + "\", endpoint: \"coap://h\"}]";
    router.host(account(HOME, "password: secret, " + devices));
    router.nextOrder(OpenSession.class);
    assertThat(router.devices()).isEmpty();
    assertThat(router.orders).isEmpty();
  }

  @Test
  void newLogin_isToldToEverySessionAndEndsNone() throws Exception {
    router.hostLamp();
    router.host(account(HOME, "password: changed"));
    List<OpenSession> told =
        List.of(router.nextOrder(OpenSession.class), router.nextOrder(OpenSession.class));
    assertThat(told)
        .extracting(OpenSession::jid, open -> open.account().password())
        .containsExactly(tuple(GATEWAY_JID, "changed"), tuple(LAMP_JID, "changed"));
    assertThat(router.devices())
        .extracting(DeviceView::state)
        .containsExactly(DeviceView.State.ONLINE);
    assertThat(router.orders).isEmpty();
  }

  @Test
  void newLogin_thatLetsAContactInNoLongerForgetsTheContactsDevices() throws Exception {
    router.hostLamp();
    router.peer(GUEST.withResource("OIC/1.0/oic.d.fan/" + FAR), true);
    assertThat(router.devices()).extracting(DeviceView::di).containsExactly(LAMP, FAR);
    router.host(account(HOME, "password: secret"));
    assertThat(router.devices()).extracting(DeviceView::di).containsExactly(LAMP);
  }

  @Test
  void newIdentifier_ofTheGatewayEndsItsSession() throws Exception {
    router.hostLamp();
    router.ask(Contracts.HOST_ACCOUNT, new HostAccount(home(), FAR));
    assertThat(router.nextOrder(CloseSession.class).jid()).isEqualTo(GATEWAY_JID);
    assertThat(router.nextOrder(OpenSession.class).jid())
        .isEqualTo(HOME.withResource("OIC/1.0/" + TYPE + "/" + FAR));
  }

  @Test
  void device_withTheSameFullJidKeepsItsSession() throws Exception {
    router.hostLamp();
    HostedDevice moved =
        new HostedDevice(
            LAMP,
            "oic.d.light",
            "Moved",
            URI.create("coaps://127.0.0.1:7"),
            new PreSharedKey("lamp", new Secret(new byte[16])),
            8);
    router.host(moved);
    assertThat(router.orders).isEmpty();
    assertThat(router.devices())
        .extracting(DeviceView::name, DeviceView::state, DeviceView::version)
        .containsExactly(tuple("Moved", DeviceView.State.ONLINE, 8L));
    router.answer(retrieve(LAMP, Via.SHORTEST));
    // The very one, key and all, gets to the edge that sends the packets.
    assertThat(router.sentToCoap).extracting(DeviceRequest::device).containsExactly(moved);
    assertThat(router.sentToCoap.element().device()).isSameAs(moved);
  }

  @Test
  void device_ofAnotherTypeComesWhenTheOldSessionIsClosed() throws Exception {
    router.hostLamp();
    Promise<Done> closed = Promise.promise();
    router.closing = close -> closed.future();
    router.host(lamp("oic.d.switch", "coap://127.0.0.1:5683"));
    assertThat(router.nextOrder(CloseSession.class).jid()).isEqualTo(LAMP_JID);
    assertThat(router.devices())
        .extracting(DeviceView::jid, DeviceView::state)
        .containsExactly(tuple(SWITCH_JID, DeviceView.State.OFFLINE));
    assertThat(router.orders).isEmpty();

    closed.complete(new Done());
    assertThat(router.nextOrder(OpenSession.class).jid()).isEqualTo(SWITCH_JID);
    router.session(SWITCH_JID, State.ONLINE);
    router.session(LAMP_JID, State.CLOSED);
    assertThat(router.devices())
        .extracting(DeviceView::state)
        .containsExactly(DeviceView.State.ONLINE);
  }

  @Test
  void device_thatIsDroppedBeforeItCameNeverComes() throws Exception {
    router.hostLamp();
    Promise<Done> closed = Promise.promise();
    router.closing =
        close ->
            close.jid().equals(LAMP_JID) ? closed.future() : Future.succeededFuture(new Done());
    router.host(lamp("oic.d.switch", "coap://127.0.0.1:5683"));
    router.nextOrder(CloseSession.class);
    Future<Done> dropped = router.drop(LAMP);
    assertThat(router.devices()).isEmpty();
    assertThat(dropped.isComplete()).isFalse();
    closed.complete(new Done());
    await(dropped);
    assertThat(router.nextOrder(CloseSession.class).jid()).isEqualTo(SWITCH_JID);
    assertThat(router.orders).isEmpty();
  }

  @Test
  void droppedDevice_isGoneAtOnceAndTheAnswerComesWhenItsSessionIsClosed() throws Exception {
    router.hostLamp();
    Promise<Done> closed = Promise.promise();
    router.closing = close -> closed.future();
    Future<Done> dropped = router.drop(LAMP);
    assertThat(router.nextOrder(CloseSession.class).jid()).isEqualTo(LAMP_JID);
    CrudnResponse answer = router.answer(retrieve(LAMP, Via.SHORTEST));
    assertThat(answer.problem().type()).isEqualTo("device-unknown");
    assertThat(router.devices()).isEmpty();
    assertThat(dropped.isComplete()).isFalse();
    closed.complete(new Done());
    await(dropped);
    // A device that is not there is no mistake.
    await(router.drop(LAMP));
    assertThat(router.orders).isEmpty();
  }

  @Test
  void requestInFlight_toADroppedDeviceIsAnsweredAndCountsNoLonger() throws Exception {
    router.hostLamp();
    Promise<CrudnResponse> first = Promise.promise();
    router.coapAnswer = first.future();
    Future<CrudnResponse> waiting = router.route(retrieve(LAMP, Via.SHORTEST));
    Future<CrudnResponse> another = router.route(retrieve(LAMP, Via.SHORTEST));
    await(router.drop(LAMP));
    first.complete(RouterFixture.OK);
    assertThat(await(waiting)).isEqualTo(RouterFixture.OK);
    assertThat(await(another)).isEqualTo(RouterFixture.OK);
    router.host(lamp());
    // Two is the limit, and both places are free again.
    assertThat(router.answer(retrieve(LAMP, Via.SHORTEST)).status()).isEqualTo(Status.OK);
  }

  @Test
  void requestInFlight_ofADroppedAccountIsAnswered() throws Exception {
    router.hostLamp();
    Promise<CrudnResponse> coap = Promise.promise();
    router.coapAnswer = coap.future();
    Future<CrudnResponse> waiting = router.route(retrieve(LAMP, Via.SHORTEST));
    await(router.dropAccount(HOME, 0));
    coap.complete(RouterFixture.OK);
    assertThat(await(waiting)).isEqualTo(RouterFixture.OK);
  }

  @Test
  void droppedAccount_hasNoSessionsAndNoDevices() throws Exception {
    router.hostLamp();
    Promise<Done> closed = Promise.promise();
    router.closing = close -> closed.future();
    Future<Done> dropped = router.dropAccount(HOME, 0);
    // By the bare JID, so that whatever was opened or is tried for the account ends with it.
    assertThat(router.nextOrder(CloseSession.class).jid()).isEqualTo(HOME);
    assertThat(router.devices()).isEmpty();
    assertThat(router.answer(retrieve(LAMP, Via.SHORTEST)).status()).isEqualTo(Status.NOT_FOUND);
    assertThat(dropped.isComplete()).isFalse();
    closed.complete(new Done());
    await(dropped);
    assertThat(router.orders).isEmpty();
  }

  @Test
  void accountThatWasNeverHosted_isDroppedWithWhatWasTriedForIt() throws Exception {
    await(router.dropAccount(HOME, 0));
    assertThat(router.nextOrder(CloseSession.class).jid()).isEqualTo(HOME);
  }

  @Test
  void device_thatBecomesHostedIsNoLongerRemote() throws Exception {
    router.hostLamp();
    router.peer(FAR_JID, true);
    router.host(new HostedDevice(FAR, "oic.d.fan", "", URI.create("coap://127.0.0.1"), null, 1));
    router.peer(HOME.withResource("OIC/1.0/oic.d.other/" + FAR), true);
    assertThat(router.devices())
        .extracting(DeviceView::di, DeviceView::origin)
        .containsExactly(
            tuple(LAMP, DeviceView.Origin.HOSTED), tuple(FAR, DeviceView.Origin.HOSTED));
    router.answer(retrieve(FAR, Via.SHORTEST));
    assertThat(router.sentToCoap).hasSize(1);
    await(router.drop(FAR));
    assertThat(router.devices()).extracting(DeviceView::di).containsExactly(LAMP);
  }

  @Test
  void farewellOfADroppedDevice_isNotARemoteDevice() throws Exception {
    router.hostLamp();
    await(router.drop(LAMP));
    // Both were under way when the device was dropped.
    router.peer(LAMP_JID, true);
    router.peer(LAMP_JID, false);
    assertThat(router.devices()).isEmpty();
    // Whoever comes after the farewell is somebody else.
    router.peer(LAMP_JID, true);
    assertThat(router.devices())
        .extracting(DeviceView::origin, DeviceView::state)
        .containsExactly(tuple(DeviceView.Origin.REMOTE, DeviceView.State.ONLINE));
  }

  @Test
  void peerThatWasNeverThere_isNoDeviceWhenItLeaves() throws Exception {
    router.hostLamp();
    router.peer(FAR_JID, false);
    assertThat(router.devices()).extracting(DeviceView::di).containsExactly(LAMP);
  }

  @Test
  void gateway_isNoDeviceOfItsOwnOnAnyAccount() throws Exception {
    router.hostLamp();
    Jid elsewhere = GUEST.withResource("OIC/1.0/" + TYPE + "/" + FAR);
    router.hostElsewhere(account(GUEST, "password: other"), FAR);
    router.peer(elsewhere, true);
    router.peer(GATEWAY_JID, true);
    assertThat(router.devices()).extracting(DeviceView::di).containsExactly(LAMP);
    assertThat(router.answer(retrieve(FAR, Via.SHORTEST)).status()).isEqualTo(Status.NOT_FOUND);

    await(router.dropAccount(GUEST, 1));
    router.peer(elsewhere, true);
    assertThat(router.devices()).extracting(DeviceView::di).containsExactly(LAMP, FAR);
  }

  @Test
  void sessionThatWasTriedBeforehand_isOnlineAndKnowsWhomItSaw() throws Exception {
    router.session(GATEWAY_JID, State.ONLINE);
    router.peer(FAR_JID, true);
    router.peer(GUEST.withResource("OIC/1.0/oic.d.fan/" + LAMP), true);
    assertThat(router.devices()).isEmpty();
    router.host(home());
    assertThat(router.devices())
        .extracting(DeviceView::di, DeviceView::state)
        .containsExactlyInAnyOrder(
            tuple(FAR, DeviceView.State.ONLINE), tuple(LAMP, DeviceView.State.ONLINE));
    assertThat(router.answer(retrieve(FAR, Via.SHORTEST)).status()).isEqualTo(Status.OK);
  }

  @Test
  void sessionThatWasTriedAndClosed_leavesNothing() throws Exception {
    router.session(GATEWAY_JID, State.ONLINE);
    router.peer(FAR_JID, true);
    router.session(GATEWAY_JID, State.CLOSED);
    router.host(home());
    assertThat(router.devices()).isEmpty();
    assertThat(router.answer(retrieve(GATEWAY, Via.SHORTEST)).status()).isEqualTo(Status.NOT_FOUND);
  }
}
