package org.oicbridge.bus;

import org.oicbridge.crudn.Jid;

/**
 * Tells a shard to serve an account no longer: all its sessions say unavailable and end.
 *
 * @param account the bare JID
 */
public record DropAccount(Jid account) {}
