package org.oicbridge.peers;

/** A server that may be killed and comes back with its accounts, at the same ports. */
public interface RestartableServer extends XmppServer {
  /** Ends it with SIGKILL. */
  void kill();

  /** Starts it again after {@link #kill()}, and waits until its ports listen. */
  void restart();
}
