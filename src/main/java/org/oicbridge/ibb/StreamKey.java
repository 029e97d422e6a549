package org.oicbridge.ibb;

import org.oicbridge.bus.Ibb;
import org.oicbridge.crudn.Jid;

/**
 * What tells one bytestream from another. A sid alone would let anybody write into a stream whose
 * sid they guess.
 *
 * @param session the full JID of our session
 * @param peer the full JID of the other side
 * @param sid the stream's identifier, chosen by whoever opened it
 */
record StreamKey(Jid session, Jid peer, String sid) {
  /** The key of the stream with this sid among those of the two parties of a stanza. */
  static StreamKey of(Ibb stanza, String sid) {
    return new StreamKey(stanza.session(), stanza.peer(), sid);
  }
}
