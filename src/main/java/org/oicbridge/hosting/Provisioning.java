package org.oicbridge.hosting;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Objects;
import org.oicbridge.bus.AccountOutcome;
import org.oicbridge.bus.LoginOutcome;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.Provision;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Status;
import org.oicbridge.store.StoredAccount;
import org.oicbridge.store.StoredAccount.Login;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two sets of values of one account (OIC Remote Access section 6.2.1): what is set becomes the
 * pending set, which is tried once and becomes the active one when it has bound. Until then, and
 * when it has not, whatever is connected stays connected. While too many are refused at its server,
 * it waits to be tried.
 */
final class Provisioning {
  private static final Logger LOG = LoggerFactory.getLogger(Provisioning.class);

  /** What becomes of an account beyond its own values. */
  interface Accounts {
    /** Serves an account with the login that has bound. */
    void bound(Account account, Jid before);

    /** The first values of an account are on disk. */
    void made(Account account, Provisioning provisioning);

    /** An account shows something else. */
    void changed(Account account);
  }

  private final Vertx vertx;
  private final Turns turns;
  private final Ledger ledger;
  private final Shards shards;
  private final Timing timing;
  private final Versions versions;
  private final Accounts accounts;
  private final Account account;

  /** When the credential of the pending set was given; null when that is not known. */
  private Long credentialGiven;

  /** Whether there was a password that must not go to the address that was set. */
  private boolean withheld;

  private Long wait;

  /** The session that has bound and waits to be written, and what became of it meanwhile. */
  private OpenSession binding;

  private SessionEvent since;
  private boolean trying;
  private boolean gone;

  Provisioning(Parts parts, Accounts accounts, Account account) {
    this.vertx = parts.vertx();
    this.turns = parts.turns();
    this.ledger = parts.ledger();
    this.shards = parts.shards();
    this.timing = parts.timing();
    this.versions = parts.versions();
    this.accounts = accounts;
    this.account = account;
  }

  /** Takes values into the pending set, in a turn. */
  Future<AccountOutcome> provision(Provision given, boolean made) {
    StoredAccount before = account.stored();
    Login base = before.pending() != null ? before.pending() : before.active();
    Login next = LoginValues.merge(base, account.standard() ? null : before.jid(), given);
    boolean credential = given.credential() != null;
    boolean keepsOut = !credential && !LoginValues.samePlace(base, next) && !fresh();
    boolean hadPassword = next.password() != null;
    if (keepsOut) {
      next = next.withPassword(passwordOf(next, before.active()));
    }
    if (!made && nothingNew(next, before)) {
      return Future.succeededFuture(AccountOutcome.done(Status.OK, account.view()));
    }
    boolean nowWithheld = next.password() == null && (hadPassword || withheld);
    StoredAccount changed = before.withPending(next, versions.next());
    return ledger
        .putAccount(changed)
        .map(
            written -> {
              account.store(changed);
              withheld = nowWithheld;
              if (credential) {
                credentialGiven = timing.nanoTime().getAsLong();
              }
              if (made) {
                accounts.made(account, this);
              }
              accounts.changed(account);
              settle();
              return AccountOutcome.done(status(made), account.view());
            });
  }

  /** The default account is always there; any other one may be made. */
  private Status status(boolean made) {
    return made && !account.standard() ? Status.CREATED : Status.OK;
  }

  /** Back at the place where the active password belongs, it may be used again. */
  private static String passwordOf(Login next, Login active) {
    return active != null
            && LoginValues.samePlace(active, next)
            && Objects.equals(active.jid(), next.jid())
        ? active.password()
        : null;
  }

  private boolean nothingNew(Login next, StoredAccount before) {
    return before.pending() == null && next.equals(before.active()) && account.isOnline();
  }

  /** A credential goes with an address that is set a little later. */
  private boolean fresh() {
    return credentialGiven != null
        && timing.nanoTime().getAsLong() - credentialGiven <= timing.userWait().toNanos();
  }

  /** Does what the pending set is there for: tries it, or waits for what is missing. */
  void settle() {
    stopWaiting();
    StoredAccount now = account.stored();
    if (gone || trying || now.pending() == null || now.failure() != null) {
      return;
    }
    if (LoginValues.complete(now.pending(), account.standard())) {
      tryOnce(now);
    } else if (waitsForUser(now)) {
      wait =
          vertx.setTimer(
              timing.userWait().toMillis(), id -> turns.takeAnyway(() -> nobodyCame(now)));
    }
  }

