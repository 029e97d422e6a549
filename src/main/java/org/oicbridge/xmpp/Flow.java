package org.oicbridge.xmpp;

import java.util.function.Consumer;

/**
 * How much of what was to be sent has not left. It is full beyond a mark, and until there is less
 * than a quarter of that; who has something that can wait is told.
 */
final class Flow {
  /** In bytes. */
  static final int FULL = 1 << 20;

  /** At a limited speed, what goes through in so many seconds is as much. */
  private static final int FULL_SECONDS = 4;

  private final long mark;
  private Consumer<Boolean> listener = full -> {};
  private long bytes;
  private boolean full;

  /**
   * Nothing waits yet.
   *
   * @param bytesPerSecond how fast it goes out at most, 0 for any speed
   */
  Flow(int bytesPerSecond) {
    this.mark = bytesPerSecond == 0 ? FULL : Math.min(FULL, (long) FULL_SECONDS * bytesPerSecond);
  }

  /** Tells whether it is full, whenever that changes. */
  void listen(Consumer<Boolean> newListener) {
    listener = newListener;
  }

  /** So many bytes more wait, or less. */
  void change(int difference) {
    bytes += difference;
    boolean now = bytes > (full ? mark / 4 : mark);
    if (now != full) {
      full = now;
      listener.accept(now);
    }
  }
}
