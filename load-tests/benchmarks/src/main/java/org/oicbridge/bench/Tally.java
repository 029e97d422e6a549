package org.oicbridge.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** Counts the round trips that ended with the right answer, and says whether more are to begin. */
final class Tally {
  private static final long PATIENCE_SECONDS = 60;

  private final LongAdder done = new LongAdder();
  private final AtomicReference<String> fault = new AtomicReference<>();
  private final CountDownLatch underWay;
  private volatile boolean stopping;

  /** Of so many that are under way at the same time. */
  Tally(int underWay) {
    this.underWay = new CountDownLatch(underWay);
  }

  /** One more has ended well; false when it is not to be followed by another. */
  boolean next() {
    done.increment();
    if (stopping) {
      underWay.countDown();
      return false;
    }
    return true;
  }

  /** One has ended otherwise, which ends the measurement. */
  void failed(String why) {
    fault.compareAndSet(null, why);
    stopping = true;
    underWay.countDown();
  }

  /** How many there were. */
  long count() {
    String why = fault.get();
    if (why != null) {
      throw new IllegalStateException(why);
    }
    return done.sum();
  }

  /** Begins no more, and waits for those that are under way. */
  void stop() throws InterruptedException {
    stopping = true;
    if (!underWay.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(underWay.getCount() + " round trips never ended");
    }
    count();
  }
}
