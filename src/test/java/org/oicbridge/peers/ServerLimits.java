package org.oicbridge.peers;

/** Which limits a server runs with. */
public enum ServerLimits {
  /** The values of Debian's packaged configuration. */
  AS_SHIPPED,
  /** What an operator sets for an account that carries a fleet of devices. */
  TUNED
}
