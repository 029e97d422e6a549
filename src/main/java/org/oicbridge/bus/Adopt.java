package org.oicbridge.bus;

import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/**
 * Hosts a device that was discovered.
 *
 * @param account the bare JID of an account that there is
 */
public record Adopt(DeviceId di, Jid account) {}
