package org.oicbridge.ibb;

import java.util.function.LongSupplier;

/** So many a second and no more, for what a hostile peer could make us do without end. */
final class RateLimit {
  private static final long SECOND = 1_000_000_000L;

  private final int perSecond;
  private final LongSupplier nanoTime;
  private long since;
  private int used;

  RateLimit(int perSecond, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
  }

  /** True when it may be done once more. */
  boolean permits() {
    long now = nanoTime.getAsLong();
    if (now - since >= SECOND) {
      since = now;
      used = 0;
    }
    return used < perSecond && used++ < perSecond;
  }
}
