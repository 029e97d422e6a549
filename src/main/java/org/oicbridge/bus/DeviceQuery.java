package org.oicbridge.bus;

import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/**
 * Which devices are wanted; a null criterion takes all.
 *
 * @param account only of this bare JID
 * @param di only with this identifier
 * @param rt only with this device type
 * @param origin only of this origin
 * @param state only in this state
 * @param after only those whose {@link DeviceView#key()} sorts behind this
 * @param limit how many at the most, 1 to 1001, the first ones by key
 */
public record DeviceQuery(
    Jid account,
    DeviceId di,
    String rt,
    DeviceView.Origin origin,
    DeviceView.State state,
    String after,
    int limit) {}
