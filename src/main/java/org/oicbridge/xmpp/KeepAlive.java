package org.oicbridge.xmpp;

import io.vertx.core.Vertx;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.oicbridge.config.XmppConfig;

/**
 * Asks the server whether it is there when it has been silent for long, and gives up a dead
 * connection.
 */
final class KeepAlive {
  /** The namespace of XEP-0199. */
  static final String PING = "urn:xmpp:ping";

  private final Vertx vertx;
  private final XmppStream stream;
  private final Runnable ask;
  private final long intervalMillis;
  private final long timeoutMillis;
  private long timer = -1;
  private boolean closed;

  /**
   * Watches nothing yet.
   *
   * @param ask sends something that a server has to answer
   */
  KeepAlive(Vertx vertx, XmppConfig config, XmppStream stream, Runnable ask) {
    this.vertx = vertx;
    this.stream = stream;
    this.ask = ask;
    this.timeoutMillis = config.pingTimeout().toMillis();
    this.intervalMillis = config.pingInterval().toMillis();
  }

  /** Watches the stream from now on. */
  void watch() {
    // Sessions that came up together must not ping together for ever.
    long jitter = ThreadLocalRandom.current().nextLong(intervalMillis / 8 + 1);
    timer = vertx.setTimer(Math.max(1, remainingMillis() - jitter), id -> check());
  }

  void close() {
    closed = true;
    vertx.cancelTimer(timer);
  }

  private long remainingMillis() {
    long silent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - stream.lastReceived());
    return intervalMillis - silent;
  }

  private void check() {
    if (remainingMillis() > intervalMillis / 4) {
      watch();
      return;
    }
    long asked = System.nanoTime();
    ask.run();
    if (closed) {
      return;
    }
    timer =
        vertx.setTimer(
            timeoutMillis,
            id -> {
              // Any answer will do, and so will anything else that came in the meantime.
              if (stream.lastReceived() - asked < 0) {
                stream.end(StreamEnd.lost("the server does not answer a ping"));
              } else {
                watch();
              }
            });
  }
}
