package org.oicbridge.coap;

import java.time.Duration;

/**
 * How long a search waits for what.
 *
 * @param legacyAfter from the request of OCF to the one of OIC 1.x
 * @param collect how long answers are taken after the last request; devices put theirs off by up to
 *     5 s (DEFAULT_LEISURE, RFC 7252 section 8.2)
 * @param answer until a device must have answered that is asked directly
 */
record DiscoveryPace(Duration legacyAfter, Duration collect, Duration answer) {
  static final DiscoveryPace NORMAL =
      new DiscoveryPace(Duration.ofSeconds(1), Duration.ofSeconds(6), Duration.ofSeconds(10));
}
