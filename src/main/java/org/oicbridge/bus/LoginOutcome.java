package org.oicbridge.bus;

/**
 * What became of a login that was tried once.
 *
 * @param bound whether the full JID was bound; the session then stays, in the place of an older one
 * @param reason why it was not, fit for an operator's eyes; empty when it was
 */
public record LoginOutcome(boolean bound, String reason) {}
