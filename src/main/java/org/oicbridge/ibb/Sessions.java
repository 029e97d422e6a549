package org.oicbridge.ibb;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.crudn.Jid;

/** Which of our sessions are up, and which of their peers echo tokens. */
final class Sessions {
  /** Of so many peers it is remembered; any further one is treated as one that does not. */
  static final int ECHOING_PEERS = 4096;

  private final Map<Jid, Set<Jid>> online = new HashMap<>();

  void up(Jid session) {
    online.putIfAbsent(session, new HashSet<>());
  }

  void down(Jid session) {
    online.remove(session);
  }

  boolean isUp(Jid session) {
    return online.containsKey(session);
  }

  void presence(PeerPresence presence) {
    Set<Jid> echoing = online.get(presence.session());
    if (echoing == null) {
      return;
    }
    if (!presence.available() || !presence.echoesTokens()) {
      echoing.remove(presence.peer());
    } else if (echoing.size() < ECHOING_PEERS) {
      echoing.add(presence.peer());
    }
  }

  boolean echoesTokens(Jid session, Jid peer) {
    return online.getOrDefault(session, Set.of()).contains(peer);
  }
}
