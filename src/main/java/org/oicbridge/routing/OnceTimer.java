package org.oicbridge.routing;

import io.vertx.core.Vertx;
import java.time.Duration;

/** A timer that never fires once stopped; starting it again replaces what it was for. */
final class OnceTimer {
  private static final long NONE = -1;

  private final Vertx vertx;
  private long id = NONE;

  OnceTimer(Vertx vertx) {
    this.vertx = vertx;
  }

  void start(Duration delay, Runnable action) {
    stop();
    id =
        vertx.setTimer(
            Math.max(1, delay.toMillis()),
            fired -> {
              id = NONE;
              action.run();
            });
  }

  void stop() {
    if (id != NONE) {
      vertx.cancelTimer(id);
      id = NONE;
    }
  }
}