  /** An account that never had a user is not initialized, which is no error. */
  private boolean waitsForUser(StoredAccount now) {
    return now.pending().password() == null && (withheld || now.active() != null);
  }

  private Future<Void> nobodyCame(StoredAccount then) {
    if (gone || !account.stored().equals(then)) {
      return Future.succeededFuture();
    }
    wait = null;
    return failed(
        then,
        "the address was set without a user: a credential is needed, because the one that was"
            + " there must not be sent to another server");
  }

  private void tryOnce(StoredAccount tried) {
    trying = true;
    OpenSession session = account.session(LoginValues.config(tried.pending()));
    shards
        .tryLogin(session)
        .onSuccess(
            outcome -> {
              binding = outcome.bound() ? session : null;
              since = null;
              turns.takeAnyway(() -> ended(tried, session, outcome));
            });
  }

  /** Takes what became of a session of the account's, as long as it is not the active one. */
  void sessionChanged(SessionEvent event) {
    if (binding != null && binding.jid().equals(event.jid())) {
      since = event;
    }
  }

  private Future<Void> ended(StoredAccount tried, OpenSession session, LoginOutcome outcome) {
    trying = false;
    if (gone || !tried.pending().equals(account.stored().pending())) {
      LOG.info("account {}: newer values were set while these were tried", session.jid().bare());
      leave(session, outcome);
      settle();
      return Future.succeededFuture();
    }
    if (outcome.heldBack()) {
      waitForServer(session, outcome.reason());
      return Future.succeededFuture();
    }
    return outcome.bound() ? bound(session) : failed(account.stored(), outcome.reason());
  }

  private void waitForServer(OpenSession session, String reason) {
    LOG.info("account {}: what was set waits to be tried: {}", session.jid().bare(), reason);
    HostingMetrics.trial("held_back");
    wait =
        vertx.setTimer(
            timing.trialRetry().toMillis(),
            id ->
                turns.takeAnyway(
                    () -> {
                      settle();
                      return Future.succeededFuture();
                    }));
  }

  private Future<Void> bound(OpenSession session) {
    StoredAccount now = account.stored();
    StoredAccount active = now.bound();
    return ledger
        .replaceAccount(now.jid(), active)
        .map(
            written -> {
              account.store(active);
              account.online();
              if (since != null) {
                account.sessionChanged(since);
              }
              binding = null;
              credentialGiven = null;
              withheld = false;
              HostingMetrics.trial("bound");
              LOG.info("account {}: the values that were set have bound", active.jid());
              accounts.bound(account, now.jid());
              accounts.changed(account);
              return (Void) null;
            })
        .recover(
            error -> {
              leave(session, new LoginOutcome(true, ""));
              return failed(now, "the login works, but that could not be written");
            });
  }

  /** Nothing is tried again; the failure outlives a restart. */
  private Future<Void> failed(StoredAccount tried, String reason) {
    StoredAccount failed = tried.failed(reason.isEmpty() ? "the login failed" : reason);
    HostingMetrics.trial("failed");
    LOG.warn("account {}: {}", name(tried), failed.failure());
    // What could not be written is tried once more after a restart, no worse than a crash.
    return ledger
        .putAccount(failed)
        .otherwiseEmpty()
        .map(
            written -> {
              account.store(failed);
              accounts.changed(account);
              return null;
            });
  }

  private static String name(StoredAccount account) {
    Jid jid = account.pending().jid();
    return jid == null ? "without a JID" : jid.toString();
  }

  /** A session that a trial nobody waits for has left behind gives way to what is active. */
  private void leave(OpenSession session, LoginOutcome outcome) {
    if (!outcome.bound()) {
      return;
    }
    if (!gone && account.login() != null && account.login().jid().equals(session.account().jid())) {
      shards.hostAccount(account.login(), account.gatewayId());
    } else {
      shards.close(session.jid());
    }
  }

  /** The account is no more. */
  void end() {
    gone = true;
    stopWaiting();
  }

  private void stopWaiting() {
    if (wait != null) {
      vertx.cancelTimer(wait);
      wait = null;
    }
  }
}
