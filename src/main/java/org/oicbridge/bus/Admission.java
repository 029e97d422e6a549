package org.oicbridge.bus;

/**
 * Whether a peer is let in.
 *
 * @param allowed whether the peer may send anything to the session at all
 */
public record Admission(boolean allowed) {}
