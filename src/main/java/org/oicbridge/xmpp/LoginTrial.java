package org.oicbridge.xmpp;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.oicbridge.bus.LoginOutcome;
import org.oicbridge.bus.OpenSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A login that is tried once, with keys of its own: that its password is wrong says nothing about
 * the one that the account's sessions have.
 */
final class LoginTrial implements LoginAttempt.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(LoginTrial.class);

  private final ShardContext shard;
  private final OpenSession order;
  private final AccountLogins account;
  private final Jury jury;
  private final Promise<LoginOutcome> outcome = Promise.promise();
  private LoginAttempt attempt;
  private boolean redirected;

  /** Whom it tells how it went, before anybody else. */
  interface Jury {
    /** It is online, and the attempt is to be handed to a session. */
    void passed(LoginTrial trial);

    /** It came to nothing. */
    void failed(LoginTrial trial);
  }

  LoginTrial(ShardContext shard, OpenSession order, Jury jury) {
    this.shard = shard;
    this.order = order;
    this.account = new AccountLogins(shard.vertx(), order.account(), true);
    this.jury = jury;
  }

  OpenSession order() {
    return order;
  }

  AccountLogins account() {
    return account;
  }

  LoginAttempt attempt() {
    return attempt;
  }

  Future<LoginOutcome> outcome() {
    return outcome.future();
  }

  /** Tries; nothing happens when it was cancelled before. */
  void start() {
    if (!over()) {
      attempt(null);
    }
  }

  /** Gives it up; completes when its connection is closed. */
  Future<Void> cancel(String reason) {
    if (over()) {
      return Future.succeededFuture();
    }
    fail(reason);
    return attempt == null ? Future.succeededFuture() : attempt.close();
  }

  private boolean over() {
    return outcome.future().isComplete();
  }

  private void attempt(Target where) {
    attempt = new LoginAttempt(shard, account, order, where, null, this);
    attempt.start();
  }

  @Override
  public void online(LoginAttempt online) {
    LOG.info("the login that was tried as {} is good", order.jid());
    jury.passed(this);
    outcome.complete(new LoginOutcome(true, ""));
  }

  @Override
  public void resumed(LoginAttempt resumed) {
    throw new IllegalStateException("a trial resumes nothing");
  }

  @Override
  public void lost(LoginAttempt attempt, String reason) {
    throw new IllegalStateException("a trial resumes nothing");
  }

  @Override
  public void ended(LoginAttempt ended, StreamEnd end) {
    if (over()) {
      return;
    }
    Target where = redirected ? null : end.redirectFor(order.account());
    if (where != null) {
      redirected = true;
      attempt(where);
    } else if (end.kind() == StreamEnd.Kind.HELD_BACK) {
      finish(new LoginOutcome(false, true, end.reason()));
    } else {
      fail(end.reason());
    }
  }

  private void fail(String reason) {
    LOG.info("the login that was tried as {} came to nothing: {}", order.jid(), reason);
    finish(new LoginOutcome(false, reason));
  }

  private void finish(LoginOutcome unbound) {
    jury.failed(this);
    outcome.complete(unbound);
  }
}
