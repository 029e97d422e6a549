package org.oicbridge.routing;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import java.util.List;
import org.oicbridge.bus.Admission;
import org.oicbridge.bus.AdmissionQuery;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceList;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.config.RoutingConfig;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/** Routes the CRUDN requests of one shard's accounts; all rules and all that is in flight. */
public final class RouterVerticle extends VerticleBase {
  private final int shard;
  private final RoutingConfig config;
  private final String gatewayType;
  private final Pace pace;
  private Subscriptions subscriptions;

  /**
   * Makes the router of one shard.
   *
   * @param shard whose accounts it routes, from 0
   * @param gatewayType the device type that the gateway's own sessions bind with
   */
  public RouterVerticle(int shard, RoutingConfig config, String gatewayType) {
    this(shard, config, gatewayType, Pace.USUAL);
  }

  RouterVerticle(int shard, RoutingConfig config, String gatewayType, Pace pace) {
    this.shard = shard;
    this.config = config;
    this.gatewayType = gatewayType;
    this.pace = pace;
  }

  @Override
  public Future<?> start() {
    EventBus bus = vertx.eventBus();
    Accounts accounts = new Accounts(new OwnIds(vertx));
    AccountHost host = new AccountHost(bus, shard, gatewayType, accounts);
    Routes routes = new Routes(bus, shard);
    CrudnRouter router = new CrudnRouter(config, accounts, routes);
    subscriptions =
        new Subscriptions(vertx, config, pace, router, routes, new ObserveMetrics(shard));
    Contracts.CRUDN.serve(bus, shard, router::route);
    Contracts.SUBSCRIBE.serve(bus, shard, subscriptions::subscribe);
    Contracts.UNSUBSCRIBE.serve(bus, shard, subscriptions::unsubscribe);
    Contracts.OBSERVED.listen(bus, shard, subscriptions::observed);
    Contracts.OWN_CHANGED.listen(bus, Contracts.HOME, subscriptions::ownChanged);
    DeviceNews news = new DeviceNews(bus);
    serveHosting(bus, host, accounts, news);
    Contracts.ADMISSION.serve(
        bus, shard, query -> Future.succeededFuture(admission(accounts, query)));
    Contracts.DEVICES.serve(
        bus,
        shard,
        query -> Future.succeededFuture(new DeviceList(DeviceSearch.in(accounts, query))));
    Contracts.LOAD.listen(bus, shard, load -> router.overloaded(load.overloaded()));
    Contracts.DEVICE_LIVENESS.listen(
        bus,
        shard,
        liveness -> {
          Jid account = liveness.account();
          DeviceId di = liveness.device().di();
          boolean taken =
              news.during(
                  () -> accounts.views(account, List.of(di)), () -> host.liveness(liveness));
          if (taken && liveness.answering()) {
            subscriptions.answers(account, di);
          }
        });
    Contracts.SESSION.listen(
        bus,
        shard,
        event ->
            news.during(() -> accounts.concernedBy(event), () -> accounts.sessionChanged(event)));
    Contracts.PRESENCE.listen(
        bus,
        shard,
        presence -> {
          news.during(() -> accounts.concernedBy(presence), () -> accounts.peerChanged(presence));
          subscriptions.peerChanged(presence);
        });
    return Future.succeededFuture();
  }

  /** Whatever comes and goes, who subscribes to it must hear of it. */
  private void serveHosting(EventBus bus, AccountHost host, Accounts accounts, DeviceNews news) {
    Contracts.HOST_ACCOUNT.serve(
        bus,
        shard,
        account -> {
          Jid jid = account.account().jid();
          Future<Done> done = news.during(() -> accounts.views(jid), () -> host.host(account));
          subscriptions.revised(jid);
          return done;
        });
    Contracts.HOST_DEVICES.serve(
        bus,
        shard,
        devices -> {
          List<DeviceId> ids = devices.devices().stream().map(HostedDevice::di).toList();
          Future<Done> done =
              news.during(() -> accounts.views(devices.account(), ids), () -> host.host(devices));
          subscriptions.moved(devices.account());
          return done;
        });
    Contracts.DROP_DEVICES.serve(
        bus,
        shard,
        devices -> {
          Future<Done> done =
              news.during(
                  () -> accounts.views(devices.account(), devices.devices()),
                  () -> host.drop(devices));
          subscriptions.dropped(devices.account(), devices.devices());
          return done;
        });
    Contracts.DROP_ACCOUNT.serve(
        bus,
        shard,
        account -> {
          Future<Done> done =
              news.during(() -> accounts.views(account.account()), () -> host.drop(account));
          subscriptions.dropped(account.account());
          return done;
        });
  }

  @Override
  public Future<?> stop() {
    if (subscriptions != null) {
      subscriptions.close();
    }
    return Future.succeededFuture();
  }

  private static Admission admission(Accounts accounts, AdmissionQuery query) {
    return new Admission(
        accounts
            .find(query.session())
            .map(account -> AccessRules.mayConnect(account.config(), query.peer()))
            .orElse(false));
  }
}
