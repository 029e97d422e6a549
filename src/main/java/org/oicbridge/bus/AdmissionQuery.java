package org.oicbridge.bus;

import org.oicbridge.crudn.Jid;

/**
 * Asks whether a peer may open a bytestream to a session.
 *
 * @param session the full JID of our session
 * @param peer who wants to open a stream to it
 */
public record AdmissionQuery(Jid session, Jid peer) {}
