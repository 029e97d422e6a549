package org.oicbridge.bus;

import org.oicbridge.crudn.Jid;

/**
 * A session came up or went down.
 *
 * @param jid the full JID of our session
 * @param role whose session it is
 * @param state what it is now
 * @param reason why it went down, fit for an operator's eyes; empty when it is online
 */
public record SessionEvent(Jid jid, SessionRole role, State state, String reason) {

  /** What a session can be. */
  public enum State {
    /**
     * Bound, roster fetched, presence sent if others are to see it. Told of a session that is
     * online already, it has a new stream: what went through the old one is lost.
     */
    ONLINE,
    /** Down; a new attempt is coming by itself. */
    OFFLINE,
    /**
     * Down and left alone, because only a person can mend it: wrong credentials, or another session
     * that has taken the full JID.
     */
    REFUSED,
    /** Closed because the gateway was told to. */
    CLOSED
  }
}
