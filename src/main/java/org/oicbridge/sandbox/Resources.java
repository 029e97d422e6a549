package org.oicbridge.sandbox;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.oicbridge.crudn.Jid;

/** The connected resources of all accounts (RFC 6120 section 7). */
final class Resources {
  /** Most of them for one account. */
  static final int MAX_PER_ACCOUNT = 10_000;

  private final Map<Jid, Map<String, Session>> accounts = new HashMap<>();

  /** The connected resource with this full JID, null when there is none. */
  Session find(Jid full) {
    return accounts.getOrDefault(full.bare(), Map.of()).get(full.resource());
  }

  Collection<Session> of(Jid bare) {
    return accounts.getOrDefault(bare, Map.of()).values();
  }

  List<Session> available(Jid bare) {
    return of(bare).stream().filter(Session::available).toList();
  }

  boolean full(Jid bare) {
    return of(bare).size() >= MAX_PER_ACCOUNT;
  }

  void add(Session session) {
    accounts
        .computeIfAbsent(session.jid().bare(), bare -> new LinkedHashMap<>())
        .put(session.jid().resource(), session);
  }

  void remove(Session session) {
    Map<String, Session> account = accounts.get(session.jid().bare());
    if (account != null && account.remove(session.jid().resource(), session) && account.isEmpty()) {
      accounts.remove(session.jid().bare());
    }
  }
}
