package org.oicbridge.oic;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.oicbridge.bus.AccountList;
import org.oicbridge.bus.AccountOutcome;
import org.oicbridge.bus.AccountQuery;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceList;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.Directory;
import org.oicbridge.bus.DirectoryQuery;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.ForgetObservation;
import org.oicbridge.bus.ObserveOwn;
import org.oicbridge.bus.OwnChange;
import org.oicbridge.bus.OwnEndpoints;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.bus.OwnRequest.Form;
import org.oicbridge.bus.Provision;
import org.oicbridge.bus.Publish;
import org.oicbridge.bus.PublishOutcome;
import org.oicbridge.bus.Subscribe;
import org.oicbridge.bus.Unpublish;
import org.oicbridge.bus.Unsubscribe;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.config.AddressPrefix;
import org.oicbridge.config.CoapServerConfig;
import org.oicbridge.config.OicConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Right;
import org.oicbridge.crudn.Status;

/** The gateway's own device on a real event bus, and somebody who plays accounts and directory. */
final class OwnDevice {
  static final DeviceId GATEWAY = new DeviceId("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa");

  /** What the gateway is called towards the callers of the tests. */
  static final DeviceId TARGET = new DeviceId("bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb");

  static final int SHARDS = 3;
  static final Jid HOME = Jid.parse("home@example.org");
  static final Jid GUEST = Jid.parse("guest@example.org");
  static final Set<Right> ALL = Set.of(Right.values());

  /** Belongs to the default account. */
  static final Caller OWNER = new Caller("psk:owner", null, ALL, true);

  final List<Publish> published = new CopyOnWriteArrayList<>();
  final List<Unpublish> unpublished = new CopyOnWriteArrayList<>();
  final List<Provision> provisioned = new CopyOnWriteArrayList<>();
  final List<DirectoryQuery> directoryQueries = new CopyOnWriteArrayList<>();
  final List<String> changed = new CopyOnWriteArrayList<>();
  final List<AccountView> accounts = new CopyOnWriteArrayList<>(List.of(view(null, true)));
  final List<CrudnRequest> forwarded = new CopyOnWriteArrayList<>();
  final List<Subscribe> subscribed = new CopyOnWriteArrayList<>();
  final BlockingQueue<Unsubscribe> unsubscribed = new LinkedBlockingQueue<>();
  final List<DeviceQuery> deviceQueries = new CopyOnWriteArrayList<>();

  /** What the routers know; each tells only of the accounts of its shard. */
  final List<DeviceView> devices = new CopyOnWriteArrayList<>();

  volatile CrudnResponse deviceAnswer =
      CrudnResponse.answered(Status.OK, Headers.NONE, "{\"value\":true}");
  volatile Directory directory = new Directory(List.of());
  volatile PublishOutcome refusal;
  volatile AccountOutcome provisionOutcome;
  volatile OwnEndpoints endpoints = OwnEndpoints.NONE;

  private static final String MARK = "mark";

  private final Vertx vertx;
  private volatile Promise<Void> mark;

