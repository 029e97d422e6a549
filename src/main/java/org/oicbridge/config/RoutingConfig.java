package org.oicbridge.config;

import java.time.Duration;

/**
 * CRUDN routing.
 *
 * @param deadline for a request that names none by {@code Prefer: wait=}, 1 s to 300 s
 * @param inFlightPerAccount unanswered requests that one account may have, 1 to 100000
 * @param subscriptionsPerAccount subscriptions to resources of one account, 1 to 100000
 * @param heapLimit how much of the heap may stay in use before new work is refused, 50 to 100
 *     percent; 100 for all of it
 */
public record RoutingConfig(
    Duration deadline, int inFlightPerAccount, int subscriptionsPerAccount, int heapLimit) {
  /** The longest that a request may ask for, in seconds. */
  public static final int MAX_WAIT = 300;

  static RoutingConfig read(Section section) {
    return new RoutingConfig(
        section.seconds("deadline", 10, 1, MAX_WAIT),
        section.integer("inFlightPerAccount", 256, 1, 100_000),
        section.integer("subscriptionsPerAccount", 512, 1, 100_000),
        section.integer("heapLimit", 90, 50, 100));
  }
}
