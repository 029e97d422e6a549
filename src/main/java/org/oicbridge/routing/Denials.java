package org.oicbridge.routing;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.oicbridge.crudn.CrudnRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log who was refused what. Whoever is refused decides how often, so only so many lines a
 * minute are written, and how many were not.
 */
final class Denials {
  /** Lines in a minute. */
  static final int LINES = 60;

  private static final Logger LOG = LoggerFactory.getLogger(Denials.class);
  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int MAX_TEXT = 200;

  private final LongSupplier nanoTime;
  private long since;
  private int count;

  Denials(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
  }

  void tell(CrudnRequest request) {
    long now = nanoTime.getAsLong();
    if (now - since >= MINUTE_NANOS) {
      if (count > LINES) {
        LOG.warn("{} more requests were denied", count - LINES);
      }
      since = now;
      count = 0;
    }
    count++;
    if (count <= LINES) {
      LOG.warn(
          "denied: {} may not {} {} of device {} on account {}",
          printable(request.requester()),
          request.operation().method(),
          printable(request.path()),
          request.target(),
          request.account());
    }
  }

  /** What others have chosen, in one line of bounded length. */
  private static String printable(Object value) {
    String text = String.valueOf(value);
    String shown = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    return shown.replaceAll("[\\p{C}\\u2028\\u2029]", "?");
  }
}
