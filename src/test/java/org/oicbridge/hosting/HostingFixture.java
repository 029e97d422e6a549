package org.oicbridge.hosting;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.oicbridge.bus.AccountOutcome;
import org.oicbridge.bus.AccountQuery;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.BusContract;
import org.oicbridge.bus.BusEvent;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceOutcome;
import org.oicbridge.bus.DeviceRequest;
import org.oicbridge.bus.DirectoryQuery;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.DropAccount;
import org.oicbridge.bus.DropDevices;
import org.oicbridge.bus.HostAccount;
import org.oicbridge.bus.HostDevices;
import org.oicbridge.bus.LoginOutcome;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.PreSharedKey;
import org.oicbridge.bus.Precondition;
import org.oicbridge.bus.Provision;
import org.oicbridge.bus.PutDevices;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.GatewayConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.OicResource;

/** A hosting verticle between a registry in memory and shards that the test plays. */
final class HostingFixture {
  static final int SHARDS = 2;
  static final Jid HOME = Jid.parse("home@example.org");
  static final Jid FARM = Jid.parse("farm@example.org");
  static final Jid BARN = Jid.parse("barn@example.org");
  static final DeviceId LAMP = new DeviceId("11111111-1111-4111-8111-111111111111");
  static final DeviceId FAN = new DeviceId("22222222-2222-4222-8222-222222222222");
  static final URI ENDPOINT = URI.create("coap://192.0.2.7:5683");

  /** The account {@link #HOME} with {@link #LAMP} stands in the file. */
  static final String CONFIGURED =
      """
      accounts:
        - jid: home@example.org
          password: secret
          devices:
            - {di: %s, rt: oic.d.light, name: Lamp, endpoint: "coap://127.0.0.1:5683"}
      """
          .formatted(LAMP);

  /** What a shard was told, and the answer that it still owes. */
  record Told<Q, R>(Q question, Promise<R> answer) {}

  final MemoryRegistry registry = new MemoryRegistry();
  final BlockingQueue<Object> told = new LinkedBlockingQueue<>();
  final BlockingQueue<Told<OpenSession, LoginOutcome>> logins = new LinkedBlockingQueue<>();
  final BlockingQueue<Told<DeviceRequest, CrudnResponse>> asked = new LinkedBlockingQueue<>();
  final BlockingQueue<AccountView> accountEvents = new LinkedBlockingQueue<>();
  final BlockingQueue<DirectoryQuery> directoryEvents = new LinkedBlockingQueue<>();

  /** What the clock told. */
  final BlockingQueue<Instant> looks = new LinkedBlockingQueue<>();

  private final Vertx vertx;
  private final EventBus bus;
  private final Context shards;
  private final Promise<Void> listening = Promise.promise();
  private final AtomicLong nanos = new AtomicLong();
  private Duration userWait = Duration.ofSeconds(10);
  private Duration trialRetry = Duration.ofMillis(1);
  private Duration typeRetry = Duration.ofMillis(1);
  private String deployment;

  HostingFixture(Vertx vertx) {
    this.vertx = vertx;
    this.bus = vertx.eventBus();
    this.shards = vertx.getOrCreateContext();
    Contracts.register(vertx);
    shards.runOnContext(
        nothing -> {
          listen();
          listening.complete();
        });
  }

  /** All on one context, so that what was told before is there when {@link #settle} is done. */
  private void listen() {
    for (int shard = 0; shard < SHARDS; shard++) {
      Contracts.HOST_ACCOUNT.serve(bus, shard, this::told);
      Contracts.HOST_DEVICES.serve(bus, shard, this::told);
      Contracts.DROP_ACCOUNT.serve(bus, shard, this::told);
      Contracts.DROP_DEVICES.serve(bus, shard, this::told);
      Contracts.CLOSE_SESSION.serve(bus, shard, this::told);
      int here = shard;
      Contracts.TRY_LOGIN.serve(
          bus,
          shard,
          question -> {
            if (Contracts.shardOf(question.jid(), SHARDS) != here) {
              throw new IllegalStateException("asked of the wrong shard");
            }
            return owed(logins, question);
          });
      Contracts.DEVICE.serve(bus, shard, question -> owed(asked, question));
    }
    Contracts.ACCOUNT_CHANGED.listen(bus, Contracts.HOME, accountEvents::add);
    Contracts.DIRECTORY_CHANGED.listen(bus, Contracts.HOME, directoryEvents::add);
  }

  private Future<Done> told(Object question) {
    told.add(question);
    return Future.succeededFuture(new Done());
  }

  private static <Q, R> Future<R> owed(BlockingQueue<Told<Q, R>> queue, Q question) {
    Promise<R> answer = Promise.promise();
    queue.add(new Told<>(question, answer));
    return answer.future();
  }

  HostingFixture userWait(Duration wait) {
    userWait = wait;
    return this;
  }

  HostingFixture trialRetry(Duration retry) {
    trialRetry = retry;
    return this;
  }

