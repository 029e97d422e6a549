package org.oicbridge.routing;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import org.oicbridge.bus.Admission;
import org.oicbridge.bus.AdmissionQuery;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceList;
import org.oicbridge.config.RoutingConfig;

/** Routes the CRUDN requests of one shard's accounts; all rules and all that is in flight. */
public final class RouterVerticle extends VerticleBase {
  private final int shard;
  private final RoutingConfig config;
  private final String gatewayType;

  /**
   * Makes the router of one shard.
   *
   * @param shard whose accounts it routes, from 0
   * @param gatewayType the device type that the gateway's own sessions bind with
   */
  public RouterVerticle(int shard, RoutingConfig config, String gatewayType) {
    this.shard = shard;
    this.config = config;
    this.gatewayType = gatewayType;
  }

  @Override
  public Future<?> start() {
    EventBus bus = vertx.eventBus();
    Accounts accounts = new Accounts(new OwnIds(vertx));
    AccountHost host = new AccountHost(bus, shard, gatewayType, accounts);
    CrudnRouter router = new CrudnRouter(bus, shard, config, accounts);
    Contracts.CRUDN.serve(bus, shard, router::route);
    Contracts.HOST_ACCOUNT.serve(bus, shard, host::host);
    Contracts.HOST_DEVICES.serve(bus, shard, host::host);
    Contracts.DROP_DEVICES.serve(bus, shard, host::drop);
    Contracts.DROP_ACCOUNT.serve(bus, shard, host::drop);
    Contracts.ADMISSION.serve(
        bus, shard, query -> Future.succeededFuture(admission(accounts, query)));
    Contracts.DEVICES.serve(
        bus,
        shard,
        query -> Future.succeededFuture(new DeviceList(DeviceSearch.in(accounts, query))));
    Contracts.SESSION.listen(bus, shard, accounts::sessionChanged);
    Contracts.PRESENCE.listen(bus, shard, accounts::peerChanged);
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
