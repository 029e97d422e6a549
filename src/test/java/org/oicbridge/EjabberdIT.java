package org.oicbridge;

import org.oicbridge.peers.EjabberdPeer;
import org.oicbridge.peers.XmppServer;

/** Debian's ejabberd as shipped, with a host that offers SCRAM-SHA-256: direct TLS. */
class EjabberdIT extends RemoteAccessContract {
  @Override
  XmppServer startServer() {
    return EjabberdPeer.start(
        EjabberdPeer.Options.asShipped().withHash(EjabberdPeer.ScramHash.SHA_256));
  }

  @Override
  String endpoint(XmppServer server) {
    return "port: %d%n    tls: direct".formatted(server.directTlsPort());
  }
}
