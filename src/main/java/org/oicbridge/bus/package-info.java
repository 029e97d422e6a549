/**
 * The event bus as verticles see it: {@link org.oicbridge.bus.Contracts} lists every address with
 * what travels on it, the other types are those messages.
 *
 * <p>Every address exists once per shard. All state of an account lives in one shard, and a shard's
 * verticles share one event loop, so messages about an account are handled one after the other, in
 * the order in which they were sent.
 */
package org.oicbridge.bus;
