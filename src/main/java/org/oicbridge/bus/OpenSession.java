package org.oicbridge.bus;

import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.Jid;

/**
 * Tells a shard to open an XMPP session and to keep it open.
 *
 * @param account how to log in
 * @param jid the full JID to bind (OIC Remote Access section 7.1.1)
 * @param role whose session it is
 * @param available whether others see it; if not, it is bound and sends no presence
 */
public record OpenSession(AccountConfig account, Jid jid, SessionRole role, boolean available) {
  /** A session that others see. */
  public OpenSession(AccountConfig account, Jid jid, SessionRole role) {
    this(account, jid, role, true);
  }

  /** The same session, seen by others or not. */
  public OpenSession shown(boolean seen) {
    return new OpenSession(account, jid, role, seen);
  }
}
