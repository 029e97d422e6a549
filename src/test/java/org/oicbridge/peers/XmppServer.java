package org.oicbridge.peers;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Collection;

/** A real XMPP server on loopback with one virtual host. */
public interface XmppServer extends AutoCloseable {
  /** The virtual host, which its certificate names; DNS does not know it. */
  String domain();

  /** Client port that requires STARTTLS (RFC 6120). */
  int port();

  /** Client port for direct TLS (XEP-0368). */
  int directTlsPort();

  /** PEM file of the authority that issued the server's certificate. */
  Path caFile();

  /** Creates an account; the name is a plain localpart without characters to escape. */
  void addUser(String name, String password);

  /** Creates many accounts with one password, several at a time. */
  default void addUsers(Collection<String> names, String password) {
    names.parallelStream().forEach(name -> addUser(name, password));
  }

  /** Everything the server logged so far. */
  String log();

  @Override
  void close();

  /** Where the port for this way to TLS is. */
  default InetSocketAddress address(TlsMode mode) {
    int port =
        switch (mode) {
          case STARTTLS -> port();
          case DIRECT -> directTlsPort();
        };
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
