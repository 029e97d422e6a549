package org.oicbridge.bus;

import org.oicbridge.crudn.Jid;

/**
 * A peer came or went, as one of our sessions saw it.
 *
 * @param session the full JID of our session that saw it
 * @param peer the full JID of the peer
 * @param available false for unavailable
 * @param echoesTokens whether the peer advertises that it echoes the token header, so that requests
 *     can be pipelined on one stream
 */
public record PeerPresence(Jid session, Jid peer, boolean available, boolean echoesTokens) {}
