package org.oicbridge.routing;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.Objects;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceRequest;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.ForgetObservation;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.ObserveDevice;
import org.oicbridge.bus.ObserveRemote;
import org.oicbridge.bus.RemoteRequest;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnRequest.Via;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Status;

/** Finds the edge that holds the target of a request. */
final class Routes {
  /**
   * How much longer than the request itself the bus waits. The edge that holds the device answers
   * at the deadline and knows why; the bus only catches an edge that died.
   */
  private static final Duration GRACE = Duration.ofMillis(250);

  private final EventBus bus;
  private final int shard;

  Routes(EventBus bus, int shard) {
    this.bus = bus;
    this.shard = shard;
  }

  /** Where a request of an account goes, as things are now. */
  Route of(Account account, CrudnRequest request) {
    if (request.via() == Via.HOSTED && account.isGateway(request.target())) {
      return new Own(bus, account.config());
    }
    DeviceView view = account.view(request.target());
    Account.Hosted hosted = account.hosted(request.target());
    if (hosted != null && request.via() != Via.XMPP) {
      return new Coap(bus, shard, hosted.device);
    }
    if (view == null || request.via() == Via.HOSTED) {
      return new Route.Nowhere(unknown(request));
    }
    // A session of ours is reached whether or not others see it; its device may answer again.
    boolean there = hosted == null ? view.state() == DeviceView.State.ONLINE : hosted.online;
    return remote(account, view, there);
  }

  private Route remote(Account account, DeviceView view, boolean there) {
    if (!account.session().online()) {
      return unavailable(
          "account-offline", "the gateway has no session for " + account.config().jid());
    }
    if (!there) {
      return unavailable("device-offline", view.di() + " is not online");
    }
    return new Xmpp(bus, shard, account.session().jid(), view.jid());
  }

  /** What is answered when nobody has the target. */
  static CrudnResponse unknown(CrudnRequest request) {
    return CrudnResponse.failed(
        Status.NOT_FOUND,
        "device-unknown",
        "no device " + request.target() + " is known for " + request.account());
  }

  private static Route unavailable(String type, String detail) {
    return new Route.Nowhere(
        CrudnResponse.failed(Status.UNAVAILABLE, type, detail).with("Retry-After", "5"));
  }

  private static Deadline withGrace(CrudnRequest request) {
    return request.deadline().later(GRACE);
  }

  /** To the gateway itself, which tells by {@link Contracts#OWN_CHANGED} what has changed. */
  private record Own(EventBus bus, AccountConfig account) implements Route {
    @Override
    public String edge() {
      return "own";
    }

    @Override
    public Future<CrudnResponse> ask(CrudnRequest request) {
      return Contracts.OWN_DEVICE.request(
          bus, Contracts.HOME, OwnRequests.of(account, request), withGrace(request));
    }

    @Override
    public Future<CrudnResponse> observe(CrudnRequest request, String observation) {
      return ask(request);
    }

    @Override
    public void forget(String observation) {}

    @Override
    public boolean sameAs(Route other) {
      return other instanceof Own;
    }

    @Override
    public boolean personal() {
      return true;
    }
  }

  private record Coap(EventBus bus, int shard, HostedDevice device) implements Route {
    @Override
    public String edge() {
      return "coap";
    }

    @Override
    public Future<CrudnResponse> ask(CrudnRequest request) {
      return Contracts.DEVICE.request(
          bus, shard, new DeviceRequest(device, request), withGrace(request));
    }

    @Override
    public Future<CrudnResponse> observe(CrudnRequest request, String observation) {
      return Contracts.OBSERVE_DEVICE.request(
          bus,
          shard,
          new ObserveDevice(new DeviceRequest(device, request), observation),
          withGrace(request));
    }

    @Override
    public void forget(String observation) {
      Contracts.FORGET_DEVICE.request(
          bus, shard, new ForgetObservation(observation), Deadline.in(GRACE));
    }

    @Override
    public boolean sameAs(Route other) {
      // The name and the version of a registration change without the device being another one.
      return other instanceof Coap that
          && device.endpoint().equals(that.device.endpoint())
          && Objects.equals(device.key(), that.device.key());
    }
  }

  private record Xmpp(EventBus bus, int shard, Jid session, Jid peer) implements Route {
    @Override
    public String edge() {
      return "xmpp";
    }

    @Override
    public Future<CrudnResponse> ask(CrudnRequest request) {
      return Contracts.REMOTE.request(
          bus, shard, new RemoteRequest(session, peer, request), withGrace(request));
    }

    @Override
    public Future<CrudnResponse> observe(CrudnRequest request, String observation) {
      return Contracts.OBSERVE_REMOTE.request(
          bus,
          shard,
          new ObserveRemote(new RemoteRequest(session, peer, request), observation),
          withGrace(request));
    }

    @Override
    public void forget(String observation) {
      Contracts.FORGET_REMOTE.request(
          bus, shard, new ForgetObservation(observation), Deadline.in(GRACE));
    }

    @Override
    public boolean sameAs(Route other) {
      return equals(other);
    }
  }
}
