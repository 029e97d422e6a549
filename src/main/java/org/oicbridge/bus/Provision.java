package org.oicbridge.bus;

import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.Jid;

/**
 * Sets values of an account; those that are null stay as they are. Answered as soon as they are on
 * disk, before it is known whether they work.
 *
 * @param account the bare JID of an account; null for the default one
 * @param jid the bare JID that it shall have from now on, the default account only
 * @param address host name or address of the XMPP server
 * @param port 1 to 65535
 * @param tls how to secure the stream; null to follow from a new port: direct on 5223, else
 *     STARTTLS
 * @param credential the password itself, never base64; it never appears in {@link #toString()}
 * @param create whether an account that is not there is made
 * @param precondition what must hold
 */
public record Provision(
    Jid account,
    Jid jid,
    String address,
    Integer port,
    Tls tls,
    String credential,
    boolean create,
    Precondition precondition) {
  @Override
  public String toString() {
    return "provision " + (account == null ? "the default account" : account);
  }
}
