package org.oicbridge.oic;

import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.Set;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.OwnChange;

/**
 * Tells that resources of the gateway have changed. What may change many times at once, as when all
 * devices of an account come up, is told once.
 */
final class Announcements {
  /** Long enough for the router to have heard the same. */
  private static final long PAUSE_MILLIS = 500;

  private final Vertx vertx;
  private final Set<String> waiting = new HashSet<>();

  Announcements(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Tells of a change at once. */
  void changed(String path) {
    Contracts.OWN_CHANGED.publish(vertx.eventBus(), Contracts.HOME, new OwnChange(path));
  }

  /** Tells of a change soon, together with those that follow. */
  void changing(String path) {
    if (waiting.add(path)) {
      vertx.setTimer(
          PAUSE_MILLIS,
          id -> {
            waiting.remove(path);
            changed(path);
          });
    }
  }
}
