package org.oicbridge.xmpp;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.oicbridge.crudn.Jid;

/**
 * Lets so many logins go on at the same time. The accounts whose logins wait take turns, so that
 * one with many sessions holds up no other; those of one account keep their order.
 */
final class LoginGate {
  /** By bare JID; the account whose turn is next is the first. */
  private final Map<Jid, Queue<Promise<Void>>> waiting = new LinkedHashMap<>();

  private int free;
  private boolean admitting;

  LoginGate(int permits) {
    this.free = permits;
  }

  /**
   * Completes when it is one's turn; whoever was let in must {@link #leave()} once.
   *
   * @param account the bare JID that is to log in
   */
  Future<Void> enter(Jid account) {
    if (free > 0) {
      free--;
      return Future.succeededFuture();
    }
    Promise<Void> turn = Promise.promise();
    waiting.computeIfAbsent(account, first -> new ArrayDeque<>(1)).add(turn);
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
      next().complete();
    }
    admitting = false;
  }

  private Promise<Void> next() {
    Iterator<Map.Entry<Jid, Queue<Promise<Void>>>> accounts = waiting.entrySet().iterator();
    Map.Entry<Jid, Queue<Promise<Void>>> account = accounts.next();
    accounts.remove();
    Queue<Promise<Void>> turns = account.getValue();
    Promise<Void> turn = turns.remove();
    if (!turns.isEmpty()) {
      waiting.put(account.getKey(), turns);
    }
    return turn;
  }
}
