package org.oicbridge.coap;

import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Lets probes begin at a limited rate, in their order, so that thousands of devices don't burst.
 */
final class ProbePace {
  private static final long SECOND = 1_000_000_000L;

  /** What a timer that fires late may catch up on. */
  private static final long SLACK = SECOND / 20;

  private final Vertx vertx;
  private final long period;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private long freeAt = System.nanoTime();
  private boolean timed;

  /**
   * Nothing has begun yet.
   *
   * @param perSecond 1 or more
   */
  ProbePace(Vertx vertx, int perSecond) {
    this.vertx = vertx;
    this.period = SECOND / perSecond;
  }

  /** Runs a task when it is its turn, perhaps at once. */
  void next(Runnable task) {
    waiting.add(task);
    if (!timed) {
      drain();
    }
  }

  private void drain() {
    long now = System.nanoTime();
    while (!waiting.isEmpty() && freeAt - now <= 0) {
      freeAt = Math.max(freeAt - now, -SLACK) + now + period;
      waiting.remove().run();
    }
    if (!waiting.isEmpty() && !timed) {
      timed = true;
      long millis = (freeAt - now + 999_999) / 1_000_000;
      vertx.setTimer(
          Math.max(1, millis),
          id -> {
            timed = false;
            drain();
          });
    }
  }
}
