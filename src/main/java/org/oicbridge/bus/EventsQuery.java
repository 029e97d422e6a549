package org.oicbridge.bus;

/**
 * Which events are wanted.
 *
 * @param after the {@link GatewayEvent.Id} behind which to begin, as text; null for none that has
 *     been
 * @param limit how many at the most, 1 to 1024
 */
public record EventsQuery(String after, int limit) {}
