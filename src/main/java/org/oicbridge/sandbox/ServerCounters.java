package org.oicbridge.sandbox;

import java.util.Map;
import org.oicbridge.crudn.Jid;

/**
 * What has happened on an {@link EmbeddedXmppServer} since it started, and what is there now.
 *
 * @param logins the logins by the bare JID of an account; one that nobody tried is missing
 * @param connections how many connections came, those that were refused not among them
 * @param binds how often a resource was bound (RFC 6120 section 7)
 * @param resumptions how often a session was resumed (XEP-0198 section 5)
 * @param streams the connections that the server believes to be open, whatever their state
 * @param sessions the sessions that have a stream
 * @param detached the sessions that have lost theirs and wait to be resumed
 */
public record ServerCounters(
    Map<Jid, Logins> logins,
    long connections,
    long binds,
    long resumptions,
    int streams,
    int sessions,
    int detached) {

  /**
   * The logins to an account.
   *
   * @param tried how often a client named it to log in
   * @param failed how often the server refused that
   */
  public record Logins(long tried, long failed) {
    static final Logins NONE = new Logins(0, 0);
  }

  /** Copies the map. */
  public ServerCounters {
    logins = Map.copyOf(logins);
  }

  /** The logins to an account, which may be none. */
  public Logins loginsTo(Jid account) {
    return logins.getOrDefault(account.bare(), Logins.NONE);
  }
}
