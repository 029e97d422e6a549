package org.oicbridge.sandbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.oicbridge.crudn.Jid;

/** The sessions that a client may resume, and which of them wait for that (XEP-0198 section 5). */
final class ResumableSessions {
  /** How many sessions that are over it can tell the last count of. */
  static final int MAX_REMEMBERED = 1000;

  private record Past(Jid account, int handledCount) {}

  private final Map<String, Session> byId = new HashMap<>();
  private final Map<Session, Long> detached = new LinkedHashMap<>();
  private final Map<String, Past> past = new LinkedHashMap<>();

  void add(Session session) {
    byId.put(session.managed().id(), session);
  }

  /** The account's session with this id, null when there is none. */
  Session find(String id, Jid account) {
    Session session = byId.get(id);
    return session != null && session.jid().bare().equals(account) ? session : null;
  }

  /** How many stanzas were handled of the account's session that is over, empty if not known. */
  OptionalInt handledCount(String id, Jid account) {
    Past over = past.get(id);
    return over != null && over.account().equals(account)
        ? OptionalInt.of(over.handledCount())
        : OptionalInt.empty();
  }

  /** A session has lost its stream and waits for another until then. */
  void detach(Session session, long until) {
    detached.put(session, until);
  }

  /** A session has a stream again. */
  void attach(Session session) {
    detached.remove(session);
  }

  /** How many have no stream. */
  int detached() {
    return detached.size();
  }

  /** Those without a stream whose full JID is one of these. */
  List<Session> detached(Predicate<Jid> which) {
    return detached.keySet().stream().filter(session -> which.test(session.jid())).toList();
  }

  /** Those whose time is up. */
  List<Session> due(long now) {
    List<Session> due = new ArrayList<>();
    detached.forEach(
        (session, until) -> {
          if (now - until >= 0) {
            due.add(session);
          }
        });
    return due;
  }

  /** A session is over; only its last count is remembered. */
  void remove(Session session) {
    String id = session.managed().id();
    if (byId.remove(id, session)) {
      int handled = session.managed().acknowledgements().handledCount();
      past.put(id, new Past(session.jid().bare(), handled));
      if (past.size() > MAX_REMEMBERED) {
        past.remove(past.keySet().iterator().next());
      }
    }
    detached.remove(session);
  }
}
