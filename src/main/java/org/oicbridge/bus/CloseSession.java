package org.oicbridge.bus;

import org.oicbridge.crudn.Jid;

/**
 * Tells a shard to close XMPP sessions, and to give up a login that is being tried.
 *
 * @param jid the full JID of our session, or the bare JID of an account for all that it has
 */
public record CloseSession(Jid jid) {}
