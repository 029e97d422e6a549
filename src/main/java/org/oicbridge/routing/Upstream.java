package org.oicbridge.routing;

import io.vertx.core.Future;
import org.oicbridge.bus.Contracts;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;

/**
 * Where one resource is observed: the way there, which changes, and what is asked, which doesn't.
 */
final class Upstream {
  private final Account account;
  private final CrudnRequest template;
  private final Routes routes;
  private Route route;
  private String observation;

  /**
   * Observes nothing yet.
   *
   * @param template what is asked, but for its deadline
   */
  Upstream(Account account, CrudnRequest template, Routes routes) {
    this.account = account;
    this.template = template;
    this.routes = routes;
  }

  CrudnRequest template() {
    return template;
  }

  Account account() {
    return account;
  }

  /** The name of the observation, null before the first. */
  String observation() {
    return observation;
  }

  /** Asks, and is told under this name from then on if the answer has an Observe header. */
  Future<CrudnResponse> observe(String name, Deadline deadline) {
    observation = name;
    route = routes.of(account, template);
    return route.observe(request(deadline, true), name).otherwise(Contracts::failure);
  }

  /** Asks once. */
  Future<CrudnResponse> ask(Deadline deadline) {
    return routes.of(account, template).ask(request(deadline, false)).otherwise(Contracts::failure);
  }

  /** Ends the observation; nothing waits for that. */
  void forget() {
    route.forget(observation);
  }

  /** True when the way leads to another place now. */
  boolean moved() {
    return !route.sameAs(routes.of(account, template));
  }

  /** True when what is shown depends on who asks. */
  boolean personal() {
    return route.personal();
  }

  private CrudnRequest request(Deadline deadline, boolean observing) {
    return new CrudnRequest(
        template.account(),
        template.target(),
        template.operation(),
        template.path(),
        observing ? template.headers().with(Value.OBSERVE, "0") : template.headers(),
        null,
        template.requester(),
        template.via(),
        deadline);
  }
}
