package org.oicbridge.ibb;

import io.vertx.core.Vertx;
import java.time.Duration;

/** A timer that can be started again and again, and never fires once stopped. */
final class Timer {
  private static final long NONE = -1;

  private final Vertx vertx;
  private final long delay;
  private final Runnable action;
  private long id = NONE;

  Timer(Vertx vertx, Duration delay, Runnable action) {
    this.vertx = vertx;
    this.delay = delay.toMillis();
    this.action = action;
  }

  /** Starts it from the beginning. */
  void restart() {
    restart(delay);
  }

  /** Starts it for once with another delay, in milliseconds. */
  void restart(long millis) {
    stop();
    id =
        vertx.setTimer(
            Math.max(1, millis),
            fired -> {
              id = NONE;
              action.run();
            });
  }

  /** True until it fires or is stopped. */
  boolean isRunning() {
    return id != NONE;
  }

  /** Stops it, if it runs. */
  void stop() {
    if (id != NONE) {
      vertx.cancelTimer(id);
      id = NONE;
    }
  }
}
