package org.oicbridge.hosting;

import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Which time it is, and how long things wait.
 *
 * @param clock for what is kept on disk
 * @param nanoTime for what is not; never goes back
 * @param userWait how long an address waits for the user that goes with it
 * @param trialRetry before values are tried again that their server was not asked about
 * @param typeDeadline how long a device may take to tell its type
 * @param typeRetry the first pause before it is asked again; doubles
 * @param writeRetry before an expiry that could not be written is tried again
 */
record Timing(
    Clock clock,
    LongSupplier nanoTime,
    Duration userWait,
    Duration trialRetry,
    Duration typeDeadline,
    Duration typeRetry,
    Duration writeRetry) {
  static final Timing REAL =
      new Timing(
          Clock.systemUTC(),
          System::nanoTime,
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Duration.ofSeconds(8),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30));
}
