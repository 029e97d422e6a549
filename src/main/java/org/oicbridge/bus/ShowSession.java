package org.oicbridge.bus;

import org.oicbridge.crudn.Jid;

/**
 * Tells an open session to be seen by others, or not to be seen while it stays bound.
 *
 * @param jid its full JID
 * @param available the presence that it has from now on (RFC 6121 section 4)
 */
public record ShowSession(Jid jid, boolean available) {}
