package org.oicbridge.routing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.oicbridge.bus.BusContract;
import org.oicbridge.bus.CloseSession;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceLiveness;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceRequest;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.DropAccount;
import org.oicbridge.bus.DropDevices;
import org.oicbridge.bus.ForgetObservation;
import org.oicbridge.bus.HostAccount;
import org.oicbridge.bus.HostDevices;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.Notification;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.bus.ShowSession;
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

/** Routers of two shards, with everything around them played by the test. */
final class RouterFixture implements AutoCloseable {
  static final Jid HOME = Jid.parse("home@example.org");
  static final Jid GUEST = Jid.parse("guest@example.org");
  static final String TYPE = "oic.d.cloudproxy";
  static final DeviceId GATEWAY = new DeviceId("cccccccc-cccc-4ccc-8ccc-cccccccccccc");
  static final DeviceId LAMP = new DeviceId("11111111-1111-4111-8111-111111111111");
  static final Jid GATEWAY_JID = HOME.withResource("OIC/1.0/" + TYPE + "/" + GATEWAY);
  static final Jid LAMP_JID = HOME.withResource("OIC/1.0/oic.d.light/" + LAMP);
  static final CrudnResponse OK = CrudnResponse.answered(Status.OK, Headers.NONE, "1");

  private static final Duration SOON = Duration.ofSeconds(10);

  final Vertx vertx = Vertx.vertx();

  /** What the XMPP side was told, {@link OpenSession} and {@link CloseSession}. */
  final BlockingQueue<Object> orders = new LinkedBlockingQueue<>();

  /** Which sessions are to be seen, in the order in which that was told. */
  final BlockingQueue<ShowSession> shown = new LinkedBlockingQueue<>();

  /** The devices that the edges are to watch, {@link HostDevices}, or not any more. */
  final BlockingQueue<Object> watched = new LinkedBlockingQueue<>();

  final Queue<DeviceRequest> sentToCoap = new ConcurrentLinkedQueue<>();
  final Queue<OwnRequest> askedOfGateway = new ConcurrentLinkedQueue<>();
  volatile Function<CloseSession, Future<Done>> closing = jid -> Future.succeededFuture(new Done());
  volatile Future<CrudnResponse> coapAnswer = Future.succeededFuture(OK);
  volatile Future<CrudnResponse> ownAnswer = Future.succeededFuture(OK);

  /** Observations that the edges were asked for, by name, and those that they may forget. */
  final BlockingQueue<Object> observations = new LinkedBlockingQueue<>();

  volatile Future<CrudnResponse> observeAnswer =
      Future.succeededFuture(OK.with("Observe", "7").with("Cache-Control", "max-age=60"));

  private final EventBus bus = vertx.eventBus();

  RouterFixture() {
    this(Pace.USUAL, 1024);
  }

  RouterFixture(Pace pace, int subscriptions) {
    Contracts.register(vertx);
    for (int shard = 0; shard < 2; shard++) {
      Contracts.OPEN_SESSION.serve(
          bus,
          shard,
          open -> {
            orders.add(open);
            return Future.succeededFuture(new Done());
          });
      Contracts.CLOSE_SESSION.serve(
          bus,
          shard,
          close -> {
            orders.add(close);
            return closing.apply(close);
          });
      RoutingConfig config = new RoutingConfig(SOON, 2, subscriptions, 90);
      await(vertx.deployVerticle(new RouterVerticle(shard, config, TYPE, pace)));
    }
    Contracts.SHOW_SESSION.listen(bus, 0, shown::add);
    Contracts.WATCH_DEVICES.listen(bus, 0, watched::add);
    Contracts.UNWATCH_DEVICES.listen(bus, 0, watched::add);
    Contracts.OBSERVE_DEVICE.serve(bus, 0, this::observe);
    Contracts.OBSERVE_REMOTE.serve(bus, 0, this::observe);
    Contracts.FORGET_DEVICE.serve(bus, 0, this::forget);
    Contracts.FORGET_REMOTE.serve(bus, 0, this::forget);
    Contracts.DEVICE.serve(
        bus,
        0,
        request -> {
          sentToCoap.add(request);
          return coapAnswer;
        });
    Contracts.REMOTE.serve(bus, 0, request -> Future.succeededFuture(OK));
  }

  private Future<CrudnResponse> observe(Object wish) {
    observations.add(wish);
    return observeAnswer;
  }

  private Future<Done> forget(ForgetObservation end) {
    observations.add(end);
    return Future.succeededFuture(new Done());
  }

  /** The next observation that an edge was asked for, or may forget, which is of this kind. */
  <T> T nextObservation(Class<T> kind) throws InterruptedException {
    return kind.cast(observations.poll(10, TimeUnit.SECONDS));
  }

