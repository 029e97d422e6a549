package org.oicbridge.oic;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import java.util.function.BiFunction;
import org.oicbridge.bus.AccountOutcome;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.bus.Provision;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Right;
import org.oicbridge.crudn.Status;

/** What the two resources of an account have in common: who may, whose account, how it is told. */
final class Provisioning {
  private final EventBus bus;
  private final OwnAccounts accounts;

  /** Reads what is to be set, or null when that is nothing. */
  interface Reader {
    Provision read(Members members, AccountView now);
  }

  Provisioning(EventBus bus, OwnAccounts accounts) {
    this.bus = bus;
    this.accounts = accounts;
  }

  /**
   * Answers with the representation.
   *
   * @param account the account in the path, or null for the default one
   * @param writer writes a representation, with the common properties or without
   * @param rights one of which the caller needs
   */
  Future<CrudnResponse> retrieve(
      OwnRequest own,
      Jid account,
      BiFunction<AccountView, Boolean, JsonObject> writer,
      Right... rights) {
    Access.requireIdentity(own.caller());
    String chosen = OwnQuery.of(own.request().path()).choose(OwnLinks.PROVISIONING_INTERFACES);
    return accounts
        .of(own.caller(), account, own.request().deadline())
        .map(
            view -> {
              Access.requireAny(own.caller(), rights);
              return answer(writer.apply(view, chosen.equals(OwnQuery.BASELINE)));
            });
  }

  /**
   * Sets what the body has and answers with the representation that follows. The specification
   * names a read-only interface for this (oic.if.s), so any interface of the resource will do.
   */
  Future<CrudnResponse> update(
      OwnRequest own,
      Jid account,
      Reader reader,
      BiFunction<AccountView, Boolean, JsonObject> writer) {
    Access.requireSecure(own.caller());
    CrudnRequest request = own.request();
    OwnQuery.of(request.path()).choose(OwnLinks.PROVISIONING_INTERFACES);
    return accounts
        .of(own.caller(), account, request.deadline())
        .compose(
            view -> {
              Access.requireAny(own.caller(), Right.PROVISION);
              Provision provision = reader.read(Members.of(request), view);
              return provision == null
                  ? Future.succeededFuture(view)
                  : Contracts.PROVISION
                      .request(bus, Contracts.HOME, provision, request.deadline())
                      .map(Provisioning::done);
            })
        .map(view -> answer(writer.apply(view, false)));
  }

  private static AccountView done(AccountOutcome outcome) {
    if (outcome.problem() != null) {
      throw Refusal.of(outcome.status(), outcome.problem());
    }
    return outcome.account();
  }

  private static CrudnResponse answer(JsonObject body) {
    return CrudnResponse.answered(Status.OK, Headers.NONE, body.encode());
  }
}
