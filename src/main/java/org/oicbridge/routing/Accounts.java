package org.oicbridge.routing;

import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.crudn.Jid;

/** The accounts of one shard, in the order in which the API lists them. */
final class Accounts {
  // With the slash that ends an account in DeviceView.key(), or a@b would stand before a@b.c here
  // and behind it there.
  private final NavigableMap<String, Account> byPrefix = new TreeMap<>();

  void add(Account account) {
    byPrefix.put(prefix(account.config().jid()), account);
  }

  private static String prefix(Jid bare) {
    return bare + "/";
  }

  /** The account of a bare or full JID. */
  Optional<Account> find(Jid jid) {
    return Optional.ofNullable(byPrefix.get(prefix(jid.bare())));
  }

  /** The accounts from that of a device's key on, all when it is null. */
  Iterable<Account> from(String key) {
    return key == null
        ? byPrefix.values()
        : byPrefix.tailMap(key.substring(0, key.indexOf('/') + 1), true).values();
  }

  void sessionChanged(SessionEvent event) {
    find(event.jid()).ifPresent(account -> account.sessionChanged(event));
  }

  void peerChanged(PeerPresence presence) {
    find(presence.session()).ifPresent(account -> account.peerChanged(presence));
  }
}
