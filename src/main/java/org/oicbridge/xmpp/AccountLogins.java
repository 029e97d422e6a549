package org.oicbridge.xmpp;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.xmpp.sasl.ScramKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What the logins of one account share: its keys, and what is known about its credentials. While no
 * session of the account is up, one login goes ahead of all others, so that a wrong password is
 * tried once and not by every session: servers ban the addresses that logins keep failing from.
 */
final class AccountLogins {
  private static final Logger LOG = LoggerFactory.getLogger(AccountLogins.class);

  private final AccountConfig account;
  private final ScramKeys keys;
  private final Deque<Promise<Runnable>> waiting = new ArrayDeque<>();
  private boolean pioneering;
  private boolean admitting;
  private boolean onTrial;
  private boolean proven;
  private String refusal;
  private int online;

  /**
   * The logins of an account of which nothing is known yet.
   *
   * @param onTrial whether somebody waits to be told if the credentials are right; a refusal is
   *     then an answer, and nothing that an operator has to look after
   */
  AccountLogins(Vertx vertx, AccountConfig account, boolean onTrial) {
    this.account = account;
    this.onTrial = onTrial;
    this.keys = new ScramKeys(vertx, account.password());
  }

  /** True when a session with this configuration logs in the same way. */
  boolean serves(AccountConfig other) {
    return reaches(other) && account.password().equals(other.password());
  }

  /** True when a session with this configuration is one at the same server, whatever it proves. */
  boolean reaches(AccountConfig other) {
    return account.jid().equals(other.jid())
        && account.port() == other.port()
        && account.tls() == other.tls()
        && Objects.equals(account.address(), other.address());
  }

  ScramKeys keys() {
    return keys;
  }

  /** Whether the server has accepted the credentials once. */
  boolean proven() {
    return proven;
  }

  /** Why the credentials are not used any more, or null. */
  String refusal() {
    return refusal;
  }

  /** The server refused the credentials. */
  void refused(String reason) {
    if (refusal == null) {
      refusal = reason;
      LOG.atLevel(onTrial ? Level.DEBUG : Level.ERROR)
          .log(
              "account {} stays offline until its credentials or its server are changed: {}",
              account.jid(),
              reason);
    }
  }

  /** Completes when a session may try. The result is to be run once when its attempt is over. */
  Future<Runnable> turn() {
    if (online > 0 || refusal != null) {
      return Future.succeededFuture(() -> {});
    }
    if (!pioneering) {
      pioneering = true;
      return Future.succeededFuture(this::pioneerIsBack);
    }
    Promise<Runnable> turn = Promise.promise();
    waiting.add(turn);
    return turn.future();
  }

  private void pioneerIsBack() {
    pioneering = false;
    // The next one may give up at once and come back here; the loop takes it, not the stack.
    if (admitting) {
      return;
    }
    admitting = true;
    while (!waiting.isEmpty() && !pioneering) {
      boolean known = online > 0 || refusal != null;
      pioneering = !known;
      waiting.remove().complete(known ? () -> {} : this::pioneerIsBack);
    }
    admitting = false;
  }

  /** A session has come up. */
  void up() {
    online++;
    proven = true;
    onTrial = false;
  }

  /** A session that was up has gone. */
  void down() {
    online--;
  }
}
