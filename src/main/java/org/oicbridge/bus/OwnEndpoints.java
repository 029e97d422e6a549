package org.oicbridge.bus;

import java.net.InetAddress;
import java.util.List;

/**
 * Where the gateway serves CoAP.
 *
 * @param addresses the unicast addresses of this machine that it listens on; empty without a server
 * @param port of plain CoAP, or -1
 * @param securePort of CoAP over DTLS, or -1
 */
public record OwnEndpoints(List<InetAddress> addresses, int port, int securePort) {
  /** No server at all. */
  public static final OwnEndpoints NONE = new OwnEndpoints(List.of(), -1, -1);

  public OwnEndpoints {
    addresses = List.copyOf(addresses);
  }
}
