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

  /** A lost stream is sought at once, with no more than what keeps a fleet from one instant. */
  private static final long SOON_MILLIS = 1000;

  /** A server that goes down comes back in some tens of seconds: as after so many failures. */
  private static final int SHUTDOWN_FAILURES = 4;

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
  long next(StreamEnd.Kind why) {
    return pause(why, ceiling.toMillis());
  }

  /**
   * The pause before a lost stream is sought again, in milliseconds, at least 1.
   *
   * @param window how long the server keeps it: there are several attempts in that time
   */
  long next(StreamEnd.Kind why, Duration window) {
    if (why == StreamEnd.Kind.LOST && failures == 0) {
      failures++;
      return draw(Math.min(SOON_MILLIS, base.toMillis()));
    }
    boolean soon = why == StreamEnd.Kind.LOST || why == StreamEnd.Kind.RETRY;
    return pause(
        why, soon ? Math.min(ceiling.toMillis(), window.toMillis() / 10) : ceiling.toMillis());
  }

  private long pause(StreamEnd.Kind why, long most) {
    if (why == StreamEnd.Kind.SHUTDOWN) {
      failures = Math.max(failures, SHUTDOWN_FAILURES);
    }
    // 2^20 times the smallest base is beyond the longest ceiling.
    long doubled = base.toMillis() << Math.min(failures, 20);
    failures++;
    if (why == StreamEnd.Kind.RETRY_LATE || why == StreamEnd.Kind.HELD_BACK) {
      long rest = Math.max(most - LATE.toMillis(), base.toMillis());
      return LATE.toMillis() + draw(Math.min(rest, doubled));
    }
    return draw(Math.min(most, doubled));
  }

  private long draw(long limit) {
    return 1 + random.nextLong(Math.max(1, limit));
  }

  /** The session has been well for a while. */
  void reset() {
    failures = 0;
  }
}
