package org.oicbridge.routing;

import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.crudn.Jid;

/** The accounts of one shard, in the order in which the API lists them. */
final class Accounts {
  private final NavigableMap<String, Account> byJid = new TreeMap<>();

  void add(Account account) {
    byJid.put(account.config().jid().toString(), account);
  }

  /** The account of a bare or full JID. */
  Optional<Account> find(Jid jid) {
    return Optional.ofNullable(byJid.get(jid.bare().toString()));
  }

  /** The accounts from this one on, all when it is null. */
  Iterable<Account> from(String first) {
    return first == null ? byJid.values() : byJid.tailMap(first, true).values();
  }

  void sessionChanged(SessionEvent event) {
    find(event.jid()).ifPresent(account -> account.sessionChanged(event));
  }

  void peerChanged(PeerPresence presence) {
    find(presence.session()).ifPresent(account -> account.peerChanged(presence));
  }
}
