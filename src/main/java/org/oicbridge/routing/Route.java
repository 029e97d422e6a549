package org.oicbridge.routing;

import io.vertx.core.Future;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;

/** The way of a request to its target. */
interface Route {
  /** The {@link #edge} of what is not passed on. */
  String NOWHERE = "none";

  /** Which edge it leads to: {@code coap}, {@code xmpp}, {@code own} or {@link #NOWHERE}. */
  String edge();

  /** Asks once. */
  Future<CrudnResponse> ask(CrudnRequest request);

  /**
   * Asks and is told of it from then on, if the answer has an {@code Observe} header.
   *
   * @param observation the name of the notifications, unique in the shard
   */
  Future<CrudnResponse> observe(CrudnRequest request, String observation);

  /** Ends an observation; nothing waits for that. */
  void forget(String observation);

  /** True when another way leads to the same place. */
  boolean sameAs(Route other);

  /** True when what is shown depends on who asks, so that each requester needs its own. */
  default boolean personal() {
    return false;
  }

  /** A way that ends at once. */
  record Nowhere(CrudnResponse answer) implements Route {
    @Override
    public String edge() {
      return NOWHERE;
    }

    @Override
    public Future<CrudnResponse> ask(CrudnRequest request) {
      return Future.succeededFuture(answer);
    }

    @Override
    public Future<CrudnResponse> observe(CrudnRequest request, String observation) {
      return ask(request);
    }

    @Override
    public void forget(String observation) {}

    @Override
    public boolean sameAs(Route other) {
      return equals(other);
    }
  }
}
