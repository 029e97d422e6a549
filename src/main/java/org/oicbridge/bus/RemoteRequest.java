package org.oicbridge.bus;

import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.Jid;

/**
 * A CRUDN request for a device behind XMPP.
 *
 * @param session the full JID of our session that asks
 * @param peer the full JID of the device, as its presence spelt it
 * @param request what is asked of it
 */
public record RemoteRequest(Jid session, Jid peer, CrudnRequest request) {}
