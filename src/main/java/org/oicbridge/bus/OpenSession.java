package org.oicbridge.bus;

import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.Jid;

/**
 * Tells a shard to open an XMPP session and to keep it open.
 *
 * @param account how to log in
 * @param jid the full JID to bind (OIC Remote Access section 7.1.1)
 * @param role whose session it is
 */
public record OpenSession(AccountConfig account, Jid jid, SessionRole role) {}
