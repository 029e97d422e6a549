package org.oicbridge.oic;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import java.util.Map;
import java.util.function.Supplier;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.OwnEndpoints;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.CoapServerConfig;
import org.oicbridge.config.OicConfig;
import org.oicbridge.crudn.DeviceId;

/**
 * The gateway's own OIC device: {@code /oic/res}, {@code /oic/d}, {@code /oic/p}, {@code /oic/rd},
 * the two provisioning resources of each account, and the devices of an account for its own
 * callers. It keeps nothing but who observes whose devices; whoever looks after accounts and
 * devices is asked over the event bus. There is one in a process.
 */
public final class OicVerticle extends VerticleBase {
  private final OicConfig config;
  private final CoapServerConfig server;
  private final DeviceId gatewayId;
  private final Supplier<OwnEndpoints> endpoints;
  private final int shards;
  private Announcements announcements;
  private RemoteLinks remoteLinks;

  /**
   * Makes the gateway's own device.
   *
   * @param gatewayId what its platform identifier is derived from
   * @param endpoints where the gateway serves CoAP at the moment
   * @param shards over how many the accounts are spread
   */
  public OicVerticle(
      OicConfig config,
      CoapServerConfig server,
      DeviceId gatewayId,
      Supplier<OwnEndpoints> endpoints,
      int shards) {
    this.config = config;
    this.server = server;
    this.gatewayId = gatewayId;
    this.endpoints = endpoints;
    this.shards = shards;
  }

  @Override
  public Future<?> start() {
    EventBus bus = vertx.eventBus();
    announcements = new Announcements(vertx);
    remoteLinks = new RemoteLinks(bus, shards, announcements);
    OwnResources resources = resources(bus);
    Contracts.OWN_DEVICE.serve(bus, Contracts.HOME, resources::answer);
    Contracts.OBSERVE_OWN.serve(bus, Contracts.HOME, resources::observe);
    Contracts.FORGET_OWN.serve(bus, Contracts.HOME, resources::forget);
    Contracts.DIRECTORY_CHANGED.listen(
        bus, Contracts.HOME, query -> announcements.changed(OwnLinks.RES));
    Contracts.ACCOUNT_CHANGED.listen(bus, Contracts.HOME, this::accountChanged);
    for (int shard = 0; shard < shards; shard++) {
      Contracts.PRESENCE.listen(bus, shard, this::peerChanged);
      Contracts.SESSION.listen(bus, shard, this::sessionChanged);
    }
    return Future.succeededFuture();
  }

  private OwnResources resources(EventBus bus) {
    OwnAccounts accounts = new OwnAccounts(bus, config.account());
    OwnLinks links = new OwnLinks(endpoints, config.deviceType());
    Gateways gateways = new Gateways(config.deviceType());
    RemoteDevices remote = new RemoteDevices(bus, shards, accounts, links, remoteLinks, gateways);
    Provisioning provisioning = new Provisioning(bus, accounts);
    return new OwnResources(
        Map.of(
            OwnLinks.RES, new DiscoveryResource(bus, accounts, links, remote, config.name()),
            OwnLinks.DEVICE, new DeviceResource(config),
            OwnLinks.PLATFORM, new PlatformResource(config, gatewayId),
            OwnLinks.DIRECTORY, new DirectoryResource(bus, server.publishPrefixes()),
            OwnLinks.XMPP, new XmppResource(provisioning, null),
            OwnLinks.USER, new UserResource(provisioning, null)),
        new ForwardedResource(bus, shards, accounts, gateways),
        (account, name) ->
            switch (name) {
              case "xmpp" -> new XmppResource(provisioning, account);
              case "user" -> new UserResource(provisioning, account);
              default -> null;
            });
  }

  private void accountChanged(AccountView account) {
    announcements.changed(
        account.standard() ? OwnLinks.XMPP : OwnLinks.path(account.jid(), "xmpp"));
    if (!account.standard()) {
      // It may have come or gone, and its provisioning resources with it.
      announcements.changing(OwnLinks.RES);
    }
  }

  private void peerChanged(PeerPresence presence) {
    presence
        .peer()
        .oic()
        .filter(oic -> !oic.clientOnly())
        .ifPresent(
            oic -> {
              remoteLinks.forget(presence.session().bare(), oic.id());
              announcements.changing(OwnLinks.RES);
            });
  }

  /** Without the gateway's own session nobody tells who is there. */
  private void sessionChanged(SessionEvent event) {
    if (event.role() == SessionRole.GATEWAY) {
      if (event.state() != SessionEvent.State.ONLINE) {
        remoteLinks.forget(event.jid().bare());
      }
      announcements.changing(OwnLinks.RES);
    }
  }
}
