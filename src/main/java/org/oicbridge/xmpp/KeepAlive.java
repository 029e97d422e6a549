package org.oicbridge.xmpp;

import io.vertx.core.Vertx;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.oicbridge.config.XmppConfig;
import org.oicbridge.crudn.Jid;

/** Pings the server when it has been silent for long (XEP-0199), and gives up a dead connection. */
final class KeepAlive {
  static final String PING = "urn:xmpp:ping";

  private final Vertx vertx;
  private final XmppStream stream;
  private final IqRequests requests;
  private final Jid server;
  private final long intervalMillis;
  private long timer = -1;
  private boolean closed;

  KeepAlive(Vertx vertx, XmppConfig config, XmppStream stream, IqRequests requests, Jid self) {
    this.vertx = vertx;
    this.stream = stream;
    this.requests = requests;
    this.server = new Jid("", self.domain(), "");
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
    requests
        .get(server, Element.named("ping", PING).build())
        .onComplete(
            answer -> {
              if (closed) {
                return;
              }
              // Any answer will do, and so will anything else that came in the meantime.
              if (answer.failed() && stream.lastReceived() - asked < 0) {
                stream.end(StreamEnd.retry("the server does not answer a ping"));
              } else {
                watch();
              }
            });
  }
}
