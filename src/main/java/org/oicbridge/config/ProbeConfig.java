package org.oicbridge.config;

import java.time.Duration;

/**
 * How it is found out that a hosted device answers no more. A device that falls silent is known to
 * be after {@code interval + attempts * timeout}, or later when there are so many devices that
 * {@code perSecond} holds probes back.
 *
 * @param interval how long a device may be silent before it is probed, and how often one that does
 *     not answer is probed; zero when devices are not probed
 * @param attempts probes without an answer, one after the other, after which a device counts as
 *     silent, 2 to 10: the first is a ping, and not every device answers those
 * @param timeout how long the answer to a probe may take
 * @param perSecond probes that this process begins in a second, 1 to 10000
 */
public record ProbeConfig(Duration interval, int attempts, Duration timeout, int perSecond) {
  /** Devices are not probed. */
  public static final ProbeConfig NONE =
      new ProbeConfig(Duration.ZERO, 3, Duration.ofSeconds(5), 200);

  static ProbeConfig read(Section section) {
    ProbeConfig config =
        new ProbeConfig(
            section.seconds("interval", 60, 0, 86_400),
            section.integer("attempts", 3, 2, 10),
            section.seconds("timeout", 5, 0.1, 60),
            section.integer("perSecond", 200, 1, 10_000));
    if (!config.interval.isZero() && config.interval.compareTo(Duration.ofMillis(100)) < 0) {
      section.mistake("interval", "is less than 0.1 s, expected 0, or 0.1 to 86400 s");
    }
    return config;
  }
}
