package org.oicbridge.bus;

import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/**
 * Forgets a registered device, whoever published it.
 *
 * @param account the bare JID
 * @param precondition what must hold
 */
public record DeleteDevice(Jid account, DeviceId di, Precondition precondition) {}
