package org.oicbridge.routing;

import java.time.Duration;

/**
 * How patient observations are.
 *
 * @param linger how long one is kept that nobody subscribes to any more
 * @param retryBase the first pause before a lost one is made anew; doubles
 * @param retryCeiling the longest such pause
 */
record Pace(Duration linger, Duration retryBase, Duration retryCeiling) {
  static final Pace USUAL =
      new Pace(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(5));
}
