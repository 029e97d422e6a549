package org.oicbridge.xmpp;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.oicbridge.config.XmppConfig;

/**
 * Asks the server whether it is there when it has been silent for long, and gives up a connection
 * on which nothing follows a question, whoever asked it.
 */
final class KeepAlive {
  /** The namespace of XEP-0199. */
  static final String PING = "urn:xmpp:ping";

  private final TimerWheel timers;
  private final XmppStream stream;
  private final Runnable ask;
  private final long intervalMillis;
  private final long timeoutMillis;
  private TimerWheel.Timer timer;
  private boolean waiting;
  private long asked;
  private long patienceMillis;
  private boolean closed;

  /**
   * Watches nothing yet.
   *
   * @param ask sends something that a server has to answer
   */
  KeepAlive(TimerWheel timers, XmppConfig config, XmppStream stream, Runnable ask) {
    this.timers = timers;
    this.stream = stream;
    this.ask = ask;
    this.timeoutMillis = config.pingTimeout().toMillis();
    this.intervalMillis = config.pingInterval().toMillis();
  }

  /** Watches the stream from now on. */
  void watch() {
    // Sessions that came up together must not ping together for ever.
    long jitter = ThreadLocalRandom.current().nextLong(intervalMillis / 8 + 1);
    timer = timers.start(Math.max(1, remainingMillis() - jitter), this::check);
  }

  void close() {
    closed = true;
    cancel();
  }

  private void cancel() {
    if (timer != null) {
      timer.cancel();
    }
  }

  private long remainingMillis() {
    return intervalMillis - millisSince(stream.lastReceived());
  }

  private static long millisSince(long nanoTime) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
  }

  private void check() {
    if (remainingMillis() > intervalMillis / 4) {
      watch();
      return;
    }
    ask.run();
    if (!waiting) {
      asked(0);
    }
  }

  /**
   * Something was sent that the server has to answer.
   *
   * @param onTheWay how long what was sent before it may take to get through, in milliseconds; what
   *     is beyond the interval does not count
   */
  void asked(long onTheWay) {
    if (closed) {
      return;
    }
    asked = System.nanoTime();
    patienceMillis = timeoutMillis + Math.min(onTheWay, intervalMillis);
    if (!waiting) {
      waiting = true;
      cancel();
      await();
    }
  }

  private void await() {
    long question = asked;
    long left = patienceMillis - millisSince(question);
    timer = timers.start(Math.max(1, left), () -> judge(question));
  }

  /** Any answer will do, and so will anything else that came in the meantime. */
  private void judge(long question) {
    if (stream.lastReceived() - question < 0) {
      stream.end(StreamEnd.lost("the server does not answer a ping"));
    } else if (stream.lastReceived() - asked < 0) {
      // There was another question since, and nothing after that.
      await();
    } else {
      waiting = false;
      watch();
    }
  }
}