  /** The edge says something about an observation. */
  void observed(String observation, CrudnResponse response, Notification.Kind kind) {
    Contracts.OBSERVED.publish(bus, 0, new Notification(observation, response, kind));
  }

  /** From now on somebody answers for the gateway's own device. */
  RouterFixture withOwnDevice() {
    Contracts.OWN_DEVICE.serve(
        bus,
        Contracts.HOME,
        request -> {
          askedOfGateway.add(request);
          return ownAnswer;
        });
    return this;
  }

  /** An account with the values of a YAML map besides its JID. */
  static AccountConfig account(Jid jid, String more) {
    String yaml = "accounts:\n  - {jid: \"" + jid + "\", " + more + "}\n";
    return GatewayConfig.parse(yaml, name -> null).accounts().get(0);
  }

  /** The account that lets the guest read the lamp. */
  static AccountConfig home() {
    return account(HOME, "password: secret, access: [{jid: \"" + GUEST + "\"}]");
  }

  static HostedDevice lamp(String rt, String endpoint) {
    return new HostedDevice(LAMP, rt, "Lamp", URI.create(endpoint), null, 7);
  }

  static HostedDevice lamp() {
    return lamp("oic.d.light", "coap://127.0.0.1:5683");
  }

  void host(AccountConfig account) {
    ask(Contracts.HOST_ACCOUNT, new HostAccount(account, GATEWAY));
  }

  void hostElsewhere(AccountConfig account, DeviceId gateway) {
    await(
        Contracts.HOST_ACCOUNT.request(
            bus, 1, new HostAccount(account, gateway), Deadline.in(SOON)));
  }

  void host(HostedDevice device) {
    ask(Contracts.HOST_DEVICES, new HostDevices(HOME, List.of(device)));
    answers(device, true);
  }

  /** Hosts a device of which nobody knows whether it answers. */
  void hostUnknown(HostedDevice device) {
    ask(Contracts.HOST_DEVICES, new HostDevices(HOME, List.of(device)));
  }

  /** The edge has found out whether a device answers. */
  void answers(HostedDevice device, boolean answering) {
    Contracts.DEVICE_LIVENESS.publish(bus, 0, new DeviceLiveness(HOME, device, answering));
  }

  /** The account and the lamp, both online. */
  void hostLamp() throws InterruptedException {
    host(home());
    host(lamp());
    nextOrder(OpenSession.class);
    nextOrder(OpenSession.class);
    session(GATEWAY_JID, SessionEvent.State.ONLINE);
    session(LAMP_JID, SessionEvent.State.ONLINE);
  }

  Future<Done> drop(DeviceId di) {
    return Contracts.DROP_DEVICES.request(
        bus, 0, new DropDevices(HOME, List.of(di)), Deadline.in(SOON));
  }

  Future<Done> dropAccount(Jid jid, int shard) {
    return Contracts.DROP_ACCOUNT.request(bus, shard, new DropAccount(jid), Deadline.in(SOON));
  }

  <Q, R> R ask(BusContract<Q, R> contract, Q question) {
    return await(contract.request(bus, 0, question, Deadline.in(SOON)));
  }

  /** The next thing that the XMPP side was told, which is of this kind. */
  <T> T nextOrder(Class<T> kind) throws InterruptedException {
    return kind.cast(orders.poll(10, TimeUnit.SECONDS));
  }

  void session(Jid jid, SessionEvent.State state) {
    boolean gateway = jid.oic().orElseThrow().deviceType().equals(TYPE);
    SessionRole role = gateway ? SessionRole.GATEWAY : SessionRole.DEVICE;
    Contracts.SESSION.publish(bus, 0, new SessionEvent(jid, role, state, ""));
  }

  /** The gateway's own session sees a presence. */
  void peer(Jid jid, boolean available) {
    Contracts.PRESENCE.publish(bus, 0, new PeerPresence(GATEWAY_JID, jid, available, false));
  }

  /** All devices; whatever was published before is taken into account. */
  List<DeviceView> devices() {
    return ask(Contracts.DEVICES, new DeviceQuery(null, null, null, null, null, null, 1000))
        .devices();
  }

  static CrudnRequest request(Jid requester, DeviceId target, Operation operation, Via via) {
    return new CrudnRequest(
        HOME,
        target,
        operation,
        ResourcePath.parse("/oic/res"),
        Headers.NONE,
        null,
        requester,
        via,
        Deadline.in(Duration.ofSeconds(5)));
  }

  static CrudnRequest retrieve(DeviceId target, Via via) {
    return request(HOME, target, Operation.RETRIEVE, via);
  }

  Future<CrudnResponse> route(CrudnRequest request) {
    return Contracts.CRUDN.request(bus, 0, request, Deadline.in(SOON));
  }

  CrudnResponse answer(CrudnRequest request) {
    return await(route(request));
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
