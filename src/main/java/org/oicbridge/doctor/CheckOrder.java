package org.oicbridge.doctor;

import java.nio.file.Path;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.Jid;

/**
 * What to look at.
 *
 * @param host name or address
 * @param port 1 to 65535, or 0 to look up the domain's SRV records if the host is the domain
 * @param domain the XMPP domain that the server is to be for
 * @param tls how to secure the stream; none is for loopback
 * @param trust PEM file of further certificate authorities, or null
 * @param account the bare JID to log in with, or null to see only what is told before
 * @param password the account's; it never appears in {@link #toString()}
 * @param probe whether to measure the server's limits
 */
public record CheckOrder(
    String host,
    int port,
    String domain,
    Tls tls,
    Path trust,
    Jid account,
    String password,
    boolean probe) {

  @Override
  public String toString() {
    return domain + " at " + host + ":" + port + " (" + tls + ")";
  }
}
