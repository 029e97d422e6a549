package org.oicbridge.xmpp;

import java.time.Duration;
import org.oicbridge.config.AccountConfig;

/**
 * A stream that has lost its connection, for as long as its server may have kept it. For everybody
 * else the session is as online as before.
 */
final class Resumption {
  private final SessionMetrics metrics;
  private final BoundStream stream;
  private final Duration window;
  private final TimerWheel.Timer timer;
  private String location;

  /**
   * Begins with the loss.
   *
   * @param timeout how long to wait at most, if the server does not keep the stream for less
   * @param expired is called when that is over; whoever it calls ends this
   */
  Resumption(
      TimerWheel timers,
      SessionMetrics metrics,
      BoundStream stream,
      Duration timeout,
      Runnable expired) {
    this.metrics = metrics;
    this.stream = stream;
    Duration max = stream.management().max();
    this.window = max == null || max.compareTo(timeout) > 0 ? timeout : max;
    this.location = stream.management().location();
    this.timer = timers.start(Math.max(1, window.toMillis()), expired);
    metrics.detached();
  }

  BoundStream stream() {
    return stream;
  }

  /** How long the stream is kept from its loss on. */
  Duration window() {
    return window;
  }

  /** Where the server wants the first attempt to go, or null. */
  Target preferred(AccountConfig account) {
    String first = location;
    location = null;
    return Target.named(first, account);
  }

  /** It goes on. */
  void resumed() {
    over(SessionMetrics.Resumption.RESUMED);
  }

  /** It is gone for good. */
  void lost(SessionMetrics.Resumption why) {
    stream.ended();
    over(why);
  }

  private void over(SessionMetrics.Resumption outcome) {
    timer.cancel();
    metrics.resumption(outcome);
  }
}
