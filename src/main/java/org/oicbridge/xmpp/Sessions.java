package org.oicbridge.xmpp;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.crudn.Jid;
import org.oicbridge.xmpp.SessionMetrics.Dropped;

/** The sessions of a shard by their full JID, and what those of one account share. */
final class Sessions {
  private final ShardContext shard;
  private final Map<Jid, Session> byJid = new HashMap<>();
  private final Map<Jid, AccountLogins> byAccount = new HashMap<>();

  Sessions(ShardContext shard) {
    this.shard = shard;
  }

  /** Opens a session; one that is open in the same way already stays as it is. */
  Future<Done> open(OpenSession order) {
    if (order.jid().isBare() || !order.jid().bare().equals(order.account().jid())) {
      return Future.failedFuture(
          order.jid() + " is not a full JID of the account " + order.account().jid());
    }
    AccountLogins account =
        byAccount.compute(
            order.account().jid(),
            (jid, known) ->
                known != null && known.serves(order.account())
                    ? known
                    : new AccountLogins(shard.vertx(), order.account()));
    Session present = byJid.get(order.jid());
    if (present != null && present.account() == account && present.order().role() == order.role()) {
      return Future.succeededFuture(new Done());
    }
    Future<Void> replaced = present == null ? Future.succeededFuture() : present.close();
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

  /** Closes a session; answers when its stream is closed. */
  Future<Done> close(Jid jid) {
    Session session = byJid.remove(jid);
    if (session == null) {
      return Future.succeededFuture(new Done());
    }
    Jid account = jid.bare();
    if (byJid.keySet().stream().noneMatch(other -> other.bare().equals(account))) {
      byAccount.remove(account);
    }
    return session.close().map(new Done());
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

  /** Closes all sessions. */
  Future<Void> closeAll() {
    List<Future<Void>> closing = byJid.values().stream().map(Session::close).toList();
    byJid.clear();
    byAccount.clear();
    return Future.join(closing).mapEmpty();
  }
}
