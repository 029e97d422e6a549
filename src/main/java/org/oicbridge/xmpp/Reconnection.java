package org.oicbridge.xmpp;

import io.vertx.core.Vertx;
import java.util.concurrent.ThreadLocalRandom;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.XmppConfig;

/** When a session that is down tries again, and where. One timer at a time. */
final class Reconnection {
  /** How long a session must have been up before its earlier failures are forgotten. */
  private static final long HEALTHY_MILLIS = 60_000;

  private final Vertx vertx;
  private final Backoff backoff;
  private Target redirect;
  private boolean redirected;
  private long timer = -1;

  Reconnection(Vertx vertx, XmppConfig config) {
    this.vertx = vertx;
    this.backoff =
        new Backoff(config.reconnectBase(), config.reconnectCeiling(), ThreadLocalRandom.current());
  }

  /** The session is up. */
  void up() {
    redirected = false;
    cancel();
    timer = vertx.setTimer(HEALTHY_MILLIS, id -> backoff.reset());
  }

  /** Whatever was to come does not. */
  void cancel() {
    vertx.cancelTimer(timer);
  }

  /**
   * Makes another attempt when it is time for that.
   *
   * @param end why it is needed
   * @param lost the stream that may be resumed, or null
   * @return how long that takes, in milliseconds
   */
  long after(StreamEnd end, AccountConfig account, Resumption lost, Runnable attempt) {
    // A redirect is obeyed once.
    redirect = redirected ? null : end.redirectFor(account);
    redirected |= end.redirect() != null;
    long millis =
        redirect != null
            ? 1
            : lost == null ? backoff.next(end.kind()) : backoff.next(end.kind(), lost.window());
    cancel();
    timer = vertx.setTimer(millis, id -> attempt.run());
    return millis;
  }

  /**
   * Where the attempt goes that is made now; null for where the account says.
   *
   * @param lost the stream that may be resumed, or null
   */
  Target where(AccountConfig account, Resumption lost) {
    Target named = redirect;
    redirect = null;
    return named == null && lost != null ? lost.preferred(account) : named;
  }
}
