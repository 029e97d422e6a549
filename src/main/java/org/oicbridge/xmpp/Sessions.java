package org.oicbridge.xmpp;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.LoginOutcome;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.ShowSession;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.Jid;
import org.oicbridge.xmpp.SessionMetrics.Dropped;

/** The sessions of a shard by their full JID, and what those of one account share. */
final class Sessions implements LoginTrial.Jury {
  private final ShardContext shard;
  private final Map<Jid, Session> byJid = new HashMap<>();
  private final Map<Jid, AccountLogins> byAccount = new HashMap<>();
  private final Map<Jid, LoginTrial> trials = new HashMap<>();

  Sessions(ShardContext shard) {
    this.shard = shard;
  }

  /**
   * Opens a session. One that is open at the same server stays, and has the new password from its
   * next login on; one that is open elsewhere is closed first.
   */
  Future<Done> open(OpenSession order) {
    if (isWrong(order)) {
      return wrong(order);
    }
    Session present = byJid.get(order.jid());
    AccountLogins account = logins(order.account(), present);
    if (present != null
        && present.account().reaches(order.account())
        && present.order().role() == order.role()) {
      present.serve(account, order);
      return Future.succeededFuture(new Done());
    }
    Future<?> replaced =
        Future.join(
            cancel(trials.remove(order.jid()), "the session is opened in another way"),
            present == null ? Future.succeededFuture() : present.close());
    Session session = new Session(shard, account, order);
    byJid.put(order.jid(), session);
    // The old stream has to be gone, or the server would see a conflict between the two.
    replaced.onComplete(
        done -> {
          if (byJid.get(order.jid()) == session) {
            session.open();
          }
        });
    return Future.succeededFuture(new Done());
  }

  /** What the logins with this configuration share, which the session may be the first to have. */
  private AccountLogins logins(AccountConfig login, Session present) {
    return byAccount.compute(
        login.jid(),
        (jid, known) -> {
          if (known != null && known.serves(login)) {
            return known;
          }
          return present != null && present.account().serves(login)
              ? present.account()
              : new AccountLogins(shard.vertx(), login, false);
        });
  }

  /** Tries once to bind a full JID, and makes a session of it when that goes well. */
  Future<LoginOutcome> attempt(OpenSession order) {
    if (isWrong(order)) {
      return wrong(order);
    }
    Session present = byJid.get(order.jid());
    LoginTrial trial = new LoginTrial(shard, order, this);
    LoginTrial earlier = trials.put(order.jid(), trial);
    Future.join(
            cancel(earlier, "another login is tried in its place"),
            present == null ? Future.succeededFuture() : present.hold())
        .onComplete(done -> trial.start());
    return trial.outcome();
  }

  /** Gives up a trial, which must be out of the map: its session has nothing to go on with. */
  private static Future<Void> cancel(LoginTrial trial, String reason) {
    return trial == null ? Future.succeededFuture() : trial.cancel(reason);
  }

  @Override
  public void passed(LoginTrial trial) {
    OpenSession order = trial.order();
    trials.remove(order.jid(), trial);
    byAccount.putIfAbsent(order.account().jid(), trial.account());
    byJid
        .computeIfAbsent(order.jid(), jid -> new Session(shard, trial.account(), order))
        .replace(trial.attempt(), trial.account(), order);
  }

  @Override
  public void failed(LoginTrial trial) {
    Session session = byJid.get(trial.order().jid());
    if (trials.remove(trial.order().jid(), trial) && session != null) {
      session.release();
    }
  }

  private static boolean isWrong(OpenSession order) {
    return order.jid().isBare() || !order.jid().bare().equals(order.account().jid());
  }

  private static <T> Future<T> wrong(OpenSession order) {
    return Future.failedFuture(
        order.jid() + " is not a full JID of the account " + order.account().jid());
  }

  /** Closes a session, or all of an account; answers when the streams are closed. */
  Future<Done> close(Jid jid) {
    List<Future<Void>> closing = new ArrayList<>();
    for (Jid full : jid.isBare() ? of(jid) : Set.of(jid)) {
      closing.add(cancel(trials.remove(full), "the session is closed"));
      Session session = byJid.remove(full);
      if (session != null) {
        closing.add(session.close());
      }
    }
    Jid account = jid.bare();
    if (byJid.keySet().stream().noneMatch(other -> other.bare().equals(account))) {
      byAccount.remove(account);
    }
    return Future.join(closing).map(new Done());
  }

  private Set<Jid> of(Jid account) {
    return Stream.concat(byJid.keySet().stream(), trials.keySet().stream())
        .filter(full -> full.bare().equals(account))
        .collect(Collectors.toSet());
  }

  /** Sends a stanza through the session that it names. */
  void send(Ibb ibb) {
    Session session = byJid.get(ibb.session());
    if (session == null) {
      shard.metrics().dropped(Dropped.SESSION_DOWN);
    } else {
      session.send(ibb);
    }
  }

  /** Has a session be seen by others, or not. */
  void show(ShowSession show) {
    Session session = byJid.get(show.jid());
    if (session != null) {
      session.show(show.available());
    }
  }

  /** Closes all sessions. */
  Future<Void> closeAll() {
    List<LoginTrial> tried = List.copyOf(trials.values());
    List<Future<Void>> closing = new ArrayList<>();
    trials.clear();
    tried.forEach(trial -> closing.add(cancel(trial, "the gateway stops")));
    byJid.values().forEach(session -> closing.add(session.close()));
    byJid.clear();
    byAccount.clear();
    return Future.join(closing).mapEmpty();
  }
}
