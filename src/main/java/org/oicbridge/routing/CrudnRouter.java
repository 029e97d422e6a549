package org.oicbridge.routing;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.oicbridge.bus.Contracts;
import org.oicbridge.config.RoutingConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Operation;
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
  private final Map<Kind, Timer> timers = new HashMap<>();
  private boolean overloaded;

  private record Kind(Operation operation, String edge, String outcome) {}

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
    return admit(request, (account, route) -> route.ask(request));
  }

  /**
   * Does something for a request that may be made; says why when it may not.
   *
   * @param action gets the account and where the request would go now
   */
  Future<CrudnResponse> admit(
      CrudnRequest request, BiFunction<Account, Route, Future<CrudnResponse>> action) {
    long began = System.nanoTime();
    Account account = accounts.find(request.account()).orElse(null);
    CrudnResponse refusal = refusal(request, account);
    if (refusal != null) {
      answered(request, Route.NOWHERE, refusal, began);
      return Future.succeededFuture(refusal);
    }
    Route route = routes.of(account, request);
    return action
        .apply(account, route)
        .otherwise(Contracts::failure)
        .onComplete(done -> account.leave())
        .onSuccess(response -> answered(request, route.edge(), response, began));
  }

  private void answered(CrudnRequest request, String edge, CrudnResponse response, long began) {
    String outcome = outcome(response);
    timers
        .computeIfAbsent(new Kind(request.operation(), edge, outcome), CrudnRouter::timer)
        .record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
    LOG.debug(
        "{} {} {} of {}: {}",
        request.operation().method(),
        request.path(),
        request.target(),
        request.account(),
        outcome);
  }

  private static Timer timer(Kind kind) {
    return Metrics.timer(
        "oicgw.router.requests",
        "operation",
        kind.operation.method(),
        "edge",
        kind.edge,
        "outcome",
        kind.outcome);
  }

  private static String outcome(CrudnResponse response) {
    return response.problem() == null
        ? response.status().code() / 100 + "xx"
        : response.problem().type();
  }

  /** Why a request is not made, or null; then it counts as one in flight. */
  private CrudnResponse refusal(CrudnRequest request, Account account) {
    if (account == null) {
      return Routes.unknown(request);
    }
    if (overloaded) {
      return CrudnResponse.failed(
              Status.UNAVAILABLE, "overloaded", "the gateway is short of memory")
          .with(RETRY_AFTER, "5");
    }
    if (!AccessRules.mayRequest(account.config(), request)) {
      denials.tell(request);
      return denied(request);
    }
    if (!account.enter(config.inFlightPerAccount())) {
      return CrudnResponse.failed(
              Status.TOO_MANY_REQUESTS,
              "too-many-in-flight",
              "the account has " + config.inFlightPerAccount() + " requests in flight already")
          .with(RETRY_AFTER, "1");
    }
    return null;
  }

  /** What is answered to whoever may not do this. */
  static CrudnResponse denied(CrudnRequest request) {
    return CrudnResponse.failed(
        Status.FORBIDDEN,
        "access-denied",
        request.requester() + " may not " + request.operation().method() + " on this device");
  }
}
