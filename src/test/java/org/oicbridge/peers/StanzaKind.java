package org.oicbridge.peers;

/** Which stanzas carry the data of an in-band bytestream (XEP-0047 section 2.1, "stanza"). */
public enum StanzaKind {
  IQ,
  MESSAGE
}
