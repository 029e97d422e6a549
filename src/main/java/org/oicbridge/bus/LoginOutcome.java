package org.oicbridge.bus;

/**
 * What became of a login that was tried once.
 *
 * @param bound whether the full JID was bound; the session then stays, in the place of an older one
 * @param heldBack whether it was not tried at all, because its server refused too many; to be tried
 *     later
 * @param reason why it was not bound, fit for an operator's eyes; empty when it was
 */
public record LoginOutcome(boolean bound, boolean heldBack, String reason) {
  /** Of one that was really tried. */
  public LoginOutcome(boolean bound, String reason) {
    this(bound, false, reason);
  }
}
