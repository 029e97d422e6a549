package org.oicbridge.bench;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Consumer;

/**
 * Begins something so many times a second, however long it takes, and keeps how long it took from
 * when it was due. All of it on one event loop.
 */
final class Paced {
  private static final long PATIENCE_MILLIS = 10_000;

  private final Vertx vertx;
  private final Context context;
  private final int perSecond;
  private final Promise<Latencies> done = Promise.promise();
  private final Latencies latencies = new Latencies();
  private long begun;

  /** What is begun; to be told that it has ended. */
  interface Task {
    /**
     * Begins it.
     *
     * @param ended to be run on the event loop
     */
    void begin(long number, Runnable ended);
  }

  Paced(Vertx vertx, Context context, int perSecond) {
    this.vertx = vertx;
    this.context = context;
    this.perSecond = perSecond;
  }

  /** Begins so many to warm up, and so many that count. */
  Latencies run(Task task, long warmUp, long counted, String what) throws InterruptedException {
    context.runOnContext(nothing -> start(task, warmUp, warmUp + counted, done::tryFail));
    return Wait.of(done.future(), what);
  }

  private void start(Task task, long warmUp, long all, Consumer<String> fault) {
    long first = System.nanoTime();
    vertx.setPeriodic(
        1,
        timer -> {
          while (begun < all && due(first) <= System.nanoTime()) {
            long due = due(first);
            long number = begun++;
            task.begin(number, () -> ended(number, due, warmUp, all));
          }
          if (begun == all) {
            vertx.cancelTimer(timer);
            vertx.setTimer(PATIENCE_MILLIS, late -> fault.accept("some never ended"));
          }
        });
  }

  private long due(long first) {
    return first + begun * 1_000_000_000L / perSecond;
  }

  private void ended(long number, long due, long warmUp, long all) {
    if (number >= warmUp) {
      latencies.add(System.nanoTime() - due);
    }
    if (latencies.count() == all - warmUp) {
      done.tryComplete(latencies);
    }
  }
}
