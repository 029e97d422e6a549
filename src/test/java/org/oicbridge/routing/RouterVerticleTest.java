package org.oicbridge.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oicbridge.bus.AdmissionQuery;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceLiveness;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceRequest;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.HostAccount;
import org.oicbridge.bus.HostDevices;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.LoadEvent;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.bus.RemoteRequest;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.GatewayConfig;
import org.oicbridge.config.RoutingConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnRequest.Via;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;

@ExtendWith(VertxExtension.class)
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class RouterVerticleTest {
  private static final int SHARD = 0;
  private static final Jid HOME = Jid.parse("home@example.org");
  private static final String LAMP = "11111111-1111-4111-8111-111111111111";
  private static final String FAR = "22222222-2222-4222-8222-222222222222";
  private static final DeviceId CLIENT = new DeviceId("cccccccc-cccc-4ccc-8ccc-cccccccccccc");
  private static final Jid CLIENT_JID = Jid.parse(HOME + "/OIC/1.0/oic.d.cloudproxy/" + CLIENT);
  private static final Jid LAMP_JID = Jid.parse(HOME + "/OIC/1.0/oic.d.light/" + LAMP);
  private static final Jid FAR_JID = Jid.parse(HOME + "/OIC/1.0/oic.d.fan/" + FAR);
  private static final CrudnResponse FROM_COAP =
      CrudnResponse.answered(Status.OK, Headers.NONE, "\"coap\"");
  private static final CrudnResponse FROM_XMPP =
      CrudnResponse.answered(Status.OK, Headers.NONE, "\"xmpp\"");

  private static final String CONFIG =
      """
      accounts:
        - jid: home@example.org
          password: secret
          access:
            - {jid: guest@example.org, operations: [retrieve], devices: [%s]}
          devices:
            - {di: %s, rt: oic.d.light, name: Lamp, endpoint: "coap://127.0.0.1:5683"}
      """
          .formatted(LAMP, LAMP);

  private final List<OpenSession> opened = new ArrayList<>();
  private final List<RemoteRequest> sentToXmpp = new ArrayList<>();
  private EventBus bus;
  private Promise<CrudnResponse> coapAnswer;

  @BeforeEach
  void start(Vertx vertx) throws Exception {
    Contracts.register(vertx);
    bus = vertx.eventBus();
    coapAnswer = Promise.promise();
    Contracts.OPEN_SESSION.serve(
        bus,
        SHARD,
        session -> {
          opened.add(session);
          return Future.succeededFuture(new Done());
        });
    Contracts.DEVICE.serve(bus, SHARD, (DeviceRequest request) -> coapAnswer.future());
    Contracts.REMOTE.serve(
        bus,
        SHARD,
        request -> {
          sentToXmpp.add(request);
          return Future.succeededFuture(FROM_XMPP);
        });
    await(
        vertx.deployVerticle(
            new RouterVerticle(
                SHARD,
                new RoutingConfig(Duration.ofSeconds(10), 2, 1024, 90),
                "oic.d.cloudproxy")));
    host(GatewayConfig.parse(CONFIG, name -> null).accounts().get(0), CLIENT);
  }

  private void host(AccountConfig account, DeviceId gatewayId) throws Exception {
    Deadline deadline = Deadline.in(Duration.ofSeconds(5));
    await(
        Contracts.HOST_ACCOUNT.request(bus, SHARD, new HostAccount(account, gatewayId), deadline));
    List<HostedDevice> devices = account.devices().stream().map(HostedDevice::of).toList();
    await(
        Contracts.HOST_DEVICES.request(
            bus, SHARD, new HostDevices(account.jid(), devices), deadline));
    for (HostedDevice device : devices) {
      Contracts.DEVICE_LIVENESS.publish(
          bus, SHARD, new DeviceLiveness(account.jid(), device, true));
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static CrudnRequest request(Jid requester, String di, Operation operation, Via via) {
    return new CrudnRequest(
        HOME,
        new DeviceId(di),
        operation,
        ResourcePath.parse("/light"),
        Headers.NONE,
        null,
        requester,
        via,
        Deadline.in(Duration.ofSeconds(5)));
  }

  private Future<CrudnResponse> ask(CrudnRequest request) {
    return Contracts.CRUDN.request(bus, SHARD, request, Deadline.in(Duration.ofSeconds(6)));
  }

  private Future<CrudnResponse> retrieve(String di, Via via) {
    return ask(request(HOME, di, Operation.RETRIEVE, via));
  }

  private void session(Jid jid, SessionEvent.State state) {
    SessionRole role = jid.equals(CLIENT_JID) ? SessionRole.GATEWAY : SessionRole.DEVICE;
    Contracts.SESSION.publish(bus, SHARD, new SessionEvent(jid, role, state, ""));
  }

  private void peer(Jid jid, boolean available) {
    Contracts.PRESENCE.publish(bus, SHARD, new PeerPresence(CLIENT_JID, jid, available, false));
  }

  private List<DeviceView> devices(DeviceQuery query) throws Exception {
    return await(Contracts.DEVICES.request(bus, SHARD, query, Deadline.in(Duration.ofSeconds(5))))
        .devices();
  }

  private static DeviceQuery all() {
    return new DeviceQuery(null, null, null, null, null, null, 1000);
  }

  @Test
  void hostAccount_opensASessionForTheGatewayAndOneForEachDevice() {
    assertThat(opened)
        .extracting(OpenSession::jid, OpenSession::role)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(CLIENT_JID, SessionRole.GATEWAY),
            org.assertj.core.groups.Tuple.tuple(LAMP_JID, SessionRole.DEVICE));
  }

  @Test
  void hostedDevice_isReachedThroughCoap() throws Exception {
    coapAnswer.complete(FROM_COAP);
    assertThat(await(retrieve(LAMP, Via.SHORTEST))).isEqualTo(FROM_COAP);
    assertThat(sentToXmpp).isEmpty();
  }

  @Test
  void hostedDevice_viaXmppGoesFromTheGatewaysSessionToTheDevices() throws Exception {
    session(CLIENT_JID, SessionEvent.State.ONLINE);
    session(LAMP_JID, SessionEvent.State.ONLINE);
    assertThat(await(retrieve(LAMP, Via.XMPP))).isEqualTo(FROM_XMPP);
    assertThat(sentToXmpp.get(0).session()).isEqualTo(CLIENT_JID);
    assertThat(sentToXmpp.get(0).peer()).isEqualTo(LAMP_JID);
  }

  @Test
  void remoteDevice_isKnownByItsPresenceAndReachedThroughXmpp() throws Exception {
    session(CLIENT_JID, SessionEvent.State.ONLINE);
    peer(FAR_JID, true);
    assertThat(await(retrieve(FAR, Via.SHORTEST))).isEqualTo(FROM_XMPP);
    assertThat(sentToXmpp.get(0).peer()).isEqualTo(FAR_JID);
  }

  @Test
  void requestFromXmpp_neverLeavesOverXmppAgain() throws Exception {
    session(CLIENT_JID, SessionEvent.State.ONLINE);
    peer(FAR_JID, true);
    CrudnResponse answer = await(retrieve(FAR, Via.HOSTED));
    assertThat(answer.status()).isEqualTo(Status.NOT_FOUND);
    assertThat(sentToXmpp).isEmpty();
  }

  @Test
  void unknownDevice_isNotFound() throws Exception {
    CrudnResponse answer = await(retrieve(FAR, Via.SHORTEST));
    assertThat(answer.status()).isEqualTo(Status.NOT_FOUND);
    assertThat(answer.problem().type()).isEqualTo("device-unknown");
  }

  @Test
  void remoteDevice_thatWentAwayIsUnavailableForNow() throws Exception {
    session(CLIENT_JID, SessionEvent.State.ONLINE);
    peer(FAR_JID, true);
    peer(FAR_JID, false);
    CrudnResponse answer = await(retrieve(FAR, Via.SHORTEST));
    assertThat(answer.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(answer.problem().type()).isEqualTo("device-offline");
    assertThat(answer.headers().get("Retry-After")).isPresent();
  }

  @Test
  void remoteDevice_withoutASessionOfOurOwnIsUnavailableForNow() throws Exception {
    peer(FAR_JID, true);
    CrudnResponse answer = await(retrieve(FAR, Via.SHORTEST));
    assertThat(answer.problem().type()).isEqualTo("account-offline");
    assertThat(answer.headers().get("Retry-After")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "home@example.org, DELETE, true",
    "guest@example.org, RETRIEVE, true",
    "guest@example.org/phone, RETRIEVE, true",
    "guest@example.org, UPDATE, false",
    "stranger@example.org, RETRIEVE, false"
  })
  void accessRules_decideByBareJidAndOperation(String who, Operation operation, boolean allowed)
      throws Exception {
    coapAnswer.complete(FROM_COAP);
    CrudnResponse answer = await(ask(request(Jid.parse(who), LAMP, operation, Via.HOSTED)));
    assertThat(answer.status()).isEqualTo(allowed ? Status.OK : Status.FORBIDDEN);
  }

  @Test
  void accessRule_isForItsDevicesOnly() throws Exception {
    Jid guest = Jid.parse("guest@example.org");
    CrudnResponse answer = await(ask(request(guest, FAR, Operation.RETRIEVE, Via.HOSTED)));
    assertThat(answer.status()).isEqualTo(Status.FORBIDDEN);
  }

  @ParameterizedTest
  @CsvSource({
    "home@example.org/any, true",
    "guest@example.org/any, true",
    "stranger@example.org/any, false"
  })
  void admission_isForTheAccountAndThoseWithARule(String peer, boolean allowed) throws Exception {
    AdmissionQuery query = new AdmissionQuery(LAMP_JID, Jid.parse(peer));
    assertThat(
            await(
                    Contracts.ADMISSION.request(
                        bus, SHARD, query, Deadline.in(Duration.ofSeconds(5))))
                .allowed())
        .isEqualTo(allowed);
  }

  @Test
  void limitInFlight_refusesWhatIsOverItAndFreesWhatIsAnswered() throws Exception {
    Future<CrudnResponse> first = retrieve(LAMP, Via.SHORTEST);
    Future<CrudnResponse> second = retrieve(LAMP, Via.SHORTEST);
    CrudnResponse third = await(retrieve(LAMP, Via.SHORTEST));
    assertThat(third.status()).isEqualTo(Status.TOO_MANY_REQUESTS);
    assertThat(third.headers().get("Retry-After")).isPresent();
    assertThat(first.isComplete() || second.isComplete()).isFalse();

    coapAnswer.complete(FROM_COAP);
    assertThat(await(first)).isEqualTo(FROM_COAP);
    assertThat(await(second)).isEqualTo(FROM_COAP);
    assertThat(await(retrieve(LAMP, Via.SHORTEST))).isEqualTo(FROM_COAP);
  }

  @Test
  void shortMemory_refusesNewRequestsOnly() throws Exception {
    final Future<CrudnResponse> before = retrieve(LAMP, Via.SHORTEST);
    Contracts.LOAD.publish(bus, SHARD, new LoadEvent(true));
    CrudnResponse refused = await(retrieve(LAMP, Via.SHORTEST));
    assertThat(refused.status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(refused.problem().type()).isEqualTo("overloaded");
    assertThat(refused.headers().get("Retry-After")).isPresent();
    coapAnswer.complete(FROM_COAP);
    assertThat(await(before)).isEqualTo(FROM_COAP);

    Contracts.LOAD.publish(bus, SHARD, new LoadEvent(false));
    assertThat(await(retrieve(LAMP, Via.SHORTEST))).isEqualTo(FROM_COAP);
  }

  @Test
  void accountThatIsFull_leavesRoomForOthers() throws Exception {
    String lamp = "bbbbbbbb-0000-4000-8000-000000000002";
    AccountConfig other =
        GatewayConfig.parse(
                """
                accounts:
                  - jid: other@home.example
                    password: secret
                    devices:
                      - {di: %s, rt: oic.d.light, endpoint: "coap://127.0.0.1:5683"}
                """
                    .formatted(lamp),
                name -> null)
            .accounts()
            .get(0);
    host(other, new DeviceId("bbbbbbbb-0000-4000-8000-000000000001"));
    retrieve(LAMP, Via.SHORTEST);
    retrieve(LAMP, Via.SHORTEST);
    assertThat(await(retrieve(LAMP, Via.SHORTEST)).status()).isEqualTo(Status.TOO_MANY_REQUESTS);
    CrudnRequest request = request(other.jid(), lamp, Operation.RETRIEVE, Via.SHORTEST);
    Future<CrudnResponse> answer =
        ask(
            new CrudnRequest(
                other.jid(),
                request.target(),
                request.operation(),
                request.path(),
                request.headers(),
                null,
                other.jid(),
                request.via(),
                request.deadline()));
    coapAnswer.complete(FROM_COAP);
    assertThat(await(answer)).isEqualTo(FROM_COAP);
  }

  @Test
  void edgeThatNeverAnswers_isATimeoutWithUnknownOutcome() throws Exception {
    CrudnRequest hurried =
        new CrudnRequest(
            HOME,
            new DeviceId(LAMP),
            Operation.UPDATE,
            ResourcePath.parse("/light"),
            Headers.NONE,
            "{}",
            HOME,
            Via.SHORTEST,
            Deadline.in(Duration.ofMillis(50)));
    CrudnResponse answer = await(ask(hurried));
    assertThat(answer.status()).isEqualTo(Status.TIMEOUT);
  }

  @Test
  void devices_showWhatIsKnownOfEach() throws Exception {
    session(CLIENT_JID, SessionEvent.State.ONLINE);
    session(LAMP_JID, SessionEvent.State.ONLINE);
    peer(FAR_JID, true);
    peer(LAMP_JID, false);
    peer(Jid.parse(HOME + "/OIC/1.0/Client/33333333-3333-4333-8333-333333333333"), true);
    peer(Jid.parse("stranger@example.org/OIC/1.0/oic.d.tv/" + CLIENT), true);

    assertThat(devices(all()))
        .containsExactly(
            new DeviceView(
                new DeviceId(LAMP),
                HOME,
                List.of("oic.d.light"),
                "Lamp",
                DeviceView.Origin.HOSTED,
                LAMP_JID,
                DeviceView.State.ONLINE,
                0),
            new DeviceView(
                new DeviceId(FAR),
                HOME,
                List.of("oic.d.fan"),
                "",
                DeviceView.Origin.REMOTE,
                FAR_JID,
                DeviceView.State.ONLINE,
                0));

    session(CLIENT_JID, SessionEvent.State.OFFLINE);
    session(LAMP_JID, SessionEvent.State.OFFLINE);
    assertThat(devices(all()))
        .extracting(DeviceView::state)
        .containsExactly(DeviceView.State.OFFLINE, DeviceView.State.UNKNOWN);
  }

  @Test
  void devices_areFilteredAndPagedByKey() throws Exception {
    session(CLIENT_JID, SessionEvent.State.ONLINE);
    peer(FAR_JID, true);
    DeviceView.Origin remote = DeviceView.Origin.REMOTE;
    assertThat(devices(new DeviceQuery(null, null, null, remote, null, null, 10))).hasSize(1);
    assertThat(devices(new DeviceQuery(null, null, "oic.d.light", null, null, null, 10)))
        .extracting(view -> view.di().text())
        .containsExactly(LAMP);
    assertThat(devices(new DeviceQuery(null, new DeviceId(FAR), null, null, null, null, 10)))
        .extracting(view -> view.di().text())
        .containsExactly(FAR);
    assertThat(devices(new DeviceQuery(Jid.parse("x@y"), null, null, null, null, null, 10)))
        .isEmpty();
    List<DeviceView> first = devices(new DeviceQuery(null, null, null, null, null, null, 1));
    assertThat(first).extracting(view -> view.di().text()).containsExactly(LAMP);
    assertThat(devices(new DeviceQuery(null, null, null, null, null, first.get(0).key(), 1)))
        .extracting(view -> view.di().text())
        .containsExactly(FAR);
  }

  @Test
  void remoteDevices_thatAreAwayGiveWayToNewOnes(Vertx vertx) {
    AccountConfig config = GatewayConfig.parse(CONFIG, name -> null).accounts().get(0);
    Account account = new Account(config, new GatewaySession(CLIENT_JID, new OwnIds(vertx)));
    Jid last = null;
    for (int i = 0; i <= GatewaySession.MAX_REMOTE; i++) {
      last = Jid.parse(HOME + "/OIC/1.0/oic.d.fan/device-" + i);
      account.peerChanged(new PeerPresence(CLIENT_JID, last, true, false));
      if (i % 2 == 0) {
        account.peerChanged(new PeerPresence(CLIENT_JID, last, false, false));
      }
    }
    assertThat(account.view(last.oic().orElseThrow().id())).isNotNull();
    assertThat(account.view(new DeviceId("device-0"))).isNull();
    assertThat(account.view(new DeviceId("device-1"))).isNotNull();
  }

  @Test
  void contactsDevice_neverShadowsOneOfTheAccount() throws Exception {
    session(CLIENT_JID, SessionEvent.State.ONLINE);
    peer(FAR_JID, true);
    peer(FAR_JID, false);
    peer(Jid.parse("guest@example.org/OIC/1.0/oic.d.fan/" + FAR), true);
    assertThat(devices(new DeviceQuery(null, new DeviceId(FAR), null, null, null, null, 10)))
        .extracting(DeviceView::jid)
        .containsExactly(FAR_JID);
  }

  @Test
  void accountsDevice_takesItsIdentifierBackFromAContacts() throws Exception {
    session(CLIENT_JID, SessionEvent.State.ONLINE);
    peer(Jid.parse("guest@example.org/OIC/1.0/oic.d.fan/" + FAR), true);
    peer(FAR_JID, true);
    peer(Jid.parse("guest@example.org/OIC/1.0/oic.d.fan/" + FAR), true);
    await(retrieve(FAR, Via.SHORTEST));
    assertThat(sentToXmpp).extracting(RemoteRequest::peer).containsExactly(FAR_JID);
  }

  @Test
  void remoteDevice_thatLeftWhileWeWereAwayIsOffline() throws Exception {
    session(CLIENT_JID, SessionEvent.State.ONLINE);
    peer(FAR_JID, true);
    session(CLIENT_JID, SessionEvent.State.OFFLINE);
    session(CLIENT_JID, SessionEvent.State.ONLINE);
    assertThat(await(retrieve(FAR, Via.SHORTEST)).problem().type()).isEqualTo("device-offline");
    peer(FAR_JID, true);
    assertThat(await(retrieve(FAR, Via.SHORTEST))).isEqualTo(FROM_XMPP);
  }

  @Test
  void pages_missNoDeviceWhenAnAccountsNameBeginsWithAnothers() throws Exception {
    String twoAccounts =
        """
        accounts:
          - {jid: a@b, password: x, devices: [{di: "1", endpoint: "coap://h"}]}
          - {jid: a@b.c, password: x, devices: [{di: "2", endpoint: "coap://h"}]}
        """;
    int number = 0;
    for (AccountConfig account : GatewayConfig.parse(twoAccounts, name -> null).accounts()) {
      host(account, new DeviceId("gateway-" + number++));
    }
    List<String> found = new ArrayList<>();
    String after = null;
    List<DeviceView> page = devices(new DeviceQuery(null, null, null, null, null, null, 1));
    while (!page.isEmpty()) {
      after = page.get(0).key();
      found.add(after);
      page = devices(new DeviceQuery(null, null, null, null, null, after, 1));
    }
    assertThat(found).containsExactly("a@b.c/2", "a@b/1", HOME + "/" + LAMP);
  }
}
