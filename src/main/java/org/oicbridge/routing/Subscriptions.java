package org.oicbridge.routing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.Notification;
import org.oicbridge.bus.OwnChange;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.bus.Subscribe;
import org.oicbridge.bus.Unsubscribe;
import org.oicbridge.config.RoutingConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnRequest.Via;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Status;

/** Who subscribes to what of one shard's accounts (OIC Remote Access section 7.3.1, RFC 7641). */
final class Subscriptions implements FanoutOwner {
  private static final String VERSION = "OCF-Accept-Content-Format-Version";

  private final Vertx vertx;
  private final RoutingConfig config;
  private final Pace pace;
  private final CrudnRouter router;
  private final Routes routes;
  private final ObserveMetrics metrics;
  private final Subscribers subscribers;
  private final Map<Key, Fanout> fanouts = new HashMap<>();
  private final Map<Fanout, Key> keys = new HashMap<>();
  private final Map<Jid, Map<DeviceId, Set<Fanout>>> byDevice = new HashMap<>();
  private final Map<String, Fanout> byObservation = new HashMap<>();
  private long named;

  /**
   * What makes two subscriptions want the same.
   *
   * @param requester null unless what is shown depends on who asks
   */
  private record Key(
      Jid account, DeviceId di, String path, boolean xmpp, String version, Jid requester) {}

  Subscriptions(
      Vertx vertx,
      RoutingConfig config,
      Pace pace,
      CrudnRouter router,
      Routes routes,
      ObserveMetrics metrics) {
    this.vertx = vertx;
    this.config = config;
    this.pace = pace;
    this.router = router;
    this.routes = routes;
    this.metrics = metrics;
    this.subscribers = new Subscribers(config.subscriptionsPerAccount(), metrics);
  }

  /** Answers with what the resource is now, and keeps the subscriber if it can be observed. */
  Future<CrudnResponse> subscribe(Subscribe wish) {
    CrudnRequest request = wish.retrieve();
    return router.admit(
        request,
        (account, route) -> {
          String id = wish.subscription();
          Jid jid = account.config().jid();
          if (!subscribers.enter(id, jid)) {
            return Future.succeededFuture(tooMany());
          }
          Key key = key(account, request, route.personal());
          Fanout known = fanouts.get(key);
          Fanout fanout = known == null ? begin(account, request, key) : known;
          return fanout
              .subscribe(id, request)
              .onComplete(
                  done -> {
                    if (!subscribers.answered(id, jid)) {
                      fanout.unsubscribe(id);
                    }
                  });
        });
  }

  private CrudnResponse tooMany() {
    int limit = config.subscriptionsPerAccount();
    return CrudnResponse.failed(
            Status.TOO_MANY_REQUESTS,
            "too-many-subscriptions",
            "the account has " + limit + " subscriptions already")
        .with("Retry-After", "5");
  }

  private Fanout begin(Account account, CrudnRequest request, Key key) {
    Fanout fanout = new Fanout(this, new Upstream(account, template(request, key), routes));
    fanouts.put(key, fanout);
    keys.put(fanout, key);
    byDevice
        .computeIfAbsent(key.account, jid -> new HashMap<>())
        .computeIfAbsent(key.di, di -> new LinkedHashSet<>())
        .add(fanout);
    return fanout;
  }

  private static Key key(Account account, CrudnRequest request, boolean personal) {
    return new Key(
        account.config().jid(),
        request.target(),
        request.path().toString(),
        request.via() == Via.XMPP,
        request.headers().get(VERSION).orElse(null),
        personal ? request.requester() : null);
  }

  /** Conditions and what is the edge's own business are no part of what is observed. */
  private static CrudnRequest template(CrudnRequest request, Key key) {
    return new CrudnRequest(
        key.account,
        request.target(),
        request.operation(),
        request.path(),
        key.version == null ? Headers.NONE : Headers.of(VERSION, key.version),
        null,
        request.requester(),
        request.via(),
        request.deadline());
  }

  Future<Done> unsubscribe(Unsubscribe end) {
    Fanout fanout = subscribers.leave(end.subscription());
    if (fanout != null) {
      fanout.unsubscribe(end.subscription());
    }
    return Future.succeededFuture(new Done());
  }

  void observed(Notification news) {
    Fanout fanout = byObservation.get(news.subscription());
    if (fanout != null) {
      fanout.observed(news);
    }
  }

  void ownChanged(OwnChange change) {
    List.copyOf(fanouts.values()).stream()
        .filter(fanout -> fanout.template().path().path().equals(change.path()))
        .forEach(Fanout::ownChanged);
  }

  /** A peer that comes may be a device which is observed. */
  void peerChanged(PeerPresence presence) {
    if (presence.available()) {
      presence.peer().oic().ifPresent(oic -> came(presence.session().bare(), oic.id()));
    }
  }

  /** A hosted device answers, perhaps again. */
  void answers(Jid account, DeviceId device) {
    of(account, device).forEach(Fanout::available);
  }

  private void came(Jid account, DeviceId device) {
    for (Fanout fanout : of(account, device)) {
      fanout.available();
      fanout.moved();
    }
  }

  /** The account has other values. */
  void revised(Jid account) {
    of(account).forEach(Fanout::revise);
  }

  /** Some of an account's devices may be elsewhere. */
  void moved(Jid account) {
    of(account).forEach(Fanout::moved);
  }

  /** These devices are gone. */
  void dropped(Jid account, List<DeviceId> devices) {
    for (DeviceId device : devices) {
      of(account, device).forEach(fanout -> fanout.finish(Routes.unknown(fanout.template())));
    }
  }

  /** The account is gone. */
  void dropped(Jid account) {
    of(account).forEach(fanout -> fanout.finish(Routes.unknown(fanout.template())));
  }

  private List<Fanout> of(Jid account) {
    return byDevice.getOrDefault(account, Map.of()).values().stream().flatMap(Set::stream).toList();
  }

  private List<Fanout> of(Jid account, DeviceId device) {
    return List.copyOf(byDevice.getOrDefault(account, Map.of()).getOrDefault(device, Set.of()));
  }

  /** Takes back what is shown. */
  void close() {
    metrics.close();
  }

  @Override
  public Vertx vertx() {
    return vertx;
  }

  @Override
  public Pace pace() {
    return pace;
  }

  @Override
  public Duration deadline() {
    return config.deadline();
  }

  @Override
  public ObserveMetrics metrics() {
    return metrics;
  }

  @Override
  public String name(Fanout fanout) {
    if (fanout.observation() != null) {
      byObservation.remove(fanout.observation());
    }
    String name = Long.toString(++named, 36);
    byObservation.put(name, fanout);
    return name;
  }

  @Override
  public void subscribed(String id, Fanout fanout) {
    subscribers.subscribed(id, fanout.template().account(), fanout);
  }

  @Override
  public void unsubscribed(String id, Fanout fanout) {
    subscribers.unsubscribed(id, fanout.template().account(), fanout);
  }

  @Override
  public void ended(Fanout fanout) {
    Key key = keys.remove(fanout);
    fanouts.remove(key);
    byObservation.remove(fanout.observation());
    Map<DeviceId, Set<Fanout>> devices = byDevice.get(key.account);
    Set<Fanout> same = devices.get(key.di);
    same.remove(fanout);
    if (same.isEmpty()) {
      devices.remove(key.di);
    }
    if (devices.isEmpty()) {
      byDevice.remove(key.account);
    }
  }
}
