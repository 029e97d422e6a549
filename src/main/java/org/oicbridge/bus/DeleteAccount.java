package org.oicbridge.bus;

import org.oicbridge.crudn.Jid;

/**
 * Forgets an account with its devices.
 *
 * @param account the bare JID
 * @param precondition what must hold
 */
public record DeleteAccount(Jid account, Precondition precondition) {}
