package org.oicbridge.oic;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.ObserveOwn;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.bus.Subscribe;
import org.oicbridge.bus.Unsubscribe;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Right;
import org.oicbridge.crudn.Status;

/**
 * {@code /devices/{di}/...}: the resources of the devices that the caller's account has, wherever
 * they are. The account alone says which devices there are; nothing in the request names a place.
 */
final class ForwardedResource implements OwnResource {
  /** The first segment of the paths of such resources. */
  static final String DEVICES = "devices";

  /** The router ends the request at its deadline and says why; the bus only watches the router. */
  static final Duration GRACE = Duration.ofMillis(500);

  private static final Pattern AUTHORITY = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://[^/?]*");
  private static final String OBSERVE = "Observe";
  private static final String LOCATION = "Location";

  private final EventBus bus;
  private final int shards;
  private final OwnAccounts accounts;
  private final Gateways gateways;

  /** Whose devices are observed, by the name of the subscription. */
  private final Map<String, Jid> observed = new HashMap<>();

  ForwardedResource(EventBus bus, int shards, OwnAccounts accounts, Gateways gateways) {
    this.bus = bus;
    this.shards = shards;
    this.accounts = accounts;
    this.gateways = gateways;
  }

  /**
   * Whether devices are there at all for who asks. They are not for who comes over XMPP, who
   * reaches them without the gateway, and could send a request in a circle; nor for a group.
   */
  static boolean shownTo(OwnRequest own) {
    return own.source() != null && !own.multicast();
  }

  @Override
  public String methods() {
    return "GET, PUT, POST, DELETE";
  }

  @Override
  public boolean observable() {
    return false;
  }

  @Override
  public Future<CrudnResponse> answer(OwnRequest own) {
    return answer(own, this::forward);
  }

  /** The same for one who wants to be told of what the device's resource becomes. */
  Future<CrudnResponse> observe(ObserveOwn wish) {
    String name = wish.subscription();
    return answer(wish.ask(), request -> subscribe(request, name))
        .map(answer -> observed.containsKey(name) ? answer.with(OBSERVE, "0") : answer);
  }

  /** Ends what was begun by {@link #observe}. */
  void forget(String subscription) {
    Jid account = observed.remove(subscription);
    if (account != null) {
      unsubscribe(account, subscription);
    }
  }

  private Future<CrudnResponse> answer(
      OwnRequest own, Function<CrudnRequest, Future<CrudnResponse>> action) {
    CrudnRequest asked = own.request();
    Access.requireIdentity(own.caller());
    Access.requireAny(
        own.caller(), asked.operation() == Operation.RETRIEVE ? Right.READ : Right.ACT);
    DeviceId di = device(asked.path().segments().get(1));
    ResourcePath path =
        new ResourcePath(
            asked.path().segments().subList(2, asked.path().segments().size()),
            asked.path().query());
    return accounts
        .own(own.caller(), asked.deadline())
        .compose(
            account -> {
              Jid jid = account.map(AccountView::served).orElseThrow(() -> unknown(di.text()));
              return find(asked, jid, di)
                  .compose(
                      device -> {
                        gateways.require(own.caller(), device);
                        return action.apply(request(asked, jid, di, path));
                      });
            })
        .map(answer -> outwards(answer, di));
  }

  private static DeviceId device(String text) {
    try {
      return new DeviceId(text);
    } catch (IllegalArgumentException e) {
      throw unknown(text);
    }
  }

  private static Refusal unknown(String di) {
    return new Refusal(
        Status.NOT_FOUND, "device-unknown", "the account has no device \"" + di + '"');
  }

  private Future<DeviceView> find(CrudnRequest asked, Jid account, DeviceId di) {
    DeviceQuery query = new DeviceQuery(account, di, null, null, null, null, 1);
    return Contracts.DEVICES
        .request(bus, shard(account), query, asked.deadline())
        .map(list -> list.devices().stream().findFirst().orElseThrow(() -> unknown(di.text())));
  }

  private static CrudnRequest request(
      CrudnRequest asked, Jid account, DeviceId di, ResourcePath path) {
    return new CrudnRequest(
        account,
        di,
        asked.operation(),
        path,
        asked.headers().without(OBSERVE),
        asked.body(),
        account,
        CrudnRequest.Via.SHORTEST,
        asked.deadline());
  }

  private Future<CrudnResponse> forward(CrudnRequest request) {
    return Contracts.CRUDN.request(
        bus, shard(request.account()), request, request.deadline().later(GRACE));
  }

  private Future<CrudnResponse> subscribe(CrudnRequest request, String name) {
    observed.put(name, request.account());
    return Contracts.SUBSCRIBE
        .request(
            bus,
            shard(request.account()),
            new Subscribe(request, name),
            request.deadline().later(GRACE))
        .onFailure(error -> forget(name))
        .onSuccess(answer -> subscribed(request.account(), name, answer));
  }

  private void subscribed(Jid account, String name, CrudnResponse answer) {
    boolean lasting = answer.headers().get(OBSERVE).isPresent();
    if (!lasting) {
      observed.remove(name);
    } else if (!observed.containsKey(name)) {
      // Forgotten before the router had it.
      unsubscribe(account, name);
    }
  }

  private void unsubscribe(Jid account, String name) {
    Contracts.UNSUBSCRIBE.request(
        bus, shard(account), new Unsubscribe(account, name), Deadline.in(GRACE));
  }

  private int shard(Jid account) {
    return Contracts.shardOf(account, shards);
  }

  private static CrudnResponse outwards(CrudnResponse answer, DeviceId di) {
    Headers headers = answer.headers().without(OBSERVE).without(LOCATION);
    Optional<String> location =
        answer.headers().get(LOCATION).flatMap(device -> located(device, di));
    if (location.isPresent()) {
      headers = headers.with(LOCATION, location.get());
    }
    return new CrudnResponse(answer.status(), headers, answer.body(), answer.problem());
  }

  /**
   * Where the gateway has what a device's {@code Location} names. Its authority says nothing: the
   * device can only have created something on itself.
   */
  private static Optional<String> located(String location, DeviceId di) {
    try {
      ResourcePath created = ResourcePath.parse(AUTHORITY.matcher(location).replaceFirst(""));
      return Optional.of(under(di, created))
          .filter(text -> text.length() <= ResourcePath.MAX_LENGTH);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The path and query that a resource of a device has here. */
  static String under(DeviceId di, ResourcePath path) {
    List<String> segments = new ArrayList<>(List.of(DEVICES, di.text()));
    segments.addAll(path.segments());
    return new ResourcePath(segments, path.query()).toString();
  }
}
