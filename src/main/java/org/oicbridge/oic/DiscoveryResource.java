package org.oicbridge.oic;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Directory;
import org.oicbridge.bus.DirectoryQuery;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.Right;
import org.oicbridge.crudn.Status;

/**
 * {@code /oic/res}: what the gateway has and, for those who may read, what the devices of their
 * account have published, and which are remote.
 */
final class DiscoveryResource implements OwnResource {
  private final EventBus bus;
  private final OwnAccounts accounts;
  private final OwnLinks own;
  private final RemoteDevices remote;
  private final String name;

  /**
   * Makes the resource.
   *
   * @param name of the gateway, for people
   */
  DiscoveryResource(
      EventBus bus, OwnAccounts accounts, OwnLinks own, RemoteDevices remote, String name) {
    this.bus = bus;
    this.accounts = accounts;
    this.own = own;
    this.remote = remote;
    this.name = name;
  }

  @Override
  public String methods() {
    return "GET";
  }

  @Override
  public boolean observable() {
    return true;
  }

  @Override
  public Future<CrudnResponse> answer(OwnRequest request) {
    OwnQuery query = OwnQuery.of(request.request().path());
    // Before anybody else is asked: a bad query is refused for its own sake.
    query.interfaceName();
    Future<DeviceLinks> gateway = gateway(request);
    Future<List<DeviceLinks>> published = published(request);
    Future<List<DeviceLinks>> away = remote.of(request, query);
    return Future.all(gateway, published, away)
        .map(
            done -> {
              List<DeviceLinks> all = new ArrayList<>(List.of(gateway.result()));
              all.addAll(published.result());
              all.addAll(away.result());
              return answer(request, query, all);
            });
  }

  private CrudnResponse answer(OwnRequest request, OwnQuery query, List<DeviceLinks> all) {
    List<DeviceLinks> matching =
        all.stream()
            .filter(device -> any(query.values("di"), device.di().text()))
            .map(device -> device.only(wanted(query)))
            .filter(device -> !device.links().isEmpty())
            .toList();
    if (matching.isEmpty()) {
      throw new Refusal(Status.NOT_FOUND, "no-match", "no resource matches the query");
    }
    boolean baseline = query.interfaceName().filter(OwnQuery.BASELINE::equals).isPresent();
    JsonObject resource =
        new JsonObject()
            .put("n", name)
            .put("rt", new JsonArray().add("oic.wk.res"))
            .put("if", new JsonArray(OwnLinks.RES_INTERFACES));
    JsonArray body =
        LinkForms.write(
            request.form(),
            OwnLinks.RES,
            request.request().target(),
            matching,
            baseline ? resource : null);
    return CrudnResponse.answered(Status.OK, Headers.NONE, body.encode());
  }

  /** An interface of this resource chooses the form of the list; any other one, what is in it. */
  private static Predicate<Link> wanted(OwnQuery query) {
    List<String> types = query.values("rt");
    String chosen = query.interfaceName().orElse(OwnQuery.BASELINE);
    boolean filter = !OwnLinks.RES_INTERFACES.contains(chosen);
    return link ->
        (types.isEmpty() || link.rt().stream().anyMatch(types::contains))
            && (!filter || link.interfaces().contains(chosen));
  }

  private static boolean any(List<String> wanted, String value) {
    return wanted.isEmpty() || wanted.stream().anyMatch(value::equalsIgnoreCase);
  }

  private Future<DeviceLinks> gateway(OwnRequest request) {
    return provisioning(request.caller(), request)
        .map(
            pair -> {
              List<Link> links = new ArrayList<>(own.common(request.source()));
              links.addAll(pair);
              return new DeviceLinks(request.request().target(), name, null, links);
            });
  }

  /** A stranger sees where the default account is set, or it could never be set up. */
  private Future<List<Link>> provisioning(Caller caller, OwnRequest request) {
    if (caller.account() == null) {
      return Future.succeededFuture(own.provisioning(null, request.source()));
    }
    return accounts
        .own(caller, request.request().deadline())
        .map(
            found -> {
              if (found.isEmpty()) {
                return List.of();
              }
              Jid account =
                  found.filter(AccountView::standard).isPresent() ? null : caller.account();
              return own.provisioning(account, request.source());
            });
  }

  private Future<List<DeviceLinks>> published(OwnRequest request) {
    if (!request.caller().may(Right.READ)) {
      return Future.succeededFuture(List.of());
    }
    CrudnRequest asked = request.request();
    return Contracts.DIRECTORY
        .request(
            bus, Contracts.HOME, new DirectoryQuery(request.caller().account()), asked.deadline())
        .map(directory -> directory.entries().stream().map(DiscoveryResource::device).toList());
  }

  private static DeviceLinks device(Directory.Entry entry) {
    String name = entry.name() == null ? "" : entry.name();
    List<Link> discoverable =
        entry.links().stream().filter(link -> (link.policy() & Link.DISCOVERABLE) != 0).toList();
    return new DeviceLinks(entry.di(), name, entry.endpoint(), discoverable);
  }
}
