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

  /** Two that take a full JID from each other do so ever more rarely, up to once in an hour. */
  private static final int MOST_CONFLICTS = 6;

  /** A server that goes down comes back in some tens of seconds: as after so many failures. */
  private static final int SHUTDOWN_FAILURES = 4;

  private final Duration base;
  private final Duration ceiling;
  private final RandomGenerator random;
  private int failures;
  private int conflicts;

  Backoff(Duration base, Duration ceiling, RandomGenerator random) {
    this.base = base;
    this.ceiling = ceiling;
    this.random = random;
  }

  /** The pause after one more failure, in milliseconds, at least 1. */
  long next(StreamEnd.Kind why) {
    if (why == StreamEnd.Kind.SHUTDOWN) {
      failures = Math.max(failures, SHUTDOWN_FAILURES);
    }
    // 2^20 times the smallest base is beyond the longest ceiling.
    long limit = Math.min(ceiling.toMillis(), base.toMillis() << Math.min(failures, 20));
    failures++;
    long pause = 1 + random.nextLong(Math.max(1, limit));
    return switch (why) {
      case RETRY_LATE, HELD_BACK -> pause + LATE.toMillis();
      case CONFLICT -> pause + (LATE.toMillis() << Math.min(conflicts++, MOST_CONFLICTS));
      default -> pause;
    };
  }

  /**
   * The pause before a lost stream is sought again, in milliseconds, at least 1.
   *
   * @param window how long the server keeps it: there are several attempts in that time
   */
  long next(StreamEnd.Kind why, Duration window) {
    if (why == StreamEnd.Kind.LOST && failures == 0) {
      failures++;
      return 1 + random.nextLong(Math.max(1, Math.min(SOON_MILLIS, base.toMillis())));
    }
    long pause = next(why);
    return why == StreamEnd.Kind.LOST || why == StreamEnd.Kind.RETRY
        ? Math.min(pause, 1 + window.toMillis() / 10)
        : pause;
  }

  /** The session has been well for a while. */
  void reset() {
    failures = 0;
  }

  /** The session has been well for so long that nobody else claims its full JID. */
  void forgetConflicts() {
    conflicts = 0;
  }
}
