package org.oicbridge.xmpp;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;

/** Lets so many logins go on at the same time, the others wait in their order. */
final class LoginGate {
  private final Deque<Promise<Void>> waiting = new ArrayDeque<>();
  private int free;
  private boolean admitting;

  LoginGate(int permits) {
    this.free = permits;
  }

  /** Completes when it is one's turn; whoever was let in must {@link #leave()} once. */
  Future<Void> enter() {
    if (free > 0) {
      free--;
      return Future.succeededFuture();
    }
    Promise<Void> turn = Promise.promise();
    waiting.add(turn);
    return turn.future();
  }

  void leave() {
    free++;
    // Whoever is let in may leave at once and come back here; the loop takes them, not the stack.
    if (admitting) {
      return;
    }
    admitting = true;
    while (free > 0 && !waiting.isEmpty()) {
      free--;
      waiting.remove().complete();
    }
    admitting = false;
  }
}
