package org.oicbridge.http;

import io.vertx.core.eventbus.EventBus;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.oicbridge.bus.AccountOutcome;
import org.oicbridge.bus.AccountQuery;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeleteAccount;
import org.oicbridge.bus.Precondition;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Jid;

/** The list of accounts and its entries. */
final class AccountsRoutes {
  private static final String LIST = "/api/v1/accounts";
  private static final String PREFIX = LIST + "/";

  private final EventBus bus;
  private final Duration deadline;
  private final boolean tokenConfigured;
  private final WriteBody bodies;

  AccountsRoutes(EventBus bus, Duration deadline, boolean tokenConfigured, WriteBody bodies) {
    this.bus = bus;
    this.deadline = deadline;
    this.tokenConfigured = tokenConfigured;
    this.bodies = bodies;
  }

  void mount(Router router) {
    new Endpoint(LIST).on(HttpMethod.GET, this::list).mount(router, LIST);
    String path = PREFIX + ":jid";
    new Endpoint(PREFIX + "{jid}")
        .on(HttpMethod.GET, this::one)
        .on(HttpMethod.PUT, this::put)
        .on(HttpMethod.DELETE, this::delete)
        .mount(router, path);
    bodies.mount(router, path);
  }

  private void list(RoutingContext context) {
    Accept.requireJson(context.request().headers());
    QueryParameters parameters = Parameters.of(context, Set.of("limit", "cursor"));
    int limit = Parameters.limit(parameters);
    String after = parameters.get("cursor").map(Cursor::account).orElse(null);
    // One more than the page has room for tells whether another page follows.
    Contracts.ACCOUNTS
        .request(
            bus, Contracts.HOME, new AccountQuery(null, after, limit + 1), Deadline.in(deadline))
        .onSuccess(found -> JsonAnswer.send(context, 200, page(found.accounts(), limit)))
        .onFailure(context::fail);
  }

  private static JsonObject page(List<AccountView> accounts, int limit) {
    List<AccountView> shown = accounts.subList(0, Math.min(limit, accounts.size()));
    JsonArray array = new JsonArray();
    shown.forEach(account -> array.add(AccountJson.write(account)));
    JsonObject page = new JsonObject().put("accounts", array);
    if (accounts.size() > limit) {
      Jid last = shown.get(shown.size() - 1).jid();
      page.put("next", Cursor.ofAccount(last == null ? "" : last.toString()));
    }
    return page;
  }

  private void one(RoutingContext context) {
    Jid jid = account(context);
    Contracts.ACCOUNTS
        .request(bus, Contracts.HOME, new AccountQuery(jid, null, 1), Deadline.in(deadline))
        .map(
            found -> {
              if (found.accounts().isEmpty()) {
                throw new Refusal(404, "account-unknown", "there is no account " + jid);
              }
              AccountView account = found.accounts().get(0);
              JsonAnswer.sendVersion(context, AccountJson.write(account), account.version());
              return null;
            })
        .onFailure(context::fail);
  }

  private void put(RoutingContext context) {
    requireToken();
    JsonBodies.requireType(context.request().headers());
    Jid jid = account(context);
    Precondition precondition = Preconditions.of(context.request().headers());
    Deadline until = Deadline.in(deadline);
    WriteBody.await(
        context,
        until,
        body ->
            Contracts.PROVISION
                .request(bus, Contracts.HOME, AccountJson.read(body, jid, precondition), until)
                .onSuccess(outcome -> changed(context, jid, outcome))
                .onFailure(context::fail));
  }

  private static void changed(RoutingContext context, Jid jid, AccountOutcome outcome) {
    if (outcome.problem() != null) {
      JsonAnswer.refuse(context, outcome.status(), outcome.problem());
      return;
    }
    JsonAnswer.sendChanged(
        context,
        outcome.status(),
        AccountJson.write(outcome.account()),
        outcome.account().version(),
        PREFIX + URLEncoder.encode(jid.toString(), StandardCharsets.UTF_8));
  }

  private void delete(RoutingContext context) {
    requireToken();
    Jid jid = account(context);
    Precondition precondition = Preconditions.of(context.request().headers());
    Contracts.DELETE_ACCOUNT
        .request(bus, Contracts.HOME, new DeleteAccount(jid, precondition), Deadline.in(deadline))
        .onSuccess(
            outcome -> {
              if (outcome.problem() != null) {
                JsonAnswer.refuse(context, outcome.status(), outcome.problem());
              } else {
                JsonAnswer.sendNothing(context);
              }
            })
        .onFailure(context::fail);
  }

  /** What every request for one account has in common. */
  private static Jid account(RoutingContext context) {
    Accept.requireJson(context.request().headers());
    Jid jid = Parameters.user(context);
    context.put(Problems.ACCOUNT, jid);
    Parameters.of(context, Set.of());
    return jid;
  }

  /** Whoever sets an account can send all its devices elsewhere, so loopback is not enough. */
  private void requireToken() {
    if (!tokenConfigured) {
      throw new Refusal(
          403,
          "token-not-configured",
          "accounts are written with a bearer token only; set http.token in the configuration");
    }
  }
}
