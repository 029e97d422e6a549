package org.oicbridge;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;

/**
 * The verticles that hold the state of one share of the accounts, on one event loop, so that the
 * hops of a request between them need no other thread. They start in order and stop in reverse.
 */
public final class Shard implements Deployable {
  private final List<Deployable> verticles;

  /**
   * A shard that is not deployed yet.
   *
   * @param verticles in the order in which they start
   */
  public Shard(List<Deployable> verticles) {
    this.verticles = List.copyOf(verticles);
  }

  @Override
  public Future<?> deploy(Context context) throws Exception {
    Future<?> done = Future.succeededFuture();
    for (Deployable verticle : verticles) {
      done = done.compose(ignored -> step(() -> verticle.deploy(context)));
    }
    return done;
  }

  @Override
  public Future<?> undeploy(Context context) {
    Future<?> done = Future.succeededFuture();
    for (int i = verticles.size() - 1; i >= 0; i--) {
      Deployable verticle = verticles.get(i);
      done =
          done.eventually(() -> step(() -> verticle.undeploy(context)))
              .eventually(() -> farewellsHeard(context));
    }
    return done;
  }

  /** The bus delivers in later turns of the loop: what one says in stopping, the next must hear. */
  private static Future<Void> farewellsHeard(Context context) {
    Promise<Void> turn = Promise.promise();
    context.runOnContext(nothing -> turn.complete());
    return turn.future();
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
