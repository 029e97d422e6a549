package org.oicbridge.hosting;

import java.time.Clock;

/**
 * Gives every change of an account or a device a version that none had before, so that no {@code
 * If-Match} meets what was deleted and made anew. They are milliseconds of the clock, or one more
 * than the last: the clock goes on while we don't run, and needs no row of its own that each change
 * would have to write. Only a clock that is set back while we don't run could give one again, and
 * that to something whose last holder was deleted before.
 */
final class Versions {
  private final Clock clock;
  private long last;

  Versions(Clock clock) {
    this.clock = clock;
  }

  /** There is something with this version. */
  void saw(long version) {
    last = Math.max(last, version);
  }

  long next() {
    last = Math.max(last + 1, clock.millis());
    return last;
  }
}
