package org.oicbridge.ibb;

import org.oicbridge.bus.Ibb;

/**
 * Why a bytestream ended.
 *
 * @param cause who or what ended it
 * @param condition what the peer, or a server for it, said; only when it was refused, else null
 */
record Ending(Cause cause, Ibb.Condition condition) {
  /** Who or what ends a stream. */
  enum Cause {
    /** The peer sent {@code <close/>}. */
    CLOSED_BY_PEER,
    /** We closed it: idle, a fault of the peer, an answer that did not come. */
    CLOSED_BY_US,
    /** A stanza of ours came back as an error. */
    REFUSED,
    /** The peer's presence says that it can't be reached. */
    PEER_GONE,
    /** Our session is down, and its streams with it. */
    SESSION_LOST,
    /** The gateway stops. */
    STOPPED
  }

  static final Ending CLOSED_BY_PEER = new Ending(Cause.CLOSED_BY_PEER, null);
  static final Ending CLOSED_BY_US = new Ending(Cause.CLOSED_BY_US, null);
  static final Ending PEER_GONE = new Ending(Cause.PEER_GONE, null);
  static final Ending SESSION_LOST = new Ending(Cause.SESSION_LOST, null);
  static final Ending STOPPED = new Ending(Cause.STOPPED, null);

  static Ending refused(Ibb.Condition condition) {
    return new Ending(Cause.REFUSED, condition);
  }

  /** True when the peer has to be told, since nobody else does. */
  boolean tellPeer() {
    return cause == Cause.CLOSED_BY_US || cause == Cause.STOPPED;
  }

  /**
   * True when the peer may well answer on another stream: it did not know this one, or a block got
   * lost on it (XEP-0047 section 2.2).
   */
  boolean streamOnly() {
    return cause == Cause.CLOSED_BY_PEER || condition == Ibb.Condition.ITEM_NOT_FOUND;
  }

  /** True when the peer, or a server for it, says that nobody is there. */
  boolean unreachable() {
    return cause == Cause.PEER_GONE
        || condition == Ibb.Condition.SERVICE_UNAVAILABLE
        || condition == Ibb.Condition.RECIPIENT_UNAVAILABLE;
  }
}
