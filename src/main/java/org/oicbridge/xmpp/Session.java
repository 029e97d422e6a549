package org.oicbridge.xmpp;

import io.vertx.core.Future;
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

  /** How long after a login that was tried the server may still end the older stream for it. */
  private static final long OWN_CONFLICT_NANOS = 10_000_000_000L;

  private final ShardContext shard;
  private final Reconnection reconnection;
  private AccountLogins account;
  private OpenSession order;
  private State state;
  private LoginAttempt attempt;
  private Resumption resumption;
  private boolean outageTold;
  private boolean held;
  private long released = System.nanoTime() - OWN_CONFLICT_NANOS;

  Session(ShardContext shard, AccountLogins account, OpenSession order) {
    this.shard = shard;
    this.account = account;
    this.order = order;
    this.reconnection = new Reconnection(shard.timers(), shard.outages(), shard.config());
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
   * it logs in again; one that is not tries it at once. With the same login again it tries anew
   * when it stopped for a conflict, which somebody may have ended.
   */
  void serve(AccountLogins login, OpenSession changed) {
    boolean sameLogin = login == account;
    account = login;
    revise(changed);
    boolean stopped = state == State.REFUSED && login.refusal() == null;
    if ((sameLogin && !stopped) || (state == State.ONLINE && resumption == null)) {
      return;
    }
    if (state == State.REFUSED) {
      tell(State.OFFLINE, "another login is tried");
    }
    abandon().onComplete(closed -> resume());
  }

  /** Is seen by others from now on, or not, while it stays bound. */
  void show(boolean available) {
    revise(order.shown(available));
  }

  private void revise(OpenSession changed) {
    order = changed;
    if (attempt != null) {
      attempt.serve(changed);
    }
    if (resumption != null && !resumption.stream().serve(changed)) {
      giveUp(SessionMetrics.Resumption.OVERFLOWED, "more was to be sent than is kept");
    }
  }

  /**
   * Leaves its full JID to a login that is tried: a stream that is up stays, and the server may end
   * it for the new one; nothing is attempted meanwhile, or the two would end each other.
   *
   * @return completes when nothing is under way
   */
  Future<Void> hold() {
    held = true;
    return state == State.ONLINE && resumption == null ? Future.succeededFuture() : abandon();
  }

  /** The login that was tried came to nothing: goes on as before. */
  void release() {
    held = false;
    released = System.nanoTime();
    if (state == State.ONLINE && attempt == null && resumption == null) {
      tell(State.OFFLINE, "a login that was tried and then failed took this one over");
    }
    resume();
  }

  /** Takes a stream that is online in the place of its own, which ends without a word. */
  void replace(LoginAttempt fresh, AccountLogins login, OpenSession changed) {
    reconnection.cancel();
    endResumption(SessionMetrics.Resumption.ABANDONED);
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

  /**
   * Sends a stanza, or drops it when the session is down. While the stream may be resumed it is
   * kept, and when that would be too much, the stream is given up.
   */
  void send(Ibb ibb) {
    BoundStream stream = bound();
    if (stream == null) {
      shard.unsent(ibb);
      shard.metrics().dropped(Dropped.SESSION_DOWN);
    } else if (!stream.send(ibb)) {
      shard.unsent(ibb);
      giveUp(SessionMetrics.Resumption.OVERFLOWED, "more was to be sent than is kept");
    }
  }

  /** Closes the session for good; completes when its socket is closed. */
  Future<Void> close() {
    if (state == State.CLOSED) {
      return Future.succeededFuture();
    }
    endResumption(SessionMetrics.Resumption.ABANDONED);
    tell(State.CLOSED, "closed");
    shard.metrics().changed(State.CLOSED, null);
    return abandon();
  }

  private BoundStream bound() {
    if (resumption != null) {
      return resumption.stream();
    }
    return attempt == null ? null : attempt.bound();
  }

  private void endResumption(SessionMetrics.Resumption why) {
    if (resumption != null) {
      resumption.lost(why);
      resumption = null;
    }
  }

  /** Gives up the stream that is lost, and whatever tries to resume it. */
  private void giveUp(SessionMetrics.Resumption why, String reason) {
    endResumption(why);
    tellOutage("the connection is lost and not resumed: " + reason);
    if (attempt != null) {
      abandon().onComplete(closed -> resume());
    }
  }

  /** Ends what is under way; completes when its socket is closed. */
  private Future<Void> abandon() {
    reconnection.cancel();
    LoginAttempt old = attempt;
    attempt = null;
    return old == null ? Future.succeededFuture() : old.close();
  }

  private void resume() {
    if (held || attempt != null || (state != State.OFFLINE && resumption == null)) {
      return;
    }
    reconnection.cancel();
    Target where = reconnection.where(order.account(), resumption);
    BoundStream lost = resumption == null ? null : resumption.stream();
    attempt = new LoginAttempt(shard, account, order, where, lost, this);
    attempt.start();
  }

  @Override
  public void online(LoginAttempt online) {
    up(online);
    LOG.info("{} is online, account {}", order.jid(), order.account().jid());
    tell(State.ONLINE, "");
  }

  @Override
  public void resumed(LoginAttempt resumed) {
    resumption.resumed();
    resumption = null;
    up(resumed);
    LOG.debug("{} is resumed, account {}", order.jid(), order.account().jid());
  }

  @Override
  public void lost(LoginAttempt attempt, String reason) {
    endResumption(SessionMetrics.Resumption.FAILED);
    tellOutage("the connection was lost and is not resumed: " + reason);
  }

  private void up(LoginAttempt online) {
    outageTold = false;
    reconnection.up();
    // Whom the account lets in may have changed during the login.
    online.bound().serve(order);
  }

  @Override
  public void ended(LoginAttempt ended, StreamEnd end) {
    if (ended != attempt) {
      return;
    }
    attempt = null;
    reconnection.cancel();
    if (ended.resumable() != null) {
      resumption =
          new Resumption(
              shard.timers(),
              shard.metrics(),
              ended.resumable(),
              shard.config().resumeTimeout(),
              () -> giveUp(SessionMetrics.Resumption.EXPIRED, "there was no connection in time"));
    }
    switch (end.kind()) {
      case CONFLICT -> {
        // Of the two streams that we had ourselves the server has kept the one on trial.
        if (System.nanoTime() - released < OWN_CONFLICT_NANOS) {
          retry(end);
        } else if (!held || state != State.ONLINE) {
          LOG.error("{} is offline and stays so: {}", order.jid(), end.reason());
          stop(end);
        }
      }
      case LOST, RETRY, SHUTDOWN, RETRY_LATE, HELD_BACK -> retry(end);
      case REFUSED -> {
        LOG.debug("{} is refused, account {}", order.jid(), order.account().jid());
        stop(end);
      }
      case CLOSED -> throw new IllegalStateException("only close() ends a stream so");
    }
  }

  /** Leaves it to a person. */
  private void stop(StreamEnd end) {
    endResumption(SessionMetrics.Resumption.ABANDONED);
    tell(State.REFUSED, end.reason());
  }

  private void retry(StreamEnd end) {
    long millis =
        reconnection.after(
            end,
            order.account(),
            resumption,
            () -> {
              shard.metrics().reconnecting();
              resume();
            });
    String reason = end.reason() + "; next attempt in " + (millis + 500) / 1000 + " s";
    if (resumption != null) {
      LOG.debug("{} is to be resumed: {}", order.jid(), reason);
    } else {
      // What holds it back has told the log on its own.
      outageTold |= end.kind() == StreamEnd.Kind.HELD_BACK;
      tellOutage(reason);
    }
  }

  private void tellOutage(String reason) {
    // Once for each outage: a fleet that waits for its server would fill the log otherwise.
    LOG.atLevel(outageTold ? Level.DEBUG : Level.WARN)
        .log("{} is offline, account {}: {}", order.jid(), order.account().jid(), reason);
    outageTold = true;
    tell(State.OFFLINE, reason);
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