  OwnDevice(Vertx vertx, String... prefixes) throws Exception {
    this.vertx = vertx;
    Contracts.register(vertx);
    EventBus bus = vertx.eventBus();
    Contracts.ACCOUNTS.serve(bus, Contracts.HOME, query -> Future.succeededFuture(list(query)));
    Contracts.DIRECTORY.serve(
        bus,
        Contracts.HOME,
        query -> {
          directoryQueries.add(query);
          return Future.succeededFuture(directory);
        });
    for (int shard = 0; shard < SHARDS; shard++) {
      router(bus, shard);
    }
    Contracts.PUBLISH.serve(
        bus,
        Contracts.HOME,
        publish -> {
          published.add(publish);
          return Future.succeededFuture(refusal != null ? refusal : numbered(publish.links()));
        });
    Contracts.UNPUBLISH.serve(
        bus,
        Contracts.HOME,
        unpublish -> {
          unpublished.add(unpublish);
          return Future.succeededFuture(
              refusal != null ? refusal : PublishOutcome.done(Status.NO_CONTENT, List.of()));
        });
    Contracts.PROVISION.serve(
        bus,
        Contracts.HOME,
        provision -> {
          provisioned.add(provision);
          return Future.succeededFuture(provisionOutcome);
        });
    Contracts.OWN_CHANGED.listen(
        bus,
        Contracts.HOME,
        change -> {
          if (change.path().equals(MARK)) {
            mark.complete();
          } else {
            changed.add(change.path());
          }
        });
    CoapServerConfig server =
        new CoapServerConfig(
            "127.0.0.1",
            0,
            0,
            List.of(),
            null,
            null,
            null,
            List.of(),
            10,
            Arrays.stream(prefixes).map(AddressPrefix::parse).toList(),
            List.of());
    OicConfig oic = new OicConfig("bridge", "oic.d.cloudproxy", "oic-bridge", null);
    await(vertx.deployVerticle(new OicVerticle(oic, server, GATEWAY, () -> endpoints, SHARDS)));
  }

  private void router(EventBus bus, int shard) {
    Contracts.SUBSCRIBE.serve(
        bus,
        shard,
        wish -> {
          subscribed.add(wish);
          boolean here = Contracts.shardOf(wish.retrieve().account(), SHARDS) == shard;
          return here
              ? Future.succeededFuture(deviceAnswer)
              : Future.failedFuture("the account of " + wish + " is elsewhere");
        });
    Contracts.UNSUBSCRIBE.serve(
        bus,
        shard,
        end -> {
          if (Contracts.shardOf(end.account(), SHARDS) == shard) {
            unsubscribed.add(end);
          }
          return Future.succeededFuture(new Done());
        });
    Contracts.CRUDN.serve(
        bus,
        shard,
        request -> {
          forwarded.add(request);
          boolean here = Contracts.shardOf(request.account(), SHARDS) == shard;
          return here
              ? Future.succeededFuture(deviceAnswer)
              : Future.failedFuture("the account of " + request + " is elsewhere");
        });
    Contracts.DEVICES.serve(
        bus,
        shard,
        query -> {
          deviceQueries.add(query);
          return Future.succeededFuture(
              new DeviceList(
                  devices.stream()
                      .filter(view -> Contracts.shardOf(view.account(), SHARDS) == shard)
                      .filter(view -> view.account().equals(query.account()))
                      .filter(view -> query.di() == null || query.di().equals(view.di()))
                      .filter(view -> query.origin() == null || query.origin() == view.origin())
                      .filter(view -> query.state() == null || query.state() == view.state())
                      .limit(query.limit())
                      .toList()));
        });
  }

  /** An account that works. */
  static AccountView view(Jid jid, boolean standard) {
    return view(jid, jid, standard);
  }

  /** An account that works under one JID, while another one was set later and failed. */
  static AccountView view(Jid jid, Jid served, boolean standard) {
    return new AccountView(
        jid,
        served,
        "xmpp.example.org",
        5222,
        Tls.STARTTLS,
        true,
        AccountView.Status.CONNECTED,
        "",
        standard,
        false,
        1);
  }

  /** As the contract says: by bare JID, and the default one without a JID before all others. */
  private AccountList list(AccountQuery query) {
    return new AccountList(
        accounts.stream()
            .filter(a -> query.account() == null || query.account().equals(a.jid()))
            .filter(
                a ->
                    query.after() == null
                        || (a.jid() != null && a.jid().toString().compareTo(query.after()) > 0))
            .sorted((a, b) -> text(a).compareTo(text(b)))
            .limit(query.limit())
            .toList());
  }

  private static String text(AccountView account) {
    return account.jid() == null ? "" : account.jid().toString();
  }

  private static PublishOutcome numbered(List<Link> links) {
    List<Link> numbered = new ArrayList<>();
    for (int i = 0; i < links.size(); i++) {
      numbered.add(links.get(i).numbered(String.valueOf(100 + i)));
    }
    return PublishOutcome.done(Status.OK, numbered);
  }

