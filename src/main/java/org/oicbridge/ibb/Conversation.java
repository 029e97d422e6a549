package org.oicbridge.ibb;

import org.oicbridge.envelope.Envelope;

/** What is done with a bytestream and with the messages in it. */
interface Conversation {
  /** The stream is open. */
  void opened();

  /** Takes a message that arrived; false when it is more than can be kept. */
  boolean take(Envelope message);

  /** True when nothing is under way. */
  boolean idle();

  /** True when the stream is kept for an observation of the peer's. */
  default boolean observing() {
    return false;
  }

  /** What is sent goes out again, after it had to wait. */
  default void flows() {}

  /** A stanza of ours never left us; before the stream ends, which follows from it. */
  default void unsent(String stanza) {}

  /** The stream is gone; called once, also when it never was open. */
  void ended(Ending why);
}
