package org.oicbridge.xmpp.sasl;

/** Why an authentication was given up by this side. */
public final class SaslException extends Exception {
  private final boolean permanent;

  SaslException(String message, boolean permanent) {
    super(message);
    this.permanent = permanent;
  }

  /** True when a further attempt would end the same way until a person changes something. */
  public boolean permanent() {
    return permanent;
  }
}
