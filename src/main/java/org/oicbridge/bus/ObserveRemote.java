package org.oicbridge.bus;

/**
 * An observation of a device behind XMPP.
 *
 * @param ask our session, the device and the retrieve
 * @param observation the name that its {@link Notification}s carry, unique in the shard
 */
public record ObserveRemote(RemoteRequest ask, String observation) {}
