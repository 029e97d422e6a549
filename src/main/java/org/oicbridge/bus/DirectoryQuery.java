package org.oicbridge.bus;

import org.oicbridge.crudn.Jid;

/**
 * Which published devices are wanted.
 *
 * @param account only those of this bare JID; null for those of the default account
 */
public record DirectoryQuery(Jid account) {}
