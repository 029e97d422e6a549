package org.oicbridge.gatling;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import java.util.List;

/**
 * Verticles on one event loop, as they are in a gateway: what one tells, the next hears in order.
 */
record ClientShard(List<Deployable> verticles) implements Deployable {
  @Override
  public Future<?> deploy(Context context) {
    Future<?> done = Future.succeededFuture();
    for (Deployable verticle : verticles) {
      done = done.compose(before -> step(() -> verticle.deploy(context)));
    }
    return done;
  }

  @Override
  public Future<?> undeploy(Context context) {
    Future<?> done = Future.succeededFuture();
    for (int i = verticles.size() - 1; i >= 0; i--) {
      Deployable verticle = verticles.get(i);
      done = done.eventually(() -> step(() -> verticle.undeploy(context)));
    }
    return done;
  }

  private interface Step {
    Future<?> run() throws Exception;
  }

  private static Future<Object> step(Step step) {
    try {
      return step.run().map(Object.class::cast);
    } catch (Exception e) {
      return Future.failedFuture(e);
    }
  }
}
