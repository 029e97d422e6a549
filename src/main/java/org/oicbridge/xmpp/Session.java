package org.oicbridge.xmpp;

import io.vertx.core.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionEvent.State;
import org.oicbridge.xmpp.SessionMetrics.Dropped;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Keeps one full JID online, attempt after attempt, until it is closed or refused. */
final class Session implements LoginAttempt.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  /** How long a session must have been up before its earlier failures are forgotten. */
  private static final long HEALTHY_MILLIS = 60_000;

  private final ShardContext shard;
  private final Backoff backoff;
  private AccountLogins account;
  private OpenSession order;
  private State state;
  private LoginAttempt attempt;
  private Target redirect;
  private boolean redirected;
  private boolean outageTold;
  private boolean held;
  private long timer = -1;

  Session(ShardContext shard, AccountLogins account, OpenSession order) {
    this.shard = shard;
    this.account = account;
    this.order = order;
    this.backoff =
        new Backoff(
            shard.config().reconnectBase(),
            shard.config().reconnectCeiling(),
            ThreadLocalRandom.current());
  }

  OpenSession order() {
    return order;
  }

  AccountLogins account() {
    return account;
  }

  void open() {
    // A login that was tried may have brought it up already.
    if (state == null) {
      change(State.OFFLINE);
      resume();
    }
  }

  /**
   * Goes on with another login at the same server. A session that is up stays up and uses it when
   * it logs in again; one that is not tries it at once.
   */
  void serve(AccountLogins login, OpenSession changed) {
    boolean sameLogin = login == account;
    account = login;
    order = changed;
    if (bound() != null) {
      bound().serve(changed);
    }
    if (sameLogin || state == State.ONLINE) {
      return;
    }
    if (state == State.REFUSED) {
      tell(State.OFFLINE, "another login is tried");
    }
    abandon().onComplete(closed -> resume());
  }

  /**
   * Leaves its full JID to a login that is tried: a stream that is up stays, and the server may end
   * it for the new one; nothing is attempted meanwhile, or the two would end each other.
   *
   * @return completes when nothing is under way
   */
  Future<Void> hold() {
    held = true;
    return state == State.ONLINE ? Future.succeededFuture() : abandon();
  }

  /** The login that was tried came to nothing: goes on as before. */
  void release() {
    held = false;
    if (state == State.ONLINE && attempt == null) {
      tell(State.OFFLINE, "a login that was tried and then failed took this one over");
    }
    resume();
  }

  /** Takes a stream that is online in the place of its own, which ends without a word. */
  void replace(LoginAttempt fresh, AccountLogins login, OpenSession changed) {
    shard.vertx().cancelTimer(timer);
    LoginAttempt old = attempt;
    attempt = fresh;
    account = login;
    order = changed;
    held = false;
    fresh.handTo(this);
    if (old != null) {
      old.close();
    }
    online(fresh);
  }

  /** Sends a stanza, or drops it when the session is down. */
  void send(Ibb ibb) {
    if (bound() == null) {
      shard.metrics().dropped(Dropped.SESSION_DOWN);
    } else {
      bound().send(ibb);
    }
  }

  /** Closes the session for good; completes when its socket is closed. */
  Future<Void> close() {
    if (state == State.CLOSED) {
      return Future.succeededFuture();
    }
    tell(State.CLOSED, "closed");
    shard.metrics().changed(State.CLOSED, null);
    return abandon();
  }

  private BoundStream bound() {
    return attempt == null ? null : attempt.bound();
  }

  /** Ends what is under way; completes when its socket is closed. */
  private Future<Void> abandon() {
    shard.vertx().cancelTimer(timer);
    LoginAttempt old = attempt;
    attempt = null;
    return old == null ? Future.succeededFuture() : old.close();
  }

  private void resume() {
    if (held || attempt != null || state != State.OFFLINE) {
      return;
    }
    shard.vertx().cancelTimer(timer);
    Target where = redirect;
    redirect = null;
    attempt = new LoginAttempt(shard, account, order, where, this);
    attempt.start();
  }

  @Override
  public void online(LoginAttempt online) {
    redirected = false;
    outageTold = false;
    // Whom the account lets in may have changed during the login.
    online.bound().serve(order);
    LOG.info("{} is online, account {}", order.jid(), order.account().jid());
    tell(State.ONLINE, "");
    timer = shard.vertx().setTimer(HEALTHY_MILLIS, id -> backoff.reset());
  }

  @Override
  public void ended(LoginAttempt ended, StreamEnd end) {
    if (ended != attempt) {
      return;
    }
    attempt = null;
    shard.vertx().cancelTimer(timer);
    switch (end.kind()) {
      case CONFLICT -> {
        // Of the two streams that we have ourselves, the server has kept the one on trial.
        if (!held || state != State.ONLINE) {
          retry(end, true);
        }
      }
      case RETRY, RETRY_LATE -> retry(end, end.kind() == StreamEnd.Kind.RETRY_LATE);
      case REFUSED -> {
        LOG.debug("{} is refused, account {}", order.jid(), order.account().jid());
        tell(State.REFUSED, end.reason());
      }
      case CLOSED -> throw new IllegalStateException("only close() ends a stream so");
    }
  }

  private void retry(StreamEnd end, boolean late) {
    redirect = redirectOf(end);
    long millis = redirect != null ? 1 : backoff.next(late);
    String reason = end.reason() + "; next attempt in " + (millis + 500) / 1000 + " s";
    // Once for each outage: a fleet that waits for its server would fill the log otherwise.
    LOG.atLevel(outageTold ? Level.DEBUG : Level.WARN)
        .log("{} is offline, account {}: {}", order.jid(), order.account().jid(), reason);
    outageTold = true;
    tell(State.OFFLINE, reason);
    timer =
        shard
            .vertx()
            .setTimer(
                millis,
                id -> {
                  shard.metrics().reconnecting();
                  resume();
                });
  }

  /** A redirect is obeyed once. */
  private Target redirectOf(StreamEnd end) {
    Target where = redirected ? null : end.redirectFor(order.account());
    redirected |= end.redirect() != null;
    return where;
  }

  private void tell(State next, String reason) {
    change(next);
    Contracts.SESSION.publish(
        shard.vertx().eventBus(),
        shard.number(),
        new SessionEvent(order.jid(), order.role(), next, reason));
  }

  private void change(State next) {
    shard.metrics().changed(state, next);
    state = next;
  }
}
