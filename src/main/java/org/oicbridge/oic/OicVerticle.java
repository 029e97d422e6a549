package org.oicbridge.oic;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.OwnChange;
import org.oicbridge.bus.OwnEndpoints;
import org.oicbridge.config.CoapServerConfig;
import org.oicbridge.config.OicConfig;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/**
 * The gateway's own OIC device: {@code /oic/res}, {@code /oic/d}, {@code /oic/p}, {@code /oic/rd},
 * and the two provisioning resources of each account. It keeps nothing; whoever looks after
 * accounts and devices is asked over the event bus. There is one in a process.
 */
public final class OicVerticle extends VerticleBase {
  private final OicConfig config;
  private final CoapServerConfig server;
  private final DeviceId gatewayId;
  private final Supplier<OwnEndpoints> endpoints;
  private final Set<Jid> knownAccounts = new HashSet<>();

  /**
   * Makes the gateway's own device.
   *
   * @param gatewayId what its platform identifier is derived from
   * @param endpoints where the gateway serves CoAP at the moment
   */
  public OicVerticle(
      OicConfig config,
      CoapServerConfig server,
      DeviceId gatewayId,
      Supplier<OwnEndpoints> endpoints) {
    this.config = config;
    this.server = server;
    this.gatewayId = gatewayId;
    this.endpoints = endpoints;
  }

  @Override
  public Future<?> start() {
    EventBus bus = vertx.eventBus();
    OwnResources resources = resources(bus);
    Contracts.OWN_DEVICE.serve(bus, Contracts.HOME, resources::answer);
    Contracts.DIRECTORY_CHANGED.listen(bus, Contracts.HOME, query -> changed(OwnLinks.RES));
    Contracts.ACCOUNT_CHANGED.listen(bus, Contracts.HOME, this::accountChanged);
    return Future.succeededFuture();
  }

  private OwnResources resources(EventBus bus) {
    OwnAccounts accounts = new OwnAccounts(bus, config.account());
    OwnLinks links = new OwnLinks(endpoints, config.deviceType());
    Provisioning provisioning = new Provisioning(bus, accounts);
    return new OwnResources(
        Map.of(
            OwnLinks.RES, new DiscoveryResource(bus, accounts, links, config.name()),
            OwnLinks.DEVICE, new DeviceResource(config),
            OwnLinks.PLATFORM, new PlatformResource(config, gatewayId),
            OwnLinks.DIRECTORY, new DirectoryResource(bus, server.publishPrefixes()),
            OwnLinks.XMPP, new XmppResource(provisioning, null),
            OwnLinks.USER, new UserResource(provisioning, null)),
        (account, name) ->
            switch (name) {
              case "xmpp" -> new XmppResource(provisioning, account);
              case "user" -> new UserResource(provisioning, account);
              default -> null;
            });
  }

  private void accountChanged(AccountView account) {
    changed(account.standard() ? OwnLinks.XMPP : OwnLinks.path(account.jid(), "xmpp"));
    if (!account.standard() && knownAccounts.add(account.jid())) {
      changed(OwnLinks.RES);
    }
  }

  private void changed(String path) {
    Contracts.OWN_CHANGED.publish(vertx.eventBus(), Contracts.HOME, new OwnChange(path));
  }
}
