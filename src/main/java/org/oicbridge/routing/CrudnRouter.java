package org.oicbridge.routing;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;
import org.oicbridge.bus.Contracts;
import org.oicbridge.config.RoutingConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a CRUDN request to the edge that holds its target, if it may go there. */
final class CrudnRouter {
  private static final Logger LOG = LoggerFactory.getLogger(CrudnRouter.class);

  private static final String RETRY_AFTER = "Retry-After";

  private final RoutingConfig config;
  private final Accounts accounts;
  private final Routes routes;
  private final Denials denials = new Denials(System::nanoTime);
  private boolean overloaded;

  CrudnRouter(RoutingConfig config, Accounts accounts, Routes routes) {
    this.config = config;
    this.accounts = accounts;
    this.routes = routes;
  }

  /** From now on refuses everything, or no more. */
  void overloaded(boolean refusing) {
    overloaded = refusing;
  }

  /** Asks the target once. */
  Future<CrudnResponse> route(CrudnRequest request) {
    return admit(request, account -> routes.of(account, request).ask(request));
  }

  /** Does something for a request that may be made; says why when it may not. */
  Future<CrudnResponse> admit(
      CrudnRequest request, Function<Account, Future<CrudnResponse>> action) {
    Timer.Sample sample = Timer.start();
    return answer(request, action)
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

  private Future<CrudnResponse> answer(
      CrudnRequest request, Function<Account, Future<CrudnResponse>> action) {
    Optional<Account> found = accounts.find(request.account());
    if (found.isEmpty()) {
      return Future.succeededFuture(Routes.unknown(request));
    }
    if (overloaded) {
      return failed(Status.UNAVAILABLE, "overloaded", "the gateway is short of memory")
          .map(response -> response.with(RETRY_AFTER, "5"));
    }
    Account account = found.get();
    if (!AccessRules.mayRequest(account.config(), request)) {
      denials.tell(request);
      return Future.succeededFuture(denied(request));
    }
    if (!account.enter(config.inFlightPerAccount())) {
      return failed(
              Status.TOO_MANY_REQUESTS,
              "too-many-in-flight",
              "the account has " + config.inFlightPerAccount() + " requests in flight already")
          .map(response -> response.with(RETRY_AFTER, "1"));
    }
    return action.apply(account).otherwise(Contracts::failure).onComplete(done -> account.leave());
  }

  /** What is answered to whoever may not do this. */
  static CrudnResponse denied(CrudnRequest request) {
    return CrudnResponse.failed(
        Status.FORBIDDEN,
        "access-denied",
        request.requester() + " may not " + request.operation().method() + " on this device");
  }

  private static Future<CrudnResponse> failed(Status status, String type, String detail) {
    return Future.succeededFuture(CrudnResponse.failed(status, type, detail));
  }
}
