package org.oicbridge.crudn;

import java.time.Duration;

/**
 * The moment by which a request must have been answered. It is set once, where the request enters
 * the gateway, and every hop spends what is left of it; no hop has a timeout of its own.
 *
 * @param nanoTime a reading of {@link System#nanoTime()}, so it is valid in this process only
 */
public record Deadline(long nanoTime) {
  /** The deadline that lies this long ahead. */
  public static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** A deadline that lies this much behind this one. */
  public Deadline later(Duration duration) {
    return new Deadline(nanoTime + duration.toNanos());
  }

  /** Milliseconds left, at least 1 so that it can be given to a timer. */
  public long remainingMillis() {
    return Math.max(1, (nanoTime - System.nanoTime()) / 1_000_000);
  }

  /** True when the moment has passed. */
  public boolean expired() {
    return nanoTime - System.nanoTime() <= 0;
  }
}
