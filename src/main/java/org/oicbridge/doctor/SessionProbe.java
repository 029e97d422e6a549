package org.oicbridge.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.doctor.Finding.Level;

/** Counts how many sessions an account may have at once. */
final class SessionProbe {
  private static final int MOST = 15;
  private static final Duration WHOLE = Duration.ofSeconds(60);
  private static final String NAME = "sessions per account";

  private SessionProbe() {}

  /** A server that has not answered, so that nobody knows what became of the session. */
  private static final class SilentSessionException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  static void run(Findings out, Logins logins, ServerKind kind)
      throws EndOfCheck, AccountBusyException {
    List<ClientSession> sessions = new ArrayList<>();
    String how = "";
    Deadline deadline = Deadline.in(WHOLE);
    try {
      while (how.isEmpty() && sessions.size() < MOST && !deadline.expired()) {
        try {
          sessions.add(logins.open());
        } catch (EndOfCheck e) {
          // It has worked a moment ago, so without any session this says nothing of a limit.
          if (sessions.isEmpty()) {
            throw e;
          }
          how = "one more can't be opened (" + e.getMessage() + ")";
        }
        // Servers end the oldest one. To ask all each time would take a round trip for every pair.
        how = how.isEmpty() ? endedOf(sessions, List.of(sessions.get(0))) : how;
      }
      String others = endedOf(sessions, List.copyOf(sessions));
      how = how.isEmpty() ? others : how;
    } catch (SilentSessionException e) {
      // Slow is not ended: fifteen logins at once are work for a server.
      out.note(NAME, "not measured", "a session got no answer in time");
      return;
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

  /** How newer sessions have ended some of the older ones, which go; empty when they have not. */
  private static String endedOf(List<ClientSession> sessions, List<ClientSession> asked)
      throws AccountBusyException, SilentSessionException {
    String how = "";
    for (ClientSession older : asked) {
      try {
        older.ping();
      } catch (StreamEndedException e) {
        if (e.silent()) {
          throw new SilentSessionException();
        }
        sessions.remove(older);
        older.close();
        how = "one more ends an older one (" + e.condition() + ")";
      }
    }
    return how;
  }
}
