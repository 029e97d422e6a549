package org.oicbridge.routing;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.oicbridge.bus.Admission;
import org.oicbridge.bus.AdmissionQuery;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceList;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.HostAccount;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.config.RoutingConfig;
import org.oicbridge.crudn.Deadline;

/** Routes the CRUDN requests of one shard's accounts; all rules and all that is in flight. */
public final class RouterVerticle extends VerticleBase {
  private static final Duration OPEN_TIMEOUT = Duration.ofSeconds(10);

  private final int shard;
  private final RoutingConfig config;

  /**
   * Makes the router of one shard.
   *
   * @param shard whose accounts it routes, from 0
   */
  public RouterVerticle(int shard, RoutingConfig config) {
    this.shard = shard;
    this.config = config;
  }

  @Override
  public Future<?> start() {
    EventBus bus = vertx.eventBus();
    Accounts accounts = new Accounts();
    CrudnRouter router = new CrudnRouter(bus, shard, config, accounts);
    Contracts.CRUDN.serve(bus, shard, router::route);
    Contracts.HOST_ACCOUNT.serve(bus, shard, host -> host(accounts, host));
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

  private Future<Done> host(Accounts accounts, HostAccount host) {
    Account account = new Account(host.account(), host.gatewayId());
    accounts.add(account);
    // The gateway's own session first: it is the one that sees the others appear.
    List<Future<Done>> opened =
        Stream.concat(Stream.of(account.clientSession()), account.deviceSessions())
            .map(this::open)
            .toList();
    return Future.all(opened).map(new Done());
  }

  private Future<Done> open(OpenSession session) {
    return Contracts.OPEN_SESSION.request(
        vertx.eventBus(), shard, session, Deadline.in(OPEN_TIMEOUT));
  }
}
