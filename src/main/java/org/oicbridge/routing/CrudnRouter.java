package org.oicbridge.routing;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;
import java.util.Optional;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceRequest;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.RemoteRequest;
import org.oicbridge.config.RoutingConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnRequest.Via;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a CRUDN request to the edge that holds its target, if it may go there. */
final class CrudnRouter {
  private static final Logger LOG = LoggerFactory.getLogger(CrudnRouter.class);

  /**
   * How much longer than the request itself the bus waits. The edge that holds the device answers
   * at the deadline and knows why; the bus only catches an edge that died.
   */
  private static final Duration GRACE = Duration.ofMillis(250);

  private static final String RETRY_AFTER = "Retry-After";

  private final EventBus bus;
  private final int shard;
  private final RoutingConfig config;
  private final Accounts accounts;

  CrudnRouter(EventBus bus, int shard, RoutingConfig config, Accounts accounts) {
    this.bus = bus;
    this.shard = shard;
    this.config = config;
    this.accounts = accounts;
  }

  Future<CrudnResponse> route(CrudnRequest request) {
    Timer.Sample sample = Timer.start();
    return answer(request)
        .onSuccess(
            response -> {
              sample.stop(
                  Metrics.timer(
                      "oicgw.router.requests",
                      "operation",
                      request.operation().method(),
                      "outcome",
                      outcome(response)));
              LOG.debug(
                  "{} {} {} of {}: {}",
                  request.operation().method(),
                  request.path(),
                  request.target(),
                  request.account(),
                  outcome(response));
            });
  }

  private static String outcome(CrudnResponse response) {
    return response.problem() == null
        ? response.status().code() / 100 + "xx"
        : response.problem().type();
  }

  private Future<CrudnResponse> answer(CrudnRequest request) {
    Optional<Account> found = accounts.find(request.account());
    if (found.isEmpty()) {
      return unknown(request);
    }
    Account account = found.get();
    if (!AccessRules.mayRequest(account.config(), request)) {
      return failed(
          Status.FORBIDDEN,
          "access-denied",
          request.requester() + " may not " + request.operation().method() + " on this device");
    }
    if (!account.enter(config.inFlightPerAccount())) {
      return failed(
              Status.TOO_MANY_REQUESTS,
              "too-many-in-flight",
              "the account has " + config.inFlightPerAccount() + " requests in flight already")
          .map(response -> response.with(RETRY_AFTER, "1"));
    }
    return forward(account, request)
        .otherwise(Contracts::failure)
        .onComplete(done -> account.leave());
  }

  private Future<CrudnResponse> forward(Account account, CrudnRequest request) {
    if (request.via() == Via.HOSTED && account.isGateway(request.target())) {
      return Contracts.OWN_DEVICE.request(
          bus, Contracts.HOME, OwnRequests.of(account.config(), request), withGrace(request));
    }
    DeviceView view = account.view(request.target());
    Account.Hosted hosted = account.hosted(request.target());
    if (hosted != null && request.via() != Via.XMPP) {
      return Contracts.DEVICE.request(
          bus, shard, new DeviceRequest(hosted.device, request), withGrace(request));
    }
    if (view == null || request.via() == Via.HOSTED) {
      return unknown(request);
    }
    return remote(account, view, request);
  }

  private Future<CrudnResponse> remote(Account account, DeviceView view, CrudnRequest request) {
    if (!account.session().online()) {
      return unavailable(
          "account-offline", "the gateway has no session for " + account.config().jid());
    }
    if (view.state() != DeviceView.State.ONLINE) {
      return unavailable("device-offline", view.di() + " is not online");
    }
    Jid session = account.session().jid();
    return Contracts.REMOTE.request(
        bus, shard, new RemoteRequest(session, view.jid(), request), withGrace(request));
  }

  private static Deadline withGrace(CrudnRequest request) {
    return request.deadline().later(GRACE);
  }

  private static Future<CrudnResponse> unknown(CrudnRequest request) {
    return failed(
        Status.NOT_FOUND,
        "device-unknown",
        "no device " + request.target() + " is known for " + request.account());
  }

  private static Future<CrudnResponse> unavailable(String type, String detail) {
    return failed(Status.UNAVAILABLE, type, detail)
        .map(response -> response.with(RETRY_AFTER, "5"));
  }

  private static Future<CrudnResponse> failed(Status status, String type, String detail) {
    return Future.succeededFuture(CrudnResponse.failed(status, type, detail));
  }
}