  /** A caller like another one with other rights. */
  static Caller with(Caller caller, Right... rights) {
    return new Caller(caller.identity(), caller.account(), Set.of(rights), caller.secure());
  }

  static InetSocketAddress at(String address, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(address), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  Asking as(Caller caller) {
    return new Asking(caller, Form.OCF, at("192.0.2.7", 40_000), false, Headers.NONE);
  }

  /** Somebody who asks in a certain way. */
  final class Asking {
    private final Caller caller;
    private final Form form;
    private final InetSocketAddress source;
    private final boolean multicast;
    private final Headers headers;

    private Asking(
        Caller caller, Form form, InetSocketAddress source, boolean multicast, Headers headers) {
      this.caller = caller;
      this.form = form;
      this.source = source;
      this.multicast = multicast;
      this.headers = headers;
    }

    Asking oic() {
      return new Asking(caller, Form.OIC, source, multicast, headers);
    }

    Asking from(InetSocketAddress other) {
      return new Asking(caller, form, other, multicast, headers);
    }

    Asking multicast() {
      return new Asking(caller, form, source, true, headers);
    }

    Asking header(String name, String value) {
      return new Asking(caller, form, source, multicast, headers.with(name, value));
    }

    CrudnResponse get(String path) throws Exception {
      return send(Operation.RETRIEVE, ResourcePath.parse(path), null);
    }

    CrudnResponse post(String path, String body) throws Exception {
      return send(Operation.UPDATE, ResourcePath.parse(path), body);
    }

    CrudnResponse delete(String... query) throws Exception {
      return send(Operation.DELETE, new ResourcePath(List.of("oic", "rd"), List.of(query)), null);
    }

    CrudnResponse send(Operation operation, ResourcePath path, String body) throws Exception {
      OwnRequest own = request(operation, path, body);
      return await(
          Contracts.OWN_DEVICE.request(
              vertx.eventBus(), Contracts.HOME, own, own.request().deadline()));
    }

    CrudnResponse observe(String path, String subscription) throws Exception {
      OwnRequest own =
          header("Observe", "0").request(Operation.RETRIEVE, ResourcePath.parse(path), null);
      return await(
          Contracts.OBSERVE_OWN.request(
              vertx.eventBus(),
              Contracts.HOME,
              new ObserveOwn(own, subscription),
              own.request().deadline()));
    }

    private OwnRequest request(Operation operation, ResourcePath path, String body) {
      CrudnRequest request =
          new CrudnRequest(
              HOME,
              TARGET,
              operation,
              path,
              headers,
              body,
              HOME,
              CrudnRequest.Via.SHORTEST,
              Deadline.in(Duration.ofSeconds(10)));
      return new OwnRequest(request, caller, form, source, multicast);
    }
  }

  /** Ends an observation; its subscription has ended when this returns. */
  void forget(String subscription) throws Exception {
    await(
        Contracts.FORGET_OWN.request(
            vertx.eventBus(),
            Contracts.HOME,
            new ForgetObservation(subscription),
            Deadline.in(Duration.ofSeconds(10))));
  }

  static JsonObject object(CrudnResponse response) {
    return new JsonObject(response.body());
  }

  static JsonArray array(CrudnResponse response) {
    return (JsonArray) Json.decodeValue(response.body());
  }

  /** Waits until a change was told. */
  void awaitChange(String path) {
    long begun = System.nanoTime();
    while (!changed.contains(path)) {
      if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(10)) {
        throw new AssertionError("no change of " + path + " was told");
      }
      Thread.onSpinWait();
    }
  }

  /** Waits until everything that was told on the bus before has been heard. */
  void settle() throws Exception {
    as(Caller.STRANGER).get("/oic/p");
    mark = Promise.promise();
    Contracts.OWN_CHANGED.publish(vertx.eventBus(), Contracts.HOME, new OwnChange(MARK));
    await(mark.future());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
