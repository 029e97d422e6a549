package org.oicbridge.oic;

import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.ForgetObservation;
import org.oicbridge.bus.ObserveOwn;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;

/** Finds the resource that a request is for, and has it answer. */
final class OwnResources {
  private final Map<String, OwnResource> fixed;
  private final ForwardedResource forwarded;
  private final ProvisioningFactory provisioning;

  /** Makes a resource that belongs to an account other than the default one. */
  interface ProvisioningFactory {
    /** The resource, or null when there is none of this name. */
    OwnResource of(Jid account, String name);
  }

  /**
   * Makes the finder.
   *
   * @param fixed by path
   * @param forwarded the devices of accounts
   */
  OwnResources(
      Map<String, OwnResource> fixed,
      ForwardedResource forwarded,
      ProvisioningFactory provisioning) {
    this.fixed = Map.copyOf(fixed);
    this.forwarded = forwarded;
    this.provisioning = provisioning;
  }

  /** Answers a request, whatever becomes of it; fails only when the gateway has a defect. */
  Future<CrudnResponse> answer(OwnRequest own) {
    return answer(
        own, resource -> resource.answer(own).map(response -> observed(resource, own, response)));
  }

  /** Answers a request likewise, and subscribes if it is for a device. */
  Future<CrudnResponse> observe(ObserveOwn wish) {
    return answer(
        wish.ask(),
        resource -> resource == forwarded ? forwarded.observe(wish) : resource.answer(wish.ask()));
  }

  /** Ends such a subscription. */
  Future<Done> forget(ForgetObservation end) {
    forwarded.forget(end.observation());
    return Future.succeededFuture(new Done());
  }

  private Future<CrudnResponse> answer(
      OwnRequest own, Function<OwnResource, Future<CrudnResponse>> action) {
    try {
      OwnResource resource = find(own);
      requireMethod(resource, own);
      return action.apply(resource).recover(OwnResources::refused);
    } catch (Refusal e) {
      return Future.succeededFuture(e.response());
    }
  }

  static Refusal unknown(String path) {
    return new Refusal(Status.NOT_FOUND, "resource-unknown", "the gateway has no " + path);
  }

  private OwnResource find(OwnRequest own) {
    String path = own.request().path().path();
    List<String> segments = own.request().path().segments();
    OwnResource resource = fixed.get(path);
    if (resource == null && segments.size() == 3 && segments.get(0).equals("ra")) {
      // Which accounts there are is nobody's business who has no identity.
      Access.requireIdentity(own.caller());
      resource = provisioning.of(account(segments.get(1), path), segments.get(2));
    }
    if (segments.size() > 1
        && segments.get(0).equals(ForwardedResource.DEVICES)
        && ForwardedResource.shownTo(own)) {
      resource = forwarded;
    }
    if (resource == null) {
      throw unknown(path);
    }
    return resource;
  }

  private static Jid account(String segment, String path) {
    try {
      return Jid.parse(segment);
    } catch (IllegalArgumentException e) {
      throw unknown(path);
    }
  }

  private static void requireMethod(OwnResource resource, OwnRequest own) {
    Operation operation = own.request().operation();
    // A group can only be asked: who wrote to it could not be told what became of that.
    String methods = own.multicast() ? "GET" : resource.methods();
    if (!List.of(methods.split(", ")).contains(operation.method())) {
      throw new Refusal(
          Status.METHOD_NOT_ALLOWED, "method-not-supported", "this resource takes " + methods);
    }
  }

  private static CrudnResponse observed(
      OwnResource resource, OwnRequest own, CrudnResponse response) {
    boolean wanted =
        own.request().operation() == Operation.RETRIEVE
            && own.request().headers().get("Observe").filter("0"::equals).isPresent();
    return wanted && resource.observable() && response.status().success()
        ? response.with("Observe", "0")
        : response;
  }

  private static Future<CrudnResponse> refused(Throwable error) {
    if (error instanceof Refusal refusal) {
      return Future.succeededFuture(refusal.response());
    }
    return error instanceof ReplyException
        ? Future.succeededFuture(Contracts.failure(error))
        : Future.failedFuture(error);
  }
}
