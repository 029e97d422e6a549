package org.oicbridge.routing;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.oicbridge.crudn.Jid;

/**
 * Who subscribes in one shard, and how many of an account's resources; those count too who still
 * wait for the first answer, or as many could wait for one slow device as like.
 */
final class Subscribers {
  private final int limit;
  private final ObserveMetrics metrics;
  private final Set<String> waiting = new HashSet<>();
  private final Map<String, Fanout> told = new HashMap<>();
  private final Map<Jid, Integer> perAccount = new HashMap<>();

  /**
   * Starts with none.
   *
   * @param limit how many there may be of an account's resources
   */
  Subscribers(int limit, ObserveMetrics metrics) {
    this.limit = limit;
    this.metrics = metrics;
  }

  /** Takes one that waits for its first answer; false when there are too many. */
  boolean enter(String id, Jid account) {
    if (perAccount.getOrDefault(account, 0) >= limit) {
      return false;
    }
    waiting.add(id);
    count(account, 1);
    return true;
  }

  /** The first answer is there; false when whoever waited for it has left. */
  boolean answered(String id, Jid account) {
    count(account, -1);
    return waiting.remove(id);
  }

  void subscribed(String id, Jid account, Fanout fanout) {
    if (told.put(id, fanout) == null) {
      count(account, 1);
      metrics.subscriptions(1);
    }
  }

  void unsubscribed(String id, Jid account, Fanout fanout) {
    if (told.remove(id, fanout)) {
      count(account, -1);
      metrics.subscriptions(-1);
    }
  }

  /** One wants to be told no more; what it subscribes to, or null. */
  Fanout leave(String id) {
    waiting.remove(id);
    return told.get(id);
  }

  private void count(Jid account, int change) {
    int count = perAccount.merge(account, change, Integer::sum);
    if (count == 0) {
      perAccount.remove(account);
    }
  }
}
