package org.oicbridge.xmpp;

import java.util.concurrent.ThreadLocalRandom;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.XmppConfig;

/** When a session that is down tries again, and where. One timer at a time. */
final class Reconnection implements Outages.Waiting {
  /** How long a session must have been up before its earlier failures are forgotten. */
  private static final long HEALTHY_NANOS = 60_000_000_000L;

  private final TimerWheel timers;
  private final Outages outages;
  private final Backoff backoff;
  private Target redirect;
  private boolean redirected;
  private TimerWheel.Timer timer;

  /** Since when the session is up, as {@link System#nanoTime()}. */
  private long upSince;

  private boolean up;

  /** What is to be done when the timer fires, and which server that is about. */
  private Runnable next;

  private String server;

  Reconnection(TimerWheel timers, Outages outages, XmppConfig config) {
    this.timers = timers;
    this.outages = outages;
    this.backoff =
        new Backoff(config.reconnectBase(), config.reconnectCeiling(), ThreadLocalRandom.current());
  }

  /** The session is up. */
  void up() {
    redirected = false;
    cancel();
    up = true;
    upSince = System.nanoTime();
  }

  /** Whatever was to come does not. */
  void cancel() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    if (next != null) {
      next = null;
      outages.waitsNoMore(server, this);
    }
  }

  @Override
  public void hurry() {
    Runnable attempt = next;
    cancel();
    if (attempt != null) {
      attempt.run();
    }
  }

  /**
   * Makes another attempt when it is time for that.
   *
   * @param end why it is needed
   * @param lost the stream that may be resumed, or null
   * @return how long that takes, in milliseconds
   */
  long after(StreamEnd end, AccountConfig account, Resumption lost, Runnable attempt) {
    if (up && System.nanoTime() - upSince >= HEALTHY_NANOS) {
      backoff.reset();
    }
    up = false;
    // A redirect is obeyed once.
    redirect = redirected ? null : end.redirectFor(account);
    redirected |= end.redirect() != null;
    long millis =
        redirect != null
            ? 1
            : lost == null ? backoff.next(end.kind()) : backoff.next(end.kind(), lost.window());
    cancel();
    timer = timers.start(millis, this::hurry);
    next = attempt;
    server = ServerLogins.name(account);
    switch (end.kind()) {
      case LOST, RETRY, SHUTDOWN -> outages.waits(server, this);
      default -> {
        // It is this session that the server does not like.
      }
    }
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
