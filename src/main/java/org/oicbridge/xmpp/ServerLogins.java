package org.oicbridge.xmpp;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.Jid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all logins of this process at one XMPP server have in common, whichever shard they are of:
 * how fast they follow each other, and a breaker. Servers ban the address that logins keep failing
 * from, and with it all accounts; so when one refuses many accounts, those whose credentials it has
 * never accepted wait, but for one now and then.
 */
final class ServerLogins implements Shareable {
  /** So many accounts that are refused within {@link #WINDOW} stop the others. */
  static final int REFUSALS = 10;

  /** Refusals there may be if all logins that are under way fail; ejabberd bans after 20. */
  static final int MOST_REFUSALS = 19;

  static final Duration WINDOW = Duration.ofMinutes(10);

  /** How long they wait at first, and after each further refusal twice as long. */
  static final Duration PAUSE = Duration.ofMinutes(10);

  /** Longer than the hour for which ejabberd counts. */
  static final Duration LONGEST_PAUSE = Duration.ofHours(2);

  /** How long it may take to see what becomes of the one that is let through. */
  private static final Duration PROBE = Duration.ofMinutes(2);

  private static final String MAP = "org.oicbridge.xmpp.servers";

  private static final Logger LOG = LoggerFactory.getLogger(ServerLogins.class);

  private final String server;
  private final long intervalNanos;
  private final LongSupplier nanoTime;
  private final Map<Jid, Long> refusals = new LinkedHashMap<>();
  private long nextLogin;
  private int underWay;
  private boolean tripped;
  private long closedUntil;
  private Duration pause = PAUSE;

  /**
   * Nobody has logged in yet.
   *
   * @param server its name for the log
   * @param perSecond how many logins may begin in a second, 0 for any number
   * @param nanoTime a clock such as {@link System#nanoTime()}
   */
  ServerLogins(String server, int perSecond, LongSupplier nanoTime) {
    this.server = server;
    this.intervalNanos = perSecond == 0 ? 0 : 1_000_000_000L / perSecond;
    this.nanoTime = nanoTime;
    this.nextLogin = nanoTime.getAsLong();
  }

  /** Those at the server of an account. */
  static ServerLogins of(Vertx vertx, AccountConfig account, int perSecond) {
    String server =
        account.address() == null
            ? account.jid().domain()
            : account.address() + ":" + account.port();
    return vertx
        .sharedData()
        .<String, ServerLogins>getLocalMap(MAP)
        .computeIfAbsent(server, name -> new ServerLogins(name, perSecond, System::nanoTime));
  }

  /** Takes the next place in the queue; how many milliseconds it is away. */
  synchronized long reserve() {
    long now = nanoTime.getAsLong();
    if (nextLogin - now < 0) {
      nextLogin = now;
    }
    long wait = nextLogin - now;
    nextLogin += intervalNanos;
    return (wait + 999_999) / 1_000_000;
  }

  /** Whether credentials may be tried that the server has not accepted yet; null, or why not. */
  synchronized String objection() {
    if (!tripped) {
      return null;
    }
    long now = nanoTime.getAsLong();
    if (closedUntil - now > 0) {
      return "logins at " + server + " that were never good wait: it refused too many";
    }
    closedUntil = now + PROBE.toNanos();
    return null;
  }

  /**
   * Begins a login with credentials that the server has not accepted yet.
   *
   * @return false while too many are under way; else it must {@link #leave()} once
   */
  synchronized boolean enter() {
    forgetOld();
    if (refusals.size() + underWay >= MOST_REFUSALS) {
      return false;
    }
    underWay++;
    return true;
  }

  /** Such a login is over, and told whether it was refused. */
  synchronized void leave() {
    underWay--;
  }

  private void forgetOld() {
    long now = nanoTime.getAsLong();
    refusals.values().removeIf(at -> now - at > WINDOW.toNanos());
  }

  /** The server has accepted credentials for the first time. */
  synchronized void accepted() {
    if (tripped) {
      tripped = false;
      pause = PAUSE;
      refusals.clear();
      LOG.info("{} accepts an account again, all others are tried", server);
    }
  }

  /**
   * The server has refused the credentials of an account.
   *
   * @return whether further logins are stopped for that
   */
  synchronized boolean refused(Jid account) {
    long now = nanoTime.getAsLong();
    if (tripped) {
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      closedUntil = now + pause.toNanos();
      return false;
    }
    forgetOld();
    refusals.put(account, now);
    if (refusals.size() < REFUSALS) {
      return false;
    }
    tripped = true;
    closedUntil = now + pause.toNanos();
    LOG.error(
        "{} refused the credentials of {} accounts within {} minutes: accounts that it has never"
            + " accepted are not tried for {} minutes, then one at a time, lest it bans this address",
        server,
        REFUSALS,
        WINDOW.toMinutes(),
        pause.toMinutes());
    return true;
  }
}
