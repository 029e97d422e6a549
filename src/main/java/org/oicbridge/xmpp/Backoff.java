package org.oicbridge.xmpp;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a session waits before its next attempt: at random up to a limit that doubles with each
 * failure ("full jitter"), so that sessions which went down together do not come back together.
 */
final class Backoff {
  /** OIC Remote Access section 7.2 read with care: never in a tight loop. */
  static final Duration LATE = Duration.ofSeconds(60);

  private final Duration base;
  private final Duration ceiling;
  private final RandomGenerator random;
  private int failures;

  Backoff(Duration base, Duration ceiling, RandomGenerator random) {
    this.base = base;
    this.ceiling = ceiling;
    this.random = random;
  }

  /** The pause after one more failure, in milliseconds, at least 1. */
  long next(boolean late) {
    // 2^20 times the smallest base is beyond the longest ceiling.
    long limit = Math.min(ceiling.toMillis(), base.toMillis() << Math.min(failures, 20));
    failures++;
    return 1 + random.nextLong(Math.max(1, limit)) + (late ? LATE.toMillis() : 0);
  }

  /** The session has been well for a while. */
  void reset() {
    failures = 0;
  }
}
