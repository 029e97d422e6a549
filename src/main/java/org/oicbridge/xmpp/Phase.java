package org.oicbridge.xmpp;

/** What is done with what arrives on a stream, until the next phase takes over. */
interface Phase {
  /** Takes a complete child of the stream other than a stream error. */
  void stanza(Element stanza);
}
