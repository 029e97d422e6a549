package org.oicbridge.bus;

import org.oicbridge.crudn.Jid;

/**
 * Which accounts are wanted.
 *
 * @param account only this bare JID; null for all
 * @param after only those whose bare JID, as text, sorts behind this; null for all
 * @param limit how many at the most, 1 to 1001, the first ones by bare JID. The default account
 *     that has no JID yet is the first of all, and only there when no account is named
 */
public record AccountQuery(Jid account, String after, int limit) {}
