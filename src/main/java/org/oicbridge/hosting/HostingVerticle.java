package org.oicbridge.hosting;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import java.util.Comparator;
import java.util.stream.Stream;
import org.oicbridge.bus.AccountList;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceList;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.config.GatewayConfig;
import org.oicbridge.store.Registry;

/**
 * Looks after the accounts and devices of a process: tells the shards whom to serve, and takes what
 * is provisioned, registered, published and adopted. There is one in a process, and nobody else
 * writes to its registry.
 */
public final class HostingVerticle extends VerticleBase {
  private final GatewayConfig config;
  private final int shards;
  private final Registry registry;
  private final Timing timing;
  private HostingMetrics metrics;
  private Hosting hosting;
  private AccountChanges changes;

  /**
   * Makes the one of a process, to be deployed when its shards are.
   *
   * @param shards how many there are
   * @param registry open; the verticle does not close it
   */
  public HostingVerticle(GatewayConfig config, int shards, Registry registry) {
    this(config, shards, registry, Timing.REAL);
  }

  HostingVerticle(GatewayConfig config, int shards, Registry registry, Timing timing) {
    this.config = config;
    this.shards = shards;
    this.registry = registry;
    this.timing = timing;
  }

  @Override
  public Future<?> start() {
    metrics = new HostingMetrics();
    Parts parts = parts();
    hosting = new Hosting(parts, config.coap().server(), config.xmpp().sessionsPerAccount());
    changes = new AccountChanges(parts, hosting, config.oic().deviceType());
    StartUp startUp = new StartUp(config, registry, parts, hosting, changes);
    parts.shards().onSession(changes::sessionChanged);
    return startUp.run().onSuccess(hosted -> serve(parts));
  }

  private Parts parts() {
    EventBus bus = vertx.eventBus();
    Turns turns = new Turns(context);
    AccountBook accounts = new AccountBook();
    return new Parts(
        vertx,
        turns,
        new Ledger(registry, turns),
        new Shards(bus, shards, config.xmpp()),
        timing,
        new Versions(timing.clock()),
        accounts,
        new DeviceBook(accounts, metrics),
        new Events(bus, accounts),
        metrics);
  }

  private void serve(Parts parts) {
    EventBus bus = vertx.eventBus();
    int home = Contracts.HOME;
    AccountBook accounts = parts.accounts();
    Contracts.ACCOUNTS.serve(
        bus, home, query -> Future.succeededFuture(new AccountList(accounts.query(query))));
    Contracts.PROVISION.serve(bus, home, changes::provision);
    Contracts.DELETE_ACCOUNT.serve(bus, home, changes::delete);

    Registrations registrations = new Registrations(parts, hosting);
    Contracts.PUT_DEVICES.serve(bus, home, registrations::put);
    Contracts.DELETE_DEVICE.serve(bus, home, registrations::delete);

    Publications publications =
        new Publications(parts, hosting, config.coap().server().devicesPerIdentity());
    Contracts.PUBLISH.serve(bus, home, publications::publish);
    Contracts.UNPUBLISH.serve(bus, home, publications::unpublish);
    Contracts.DIRECTORY.serve(
        bus, home, query -> Future.succeededFuture(publications.directory(query)));

    Discovered discovered = new Discovered(timing, parts.devices(), config.discovery().interval());
    Adoptions adoptions = new Adoptions(parts, hosting, discovered, config.discovery().adopt());
    Contracts.ADOPT.serve(bus, home, adoptions::adopt);
    Contracts.UNHOSTED.serve(
        bus, home, query -> Future.succeededFuture(unhosted(query, parts.devices(), discovered)));
    Contracts.FOUND.listen(bus, home, adoptions::found);
  }

  private static DeviceList unhosted(DeviceQuery query, DeviceBook devices, Discovered discovered) {
    return new DeviceList(
        Stream.concat(devices.waiting().query(query).stream(), discovered.query(query).stream())
            .sorted(Comparator.comparing(DeviceView::key))
            .limit(query.limit())
            .toList());
  }

  @Override
  public Future<?> stop() {
    hosting.stop();
    changes.stop();
    metrics.close();
    return Future.succeededFuture();
  }
}
