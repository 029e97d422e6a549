package org.oicbridge.xmpp;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.crudn.Jid;

/**
 * Follows the presence of peers (RFC 6121 section 4). Each session of an account sees every other,
 * so only the gateway's own session tells who is there; the sessions of devices, of which there are
 * many, tell no more than who has gone.
 */
final class Peers {
  private static final int MAX_PEERS = 16_384;

  private final Jid self;
  private final CapsCache caps;
  private final IqRequests requests;
  private final Consumer<PeerPresence> publish;
  private final Map<Jid, String> present = new LinkedHashMap<>();
  private OpenSession order;

  Peers(OpenSession order, CapsCache caps, IqRequests requests, Consumer<PeerPresence> publish) {
    this.self = order.jid();
    this.order = order;
    this.caps = caps;
    this.requests = requests;
    this.publish = publish;
  }

  /** From now on, whom the account lets in is what this says. */
  void serve(OpenSession changed) {
    order = changed;
  }

  /** Takes a presence without a type or of type unavailable. */
  void presence(Jid peer, Element presence) {
    // Anybody can send presence to a full JID that they know (RFC 6121 section 4.6). Strangers may
    // neither take the places of peers nor learn from a question that this session is there.
    if (peer.isBare() || peer.equals(self) || !order.account().admits(peer)) {
      return;
    }
    if ("unavailable".equals(presence.attribute("type"))) {
      present.remove(peer);
      publish.accept(new PeerPresence(self, peer, false, false));
    } else if (order.role() == SessionRole.GATEWAY) {
      available(peer, presence.child("c", Capabilities.CAPS));
    }
  }

  private void available(Jid peer, Element c) {
    String ver = CapsCache.ver(c);
    if (!present.containsKey(peer) && present.size() >= MAX_PEERS) {
      return;
    }
    present.put(peer, ver);
    Future<Boolean> echoes = caps.echoesTokens(c, peer, query -> requests.get(peer, query));
    if (echoes.isComplete()) {
      publish.accept(new PeerPresence(self, peer, true, echoes.succeeded() && echoes.result()));
      return;
    }
    publish.accept(new PeerPresence(self, peer, true, false));
    echoes.onSuccess(
        echo -> {
          if (echo && ver.equals(present.get(peer))) {
            publish.accept(new PeerPresence(self, peer, true, true));
          }
        });
  }
}
