package org.oicbridge.bus;

/** Whose session it is; decides the priority of its presence (OIC Remote Access section 7.3). */
public enum SessionRole {
  /** A hosted device: a server with no additional XMPP features, -100 to -33. */
  DEVICE(-50),
  /**
   * The gateway's own, server and client in one with no additional XMPP features: -100 to -33 and
   * -66 to -1 have this in common.
   */
  GATEWAY(-40);

  private final int priority;

  SessionRole(int priority) {
    this.priority = priority;
  }

  /** The priority that its presence carries. */
  public int priority() {
    return priority;
  }
}
