package org.oicbridge.xmpp;

import io.vertx.core.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionEvent.State;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.xmpp.SessionMetrics.Dropped;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Keeps one full JID online, attempt after attempt, until it is closed or refused. */
final class Session {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  /** How long a session must have been up before its earlier failures are forgotten. */
  private static final long HEALTHY_MILLIS = 60_000;

  private final ShardContext shard;
  private final AccountLogins account;
  private final OpenSession order;
  private final Backoff backoff;
  private State state;
  private LoginAttempt attempt;
  private Target redirect;
  private boolean redirected;
  private boolean outageTold;
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
    change(State.OFFLINE);
    attempt();
  }

  /** Sends a stanza, or drops it when the session is down. */
  void send(Ibb ibb) {
    BoundStream bound = attempt == null ? null : attempt.bound();
    if (bound == null) {
      shard.metrics().dropped(Dropped.SESSION_DOWN);
    } else {
      bound.send(ibb);
    }
  }

  /** Closes the session for good; completes when its socket is closed. */
  Future<Void> close() {
    if (state == State.CLOSED) {
      return Future.succeededFuture();
    }
    shard.vertx().cancelTimer(timer);
    tell(State.CLOSED, "closed");
    shard.metrics().changed(State.CLOSED, null);
    return attempt == null ? Future.succeededFuture() : attempt.close();
  }

  private void attempt() {
    Target where = redirect;
    redirect = null;
    attempt = new LoginAttempt(shard, account, order, where, this::online, this::ended);
    attempt.start();
  }

  private void online() {
    redirected = false;
    outageTold = false;
    LOG.info("{} is online, account {}", order.jid(), order.account().jid());
    tell(State.ONLINE, "");
    timer = shard.vertx().setTimer(HEALTHY_MILLIS, id -> backoff.reset());
  }

  private void ended(StreamEnd end) {
    if (state == State.CLOSED) {
      return;
    }
    shard.vertx().cancelTimer(timer);
    switch (end.kind()) {
      case RETRY, RETRY_LATE -> retry(end);
      case REFUSED -> {
        LOG.debug("{} is refused, account {}", order.jid(), order.account().jid());
        tell(State.REFUSED, end.reason());
      }
      case CLOSED -> throw new IllegalStateException("only close() ends a stream so");
    }
  }

  private void retry(StreamEnd end) {
    redirect = redirectOf(end);
    long millis = redirect != null ? 1 : backoff.next(end.kind() == StreamEnd.Kind.RETRY_LATE);
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
                  attempt();
                });
  }

  /** A redirect is obeyed once, and not where it could lead a stream without TLS elsewhere. */
  private Target redirectOf(StreamEnd end) {
    boolean obey = end.redirect() != null && !redirected && order.account().tls() != Tls.NONE;
    redirected |= end.redirect() != null;
    return obey ? Target.parse(end.redirect()) : null;
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
