package org.oicbridge.coap;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When an observation without news is registered anew: when what is known is fresh no more, and a
 * random time later so that many don't ask at once (RFC 7641 section 3.3.1).
 *
 * @param least what counts as fresh at the least, whatever the device says
 * @param from the shortest such random time
 * @param to the longest
 */
record RenewalPace(Duration least, Duration from, Duration to) {
  static final RenewalPace USUAL =
      new RenewalPace(Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(15));

  /** Nobody is believed to be silent for longer. */
  private static final Duration MOST = Duration.ofHours(24);

  /** The pause after a representation with this Max-Age in seconds. */
  long millis(long maxAge) {
    long fresh = Math.max(least.toMillis(), Math.min(maxAge * 1000, MOST.toMillis()));
    return fresh + ThreadLocalRandom.current().nextLong(from.toMillis(), to.toMillis() + 1);
  }
}
