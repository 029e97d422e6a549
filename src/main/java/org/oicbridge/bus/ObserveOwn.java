package org.oicbridge.bus;

/**
 * An observation of a device of the caller's account, asked of the gateway itself.
 *
 * @param ask who asks, and the retrieve
 * @param subscription names the subscriber, unique in the process; the subscriber listens to {@link
 *     Contracts#NOTIFICATION} under this name before it asks
 */
public record ObserveOwn(OwnRequest ask, String subscription) {}
