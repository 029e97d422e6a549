package org.oicbridge.http;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceList;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.config.HttpConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.OicResource;
import org.oicbridge.crudn.Status;

/** The API on a free port, with the router's side of the contracts played by the test. */
final class ApiServer implements AutoCloseable {
  static final int SHARDS = 2;
  static final String ALICE = "alice@example.org";
  static final String LAMP = "dc70373c-1e8d-4fb3-962e-017eaa863989";
  static final String TOKEN = "correct-horse-battery";

  final Vertx vertx = Vertx.vertx();
  final List<DeviceView> devices = new CopyOnWriteArrayList<>();
  final List<DeviceQuery> queries = new CopyOnWriteArrayList<>();
  final BlockingQueue<CrudnRequest> requests = new LinkedBlockingQueue<>();
  volatile Function<CrudnRequest, Future<CrudnResponse>> answer =
      request -> Future.succeededFuture(answered(Status.OK, "{\"value\":true}"));
  volatile boolean ready = true;
  volatile Supplier<String> metrics = () -> "up 1\n";

  /** Done when the routers may say which devices there are. */
  volatile Future<Void> lookup = Future.succeededFuture();

  final FakeHosting hosting = new FakeHosting(devices);

  private String deployment;
  private int port;

  /** A configuration for loopback with a free port. */
  static HttpConfig config() {
    return config(null, List.of(), null, null);
  }

  static HttpConfig config(String token, List<String> names, Path certificate, Path key) {
    return new HttpConfig(
        "127.0.0.1",
        0,
        certificate,
        key,
        false,
        token,
        names,
        1024,
        64,
        100,
        Duration.ofMinutes(1));
  }

  static ApiServer start() {
    return start(config());
  }

  static ApiServer start(HttpConfig config) {
    ApiServer server = new ApiServer().deploy(config, Duration.ofSeconds(10), 1);
    server.serveDevices();
    server.serveCrudn();
    server.add(ALICE, LAMP);
    return server;
  }

  ApiServer() {
    Contracts.register(vertx);
  }

  ApiServer deploy(HttpConfig config, Duration deadline, int instances) {
    return deploy(config, deadline, instances, EventStreams.HEARTBEAT);
  }

  ApiServer deploy(HttpConfig config, Duration deadline, int instances, Duration heartbeat) {
    Promise<Integer> chosen = Promise.promise();
    deployment =
        await(
            vertx.deployVerticle(
                () ->
                    new HttpVerticle(
                        config,
                        deadline,
                        SHARDS,
                        () -> metrics.get(),
                        () -> ready,
                        chosen,
                        heartbeat),
                new DeploymentOptions().setInstances(instances)));
    port = await(chosen.future());
    return this;
  }

  void serveDevices() {
    hosting.serve(vertx.eventBus());
    for (int i = 0; i < SHARDS; i++) {
      int shard = i;
      Contracts.DEVICES.serve(vertx.eventBus(), shard, query -> find(shard, query));
    }
  }

  void serveCrudn() {
    for (int shard = 0; shard < SHARDS; shard++) {
      Contracts.CRUDN.serve(
          vertx.eventBus(),
          shard,
          request -> {
            requests.add(request);
            return answer.apply(request);
          });
    }
  }

  private Future<DeviceList> find(int shard, DeviceQuery query) {
    queries.add(query);
    return lookup.map(
        looked ->
            new DeviceList(
                devices.stream()
                    .filter(view -> view.account() != null)
                    .filter(view -> Contracts.shardOf(view.account(), SHARDS) == shard)
                    .filter(view -> matches(view, query))
                    .sorted(Comparator.comparing(DeviceView::key))
                    .limit(query.limit())
                    .toList()));
  }

  static boolean matches(DeviceView view, DeviceQuery query) {
    return (query.account() == null || query.account().equals(view.account()))
        && (query.di() == null || query.di().equals(view.di()))
        && (query.rt() == null || view.rt().contains(query.rt()))
        && (query.origin() == null || query.origin() == view.origin())
        && (query.state() == null || query.state() == view.state())
        && (query.after() == null || view.key().compareTo(query.after()) > 0);
  }

  /** A device that was discovered and belongs to no account. */
  void discover(String di) {
    devices.add(
        new DeviceView(
            new DeviceId(di),
            null,
            List.of("oic.d.fan"),
            "Fan",
            DeviceView.Origin.DISCOVERED,
            null,
            DeviceView.State.ONLINE,
            0));
  }

  void add(String account, String di) {
    add(account, di, "oic.d.light", DeviceView.Origin.HOSTED, DeviceView.State.ONLINE);
  }

  void add(String account, String di, String rt, DeviceView.Origin origin, DeviceView.State state) {
    Jid jid = Jid.parse(account);
    DeviceId id = new DeviceId(di);
    devices.add(
        new DeviceView(
            id,
            jid,
            List.of(rt),
            "Lamp",
            origin,
            jid.withResource(new OicResource(rt, id).toString()),
            state,
            0));
  }

  /** A registered device that no shard has yet: it is asked for its type. */
  void await(String account, String di) {
    hosting.waiting.add(
        new DeviceView(
            new DeviceId(di),
            Jid.parse(account),
            List.of(),
            "Fan",
            DeviceView.Origin.HOSTED,
            null,
            DeviceView.State.OFFLINE,
            1));
  }

  int port() {
    return port;
  }

  /** The request that the router got; fails when there is none. */
  CrudnRequest received() throws InterruptedException {
    CrudnRequest request = requests.poll(10, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("the router got no request");
    }
    return request;
  }

  void answer(CrudnResponse response) {
    answer = request -> Future.succeededFuture(response);
  }

  static CrudnResponse answered(Status status, String body) {
    return CrudnResponse.answered(status, Headers.NONE, body);
  }

  RawHttp.Reply get(String target, String... headers) {
    return RawHttp.get(port, target, headers);
  }

  RawHttp.Reply send(String method, String target, String body, String... headers) {
    return RawHttp.request(port, method, target, body, headers);
  }

  /** A path under the resources of the lamp. */
  static String lamp(String href) {
    return "/api/v1/devices/" + LAMP + "/resources" + href;
  }

  Future<Void> undeploy() {
    return vertx.undeploy(deployment);
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
