package org.oicbridge;

import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.peers.XmppServer;

/** Debian's Prosody as shipped: STARTTLS, SCRAM-SHA-1, its rate limit on. */
class ProsodyIT extends RemoteAccessContract {
  @Override
  XmppServer startServer() {
    return ProsodyPeer.start(ProsodyPeer.Options.asShipped());
  }

  @Override
  String endpoint(XmppServer server) {
    return "port: %d%n    tls: starttls".formatted(server.port());
  }
}
