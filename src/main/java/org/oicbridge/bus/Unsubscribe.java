package org.oicbridge.bus;

import org.oicbridge.crudn.Jid;

/**
 * The end of a subscription; one that is not there is as good as ended.
 *
 * @param account the bare JID whose device was observed
 * @param subscription the name that it was made under
 */
public record Unsubscribe(Jid account, String subscription) {}