  HostingFixture start(String yaml) throws Exception {
    Timing timing =
        new Timing(
            new Clock() {
              @Override
              public ZoneId getZone() {
                return ZoneOffset.UTC;
              }

              @Override
              public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException("only the instant is asked for");
              }

              @Override
              public Instant instant() {
                Instant now = Instant.now().plusNanos(nanos.get());
                looks.add(now);
                return now;
              }
            },
            () -> System.nanoTime() + nanos.get(),
            userWait,
            trialRetry,
            Duration.ofSeconds(5),
            typeRetry,
            Duration.ofMillis(1));
    await(listening.future());
    deployment =
        await(
            vertx.deployVerticle(
                new HostingVerticle(
                    GatewayConfig.parse(yaml, name -> null), SHARDS, registry, timing)));
    return this;
  }

  HostingFixture restart(String yaml) throws Exception {
    await(vertx.undeploy(deployment));
    told.clear();
    accountEvents.clear();
    directoryEvents.clear();
    return start(yaml);
  }

  /** Lets time pass, except for timers that run. */
  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** The next of a queue. */
  static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came");
    }
    return next;
  }

  /** Which version is kept of a device. */
  long version(Jid account, DeviceId di) {
    return registry.device(account, di).version();
  }

  /** What a shard was told next, which must be of this kind. */
  <T> T told(Class<T> type) throws InterruptedException {
    Object next = next(told);
    if (!type.isInstance(next)) {
      throw new AssertionError("expected " + type.getSimpleName() + ", got " + next);
    }
    return type.cast(next);
  }

  HostAccount hostedAccount() throws InterruptedException {
    return told(HostAccount.class);
  }

  HostDevices hostedDevices() throws InterruptedException {
    return told(HostDevices.class);
  }

  DropAccount droppedAccount() throws InterruptedException {
    return told(DropAccount.class);
  }

  DropDevices droppedDevices() throws InterruptedException {
    return told(DropDevices.class);
  }

  <Q, R> Future<R> ask(BusContract<Q, R> contract, Q question) {
    return contract.request(bus, Contracts.HOME, question, Deadline.in(Duration.ofSeconds(8)));
  }

  <Q, R> R answer(BusContract<Q, R> contract, Q question) throws Exception {
    return await(ask(contract, question));
  }

  <T> void publish(BusEvent<T> event, T what) {
    event.publish(bus, Contracts.HOME, what);
  }

  /** The gateway's own session of an account comes or goes. */
  void session(Jid jid, SessionEvent.State state, String reason) {
    Contracts.SESSION.publish(
        bus,
        Contracts.shardOf(jid, SHARDS),
        new SessionEvent(jid, SessionRole.GATEWAY, state, reason));
  }

  static Jid full(Jid account, DeviceId gateway) {
    return account.withResource(new OicResource("oic.d.cloudproxy", gateway).toString());
  }

  AccountOutcome provision(Provision given) throws Exception {
    return answer(Contracts.PROVISION, given);
  }

  /** Values of the default account; null for those that stay. */
  static Provision standard(Jid jid, String address, Integer port, String credential) {
    return new Provision(null, jid, address, port, null, credential, false, Precondition.NONE);
  }

  /** Values of an account that may be made. */
  static Provision account(Jid account, String address, String credential) {
    return new Provision(account, null, address, null, null, credential, true, Precondition.NONE);
  }

  /** The default account of the API has bound with these values. */
  void provisioned(Jid jid, String address, String credential) throws Exception {
    provision(standard(jid, address, null, credential));
    next(logins).answer().complete(new LoginOutcome(true, ""));
    hostedAccount();
    statusIs(jid, AccountView.Status.CONNECTED);
    accountEvents.clear();
  }

  /** Another account has bound. */
  void added(Jid account) throws Exception {
    provision(account(account, null, "secret"));
    next(logins).answer().complete(new LoginOutcome(true, ""));
    hostedAccount();
    statusIs(account, AccountView.Status.CONNECTED);
    accountEvents.clear();
  }

  /** Waits for an event that says so. */
  AccountView statusIs(Jid jid, AccountView.Status status) throws InterruptedException {
    AccountView view;
    do {
      view = next(accountEvents);
    } while (view.status() != status || !jid.equals(view.jid()));
    return view;
  }

  /** Waits until a write is held up. */
  void held() throws Exception {
    next(registry.heldUp);
  }

  /** Whatever was under way has been done and told when this has. */
  void settle() throws Exception {
    views();
    Promise<Void> turn = Promise.promise();
    shards.runOnContext(nothing -> turn.complete());
    await(turn.future());
  }

  AccountView view(Jid account) throws Exception {
    return answer(Contracts.ACCOUNTS, new AccountQuery(account, null, 1)).accounts().get(0);
  }

  List<AccountView> views() throws Exception {
    return answer(Contracts.ACCOUNTS, new AccountQuery(null, null, 100)).accounts();
  }

  static PutDevices.Entry entry(Jid account, DeviceId di, String rt) {
    return entry(account, di, rt, null, Precondition.NONE);
  }

  static PutDevices.Entry entry(
      Jid account, DeviceId di, String rt, Duration ttl, Precondition precondition) {
    PreSharedKey none = null;
    return new PutDevices.Entry(account, di, rt, "Fan", ENDPOINT, ttl, none, precondition);
  }

  DeviceOutcome put(PutDevices.Entry entry) throws Exception {
    return answer(Contracts.PUT_DEVICES, new PutDevices(List.of(entry))).outcomes().get(0);
  }
}
