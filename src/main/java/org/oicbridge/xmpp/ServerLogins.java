package org.oicbridge.xmpp;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.Jid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all logins of this process at one XMPP server have in common, whichever shard they are of:
 * how fast they follow each other, how many are under way, and a breaker. Servers ban the address
 * that logins keep failing from, and with it all accounts; so when one refuses many accounts, those
 * whose credentials it has never accepted wait, but for one now and then. When it refuses several
 * that it did accept before, something is wrong with the server itself, and all wait like that.
 */
final class ServerLogins implements Shareable {
  /** So many accounts that are refused within {@link #WINDOW} stop those that were never good. */
  static final int REFUSALS = 10;

  /** So many of them that were good before stop all. */
  static final int LAPSES = 5;

  /**
   * Refusals there may be, if all logins that are under way fail, before one more begins that was
   * never good. ejabberd bans after 20.
   */
  static final int MOST_UNPROVEN = 13;

  /** The same for one that was good before: some places are always left for those. */
  static final int MOST_REFUSALS = 17;

  /** For as long ejabberd counts refusals, unless a login succeeds. */
  static final Duration WINDOW = Duration.ofHours(1);

  /** How long they wait at first, and after each further refusal twice as long. */
  static final Duration PAUSE = Duration.ofMinutes(10);

  /** Longer than {@link #WINDOW}. */
  static final Duration LONGEST_PAUSE = Duration.ofHours(2);

  /** How long it may take to see what becomes of the one that is let through. */
  private static final Duration PROBE = Duration.ofMinutes(2);

  private static final String MAP = "org.oicbridge.xmpp.servers";

  private static final Logger LOG = LoggerFactory.getLogger(ServerLogins.class);

  private final String server;
  private final long intervalNanos;
  private final LongSupplier nanoTime;
  private final Map<Jid, Refusal> refusals = new LinkedHashMap<>();
  private final Deque<Long> failures = new ArrayDeque<>();
  private long nextLogin;
  private int underWay;
  private boolean tripped;
  private boolean closedToAll;
  private boolean probing;
  private long closedUntil;
  private Duration pause = PAUSE;

  /** When an account was refused last, and whether it was good before. */
  private record Refusal(long at, boolean lapse) {}

  /** Whether a login may begin. */
  enum Entry {
    ENTERED,
    /** Not before others are over. */
    CROWDED,
    /** Not in the next minutes. */
    HELD_BACK
  }

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
    return vertx
        .sharedData()
        .<String, ServerLogins>getLocalMap(MAP)
        .computeIfAbsent(
            name(account), name -> new ServerLogins(name, perSecond, System::nanoTime));
  }

  /** What the server of an account is called here. */
  static String name(AccountConfig account) {
    return account.address() == null
        ? account.jid().domain()
        : account.address() + ":" + account.port();
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

  /** Why a login is held back. */
  String objection() {
    return "logins at " + server + " wait: it refused too many";
  }

  /**
   * Begins a login. When it is {@link Entry#ENTERED} it must {@link #leave()} once.
   *
   * @param proven whether the server has accepted the credentials before
   */
  synchronized Entry enter(boolean proven) {
    long now = nanoTime.getAsLong();
    forgetOld(now);
    boolean stopped = tripped && (closedToAll || !proven);
    int most = proven ? MOST_REFUSALS : MOST_UNPROVEN;
    if ((stopped && closedUntil - now > 0) || failures.size() >= most) {
      return Entry.HELD_BACK;
    }
    if (failures.size() + underWay >= most) {
      return Entry.CROWDED;
    }
    if (stopped) {
      probing = true;
      closedUntil = now + PROBE.toNanos();
    }
    underWay++;
    return Entry.ENTERED;
  }

  /** A login is over, and was told whether it was refused. */
  synchronized void leave() {
    underWay--;
  }

  private void forgetOld(long now) {
    refusals.values().removeIf(refusal -> now - refusal.at() > WINDOW.toNanos());
    failures.removeIf(at -> now - at > WINDOW.toNanos());
  }

  /**
   * The server has accepted credentials, with which ejabberd begins to count anew.
   *
   * @param proven whether it had done so before
   */
  synchronized void accepted(boolean proven) {
    failures.clear();
    // One account that is as good as ever says nothing about those that never were.
    if (tripped && (closedToAll || !proven)) {
      tripped = false;
      closedToAll = false;
      probing = false;
      pause = PAUSE;
      refusals.clear();
      LOG.info("{} accepts an account again, all others are tried", server);
    }
  }

  /**
   * The server has refused the credentials of an account.
   *
   * @param proven whether it has accepted them before
   * @return whether further logins are stopped for that
   */
  synchronized boolean refused(Jid account, boolean proven) {
    long now = nanoTime.getAsLong();
    forgetOld(now);
    failures.add(now);
    refusals.merge(
        account,
        new Refusal(now, proven),
        (before, fresh) -> new Refusal(now, before.lapse() || proven));
    long lapses = refusals.values().stream().filter(Refusal::lapse).count();
    if (lapses >= LAPSES && !closedToAll) {
      closedToAll = true;
      return trip(now, lapses + " accounts that it accepted before", "no account is");
    }
    if (!tripped && refusals.size() >= REFUSALS) {
      return trip(
          now, refusals.size() + " accounts", "accounts that it has never accepted are not");
    }
    if (probing) {
      probing = false;
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      closedUntil = now + pause.toNanos();
    }
    return false;
  }

  private boolean trip(long now, String whom, String consequence) {
    tripped = true;
    probing = false;
    closedUntil = now + pause.toNanos();
    LOG.error(
        "{} refused the credentials of {} within an hour: {} tried for {} minutes, then one at a"
            + " time, lest it bans this address",
        server,
        whom,
        consequence,
        pause.toMinutes());
    return true;
  }
}
