package org.oicbridge.oic;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.bus.PublishOutcome;
import org.oicbridge.config.AddressPrefix;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Right;
import org.oicbridge.crudn.Status;

/** {@code /oic/rd}: where devices publish themselves (OIC Core, resource directory). */
final class DirectoryResource implements OwnResource {
  /** How much this directory wants to be chosen, 0 to 100: neither the last resort nor the best. */
  private static final int SELECTION = 50;

  private final EventBus bus;
  private final List<AddressPrefix> prefixes;

  /**
   * Makes the resource.
   *
   * @param prefixes where published endpoints may be beside the publisher's own address
   */
  DirectoryResource(EventBus bus, List<AddressPrefix> prefixes) {
    this.bus = bus;
    this.prefixes = prefixes;
  }

  @Override
  public String methods() {
    return "GET, POST, DELETE";
  }

  @Override
  public boolean observable() {
    return false;
  }

  @Override
  public Future<CrudnResponse> answer(OwnRequest own) {
    Access.requireIdentity(own.caller());
    return switch (own.request().operation()) {
      case RETRIEVE -> select(own);
      case DELETE -> withdraw(own);
      default -> publish(own);
    };
  }

  private static Future<CrudnResponse> select(OwnRequest own) {
    Access.requireAny(own.caller(), Right.READ, Right.PUBLISH);
    OwnQuery.of(own.request().path()).choose(OwnLinks.DIRECTORY_INTERFACES);
    JsonObject body =
        new JsonObject()
            .put("rt", new JsonArray().add("oic.wk.rd"))
            .put("if", new JsonArray(OwnLinks.DIRECTORY_INTERFACES))
            .put("sel", SELECTION);
    return Future.succeededFuture(CrudnResponse.answered(Status.OK, Headers.NONE, body.encode()));
  }

  private Future<CrudnResponse> publish(OwnRequest own) {
    Caller caller = own.caller();
    Access.requireAny(caller, Right.PUBLISH);
    CrudnRequest request = own.request();
    OwnQuery query = OwnQuery.of(request.path());
    query.choose(OwnLinks.DIRECTORY_INTERFACES);
    // Later stacks leave the type out, since there is nothing else to be posted here.
    for (String type : query.values("rt")) {
      if (!type.equals("oic.wk.rdpub") && !type.equals("oic.wk.rd")) {
        throw Refusal.parameter("rt", "is \"" + type + "\", expected oic.wk.rdpub");
      }
    }
    EndpointRules rules = new EndpointRules(prefixes, own.source());
    Publication publication =
        new PublicationReader(rules, dtls(caller)).read(Members.body(request));
    if (publication.di().equals(request.target())) {
      throw Refusal.member("di", "is the gateway's own");
    }
    return Contracts.PUBLISH
        .request(bus, Contracts.HOME, publication.by(caller), request.deadline())
        .map(
            outcome ->
                CrudnResponse.answered(
                    Status.OK, Headers.NONE, publication.answer(done(outcome).links())));
  }

  private Future<CrudnResponse> withdraw(OwnRequest own) {
    Access.requireAny(own.caller(), Right.PUBLISH);
    CrudnRequest request = own.request();
    return Contracts.UNPUBLISH
        .request(
            bus,
            Contracts.HOME,
            Withdrawal.read(request.path()).by(own.caller()),
            request.deadline())
        .map(
            outcome -> {
              done(outcome);
              return CrudnResponse.answered(Status.NO_CONTENT, Headers.NONE, null);
            });
  }

  private static PublishOutcome done(PublishOutcome outcome) {
    if (outcome.problem() != null) {
      throw Refusal.of(outcome.status(), outcome.problem());
    }
    return outcome;
  }

  /** OSCORE is as secure, but whoever speaks it listens for plain CoAP. */
  private static boolean dtls(Caller caller) {
    return caller.secure() && caller.identity().matches("(?:psk|certificate):.*");
  }
}
