package org.oicbridge.oic;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Right;

/**
 * The remote devices of the caller's account that are online, as {@code /oic/res} lists them: each
 * under its own identifier, and with the gateway as the place where it is reached.
 */
final class RemoteDevices {
  /** A list that a constrained client still can read, and that stays below coap.maxBody. */
  static final int MAX_DEVICES = 500;

  /** Of all devices together, beyond the one that each of them has. */
  static final int MAX_LINKS = 500;

  private static final ResourcePath DEVICE = ResourcePath.parse(OwnLinks.DEVICE);

  private final EventBus bus;
  private final int shards;
  private final OwnAccounts accounts;
  private final OwnLinks own;
  private final RemoteLinks links;
  private final Gateways gateways;

  RemoteDevices(
      EventBus bus,
      int shards,
      OwnAccounts accounts,
      OwnLinks own,
      RemoteLinks links,
      Gateways gateways) {
    this.bus = bus;
    this.shards = shards;
    this.accounts = accounts;
    this.own = own;
    this.links = links;
    this.gateways = gateways;
  }

  /** Those that who asks may know of. */
  Future<List<DeviceLinks>> of(OwnRequest request, OwnQuery query) {
    if (!request.caller().may(Right.READ) || !ForwardedResource.shownTo(request)) {
      return Future.succeededFuture(List.of());
    }
    return accounts
        .own(request.caller(), request.request().deadline())
        .map(account -> account.map(AccountView::served))
        .compose(
            account ->
                account
                    .map(jid -> search(request, query, jid))
                    .orElseGet(() -> Future.succeededFuture(List.of())));
  }

  private Future<List<DeviceLinks>> search(OwnRequest request, OwnQuery query, Jid account) {
    CrudnRequest asked = request.request();
    DeviceQuery question =
        new DeviceQuery(
            account,
            one(query).orElse(null),
            null,
            DeviceView.Origin.REMOTE,
            DeviceView.State.ONLINE,
            null,
            MAX_DEVICES);
    return Contracts.DEVICES
        .request(bus, Contracts.shardOf(account, shards), question, asked.deadline())
        .map(list -> list(list.devices(), request));
  }

  /** The identifier when the query names one alone; then the others need not be looked through. */
  private static Optional<DeviceId> one(OwnQuery query) {
    List<String> ids = query.values("di");
    try {
      return ids.size() == 1 ? Optional.of(new DeviceId(ids.get(0))) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private List<DeviceLinks> list(List<DeviceView> views, OwnRequest request) {
    List<DeviceLinks> all = new ArrayList<>();
    int room = MAX_LINKS;
    for (DeviceView view : views) {
      if (!gateways.shows(request.caller(), view)) {
        continue;
      }
      List<Link> own = links(view, request.source());
      int size = Math.min(own.size(), room + 1);
      room -= size - 1;
      all.add(new DeviceLinks(view.di(), view.name(), null, own.subList(0, size)));
    }
    return all;
  }

  private List<Link> links(DeviceView view, InetSocketAddress reader) {
    List<String> types = new ArrayList<>(List.of("oic.wk.d"));
    types.addAll(view.rt());
    List<Link> all = new ArrayList<>();
    all.add(
        own.forwarded(
            ForwardedResource.under(view.di(), DEVICE), types, OwnLinks.READ_INTERFACES, reader));
    for (Link link : links.of(view.account(), view.di())) {
      String href = ForwardedResource.under(view.di(), ResourcePath.parse(link.href()));
      all.add(own.forwarded(href, link.rt(), link.interfaces(), reader));
    }
    return all;
  }
}
