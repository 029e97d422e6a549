package org.oicbridge.bus;

import org.oicbridge.crudn.Jid;

/**
 * The way of an online session to its server has changed.
 *
 * @param session the full JID of our session; a new one begins with {@link State#OPEN}
 * @param state what it is now
 */
public record LinkEvent(Jid session, State state) {
  /** What such a way can be. */
  public enum State {
    /** What is sent goes out. */
    OPEN,
    /** The server takes less than it is sent; what is sent now only waits. */
    FULL,
    /** There is no connection, and the server may yet let the session go on with another one. */
    CUT
  }
}
