package org.oicbridge.xmpp;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which servers are away, as the sessions of a shard find, and which sessions wait to try them
 * again. They try at random times, so that a server that comes back is found soon; once one of them
 * has found it, the others need not wait any longer, since the logins are paced anyway.
 */
final class Outages {
  /** With fewer than these it may be the sessions that break, and they go on waiting. */
  static final int MASS = 10;

  private final Map<String, Server> servers = new HashMap<>();

  /** Somebody who waits for a server. */
  interface Waiting {
    /** Tries now. */
    void hurry();
  }

  private static final class Server {
    private final Set<Waiting> waiting = new LinkedHashSet<>();
    private boolean away;
  }

  /** A connection to the server was lost, or there was none to be had. */
  void away(String server) {
    servers.computeIfAbsent(server, name -> new Server()).away = true;
  }

  /** Somebody waits until it tries the server again. */
  void waits(String server, Waiting one) {
    servers.computeIfAbsent(server, name -> new Server()).waiting.add(one);
  }

  /** It does not wait any more. */
  void waitsNoMore(String server, Waiting one) {
    Server known = servers.get(server);
    if (known != null && known.waiting.remove(one) && known.waiting.isEmpty() && !known.away) {
      servers.remove(server);
    }
  }

  /** A session is up at the server. */
  void back(String server) {
    Server known = servers.get(server);
    if (known == null || !known.away) {
      return;
    }
    known.away = false;
    if (known.waiting.isEmpty()) {
      servers.remove(server);
    } else if (known.waiting.size() >= MASS) {
      servers.remove(server);
      List.copyOf(known.waiting).forEach(Waiting::hurry);
    }
  }
}
