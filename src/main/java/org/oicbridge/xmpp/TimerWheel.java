package org.oicbridge.xmpp;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The timers of all sessions of a shard: a wheel that one timer of Vert.x turns, as long as there
 * are any. To start and to cancel one takes the same short time however many there are. Used on the
 * shard's event loop only.
 *
 * <p>A timer fires never early, and up to {@link #TICK_MILLIS} late.
 */
final class TimerWheel {
  static final long TICK_MILLIS = 20;

  private static final Logger LOG = LoggerFactory.getLogger(TimerWheel.class);
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);

  /** A power of two; a turn takes ten seconds, and what is later stays for further turns. */
  private static final int SLOTS = 512;

  private static final long STANDS_STILL = -1;

  private final Vertx vertx;
  private final LongSupplier nanoTime;
  private final long origin;
  private final Timer[] slots = new Timer[SLOTS];
  private final List<Timer> due = new ArrayList<>();

  /** The last tick whose timers have fired. */
  private long tick;

  private int count;
  private long turning = STANDS_STILL;

  /** One that was started. */
  final class Timer {
    private final long at;

    /** Null when it has fired or was cancelled: whoever keeps the timer keeps nothing else. */
    private Runnable action;

    private Timer previous;
    private Timer next;

    private Timer(long at, Runnable action) {
      this.at = at;
      this.action = action;
    }

    /** It does not fire any more; does no harm when it has. */
    void cancel() {
      if (action != null) {
        action = null;
        remove(this);
      }
    }
  }

  TimerWheel(Vertx vertx) {
    this(vertx, System::nanoTime);
  }

  TimerWheel(Vertx vertx, LongSupplier nanoTime) {
    this.vertx = vertx;
    this.nanoTime = nanoTime;
    this.origin = nanoTime.getAsLong();
  }

  /** Has an action run once, when so many milliseconds have passed. */
  Timer start(long millis, Runnable action) {
    long now = nanoTime.getAsLong() - origin;
    if (count == 0) {
      tick = now / TICK_NANOS;
    }
    long nanos = TimeUnit.MILLISECONDS.toNanos(Math.max(0, millis));
    // Rounded up, and a tick that is over by now does not come again.
    long at = Math.max(tick + 1, (now + nanos + TICK_NANOS - 1) / TICK_NANOS);
    Timer timer = new Timer(at, action);
    int slot = (int) at & (SLOTS - 1);
    timer.next = slots[slot];
    if (timer.next != null) {
      timer.next.previous = timer;
    }
    slots[slot] = timer;
    count++;
    if (turning == STANDS_STILL) {
      turning = vertx.setPeriodic(TICK_MILLIS, id -> turn());
    }
    return timer;
  }

  /** How many wait. */
  int count() {
    return count;
  }

  private void remove(Timer timer) {
    if (timer.previous == null) {
      // Of a timer that is due, and cancelled by one that was due before it, nothing is left.
      int slot = (int) timer.at & (SLOTS - 1);
      if (slots[slot] != timer) {
        return;
      }
      slots[slot] = timer.next;
    } else {
      timer.previous.next = timer.next;
    }
    if (timer.next != null) {
      timer.next.previous = timer.previous;
    }
    timer.previous = null;
    timer.next = null;
    count--;
  }

  /** Fires what is due. */
  void turn() {
    long now = (nanoTime.getAsLong() - origin) / TICK_NANOS;
    // After a turn or more in which the loop was busy, each slot once will do.
    long from = Math.max(tick + 1, now - SLOTS + 1);
    tick = Math.max(tick, now);
    for (long one = from; one <= now; one++) {
      collect((int) one & (SLOTS - 1), now);
    }
    for (Timer timer : due) {
      Runnable action = timer.action;
      if (action != null) {
        timer.action = null;
        run(action);
      }
    }
    due.clear();
    if (count == 0 && turning != STANDS_STILL) {
      vertx.cancelTimer(turning);
      turning = STANDS_STILL;
    }
  }

  private void collect(int slot, long now) {
    Timer timer = slots[slot];
    while (timer != null) {
      Timer next = timer.next;
      if (timer.at <= now) {
        remove(timer);
        due.add(timer);
      }
      timer = next;
    }
  }

  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      // A defect of one session; the others' timers go on.
      LOG.error("a timer's action failed", e);
    }
  }
}
