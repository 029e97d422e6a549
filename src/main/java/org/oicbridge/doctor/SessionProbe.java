package org.oicbridge.doctor;

import java.util.ArrayList;
import java.util.List;
import org.oicbridge.doctor.Finding.Level;

/** Counts how many sessions an account may have at once. */
final class SessionProbe {
  private static final int MOST = 15;
  private static final String NAME = "sessions per account";

  private SessionProbe() {}

  static void run(Findings out, Logins logins, ServerKind kind)
      throws EndOfCheck, AccountBusyException {
    List<ClientSession> sessions = new ArrayList<>();
    String how = "";
    try {
      while (how.isEmpty() && sessions.size() < MOST) {
        try {
          sessions.add(logins.open());
        } catch (EndOfCheck e) {
          // The first one has worked a moment ago, so that it is refused says nothing of a limit.
          if (sessions.isEmpty() || !e.finding().name().equals("full JID")) {
            throw e;
          }
          how = "one more is " + e.finding().value();
        }
        how = how.isEmpty() ? endedFor(sessions) : how;
      }
    } finally {
      sessions.forEach(ClientSession::close);
    }
    if (how.isEmpty()) {
      out.add(Level.OK, NAME, (long) sessions.size(), "", "or more");
    } else {
      out.add(
          Level.CHANGE,
          NAME,
          (long) sessions.size(),
          "",
          how
              + "; the gateway opens one for each device and one of its own: "
              + kind.sessions()
              + ", or set xmpp.sessionsPerAccount to "
              + sessions.size());
    }
  }

  /** How the newest session has ended an older one; empty when it has not. */
  private static String endedFor(List<ClientSession> sessions) throws AccountBusyException {
    for (ClientSession older : sessions) {
      try {
        older.ping();
      } catch (StreamEndedException e) {
        sessions.remove(older);
        older.close();
        return "one more ends the oldest (" + e.condition() + ")";
      }
    }
    return "";
  }
}
