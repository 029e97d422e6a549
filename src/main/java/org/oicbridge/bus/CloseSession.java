package org.oicbridge.bus;

import org.oicbridge.crudn.Jid;

/**
 * Tells a shard to close an XMPP session.
 *
 * @param jid the full JID of our session
 */
public record CloseSession(Jid jid) {}
