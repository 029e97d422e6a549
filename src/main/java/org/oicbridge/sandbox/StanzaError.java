package org.oicbridge.sandbox;

import org.oicbridge.xmpp.Element;

/** Answers that carry a stanza error (RFC 6120 section 8.3). */
final class StanzaError {
  static final String NAMESPACE = "urn:ietf:params:xml:ns:xmpp-stanzas";

  private StanzaError() {}

  /** True when a stanza may be answered with an error; an answer to an answer could never end. */
  static boolean allowedFor(Element stanza) {
    String type = stanza.attribute("type");
    return !"error".equals(type) && !"result".equals(type);
  }

  /** The answer to the sender of a stanza. */
  static Element answer(Element stanza, String type, String condition) {
    return Element.named(stanza.name(), stanza.namespace())
        .attribute("type", "error")
        .attribute("id", stanza.attribute("id"))
        .attribute("from", stanza.attribute("to"))
        .attribute("to", stanza.attribute("from"))
        .child(
            Element.named("error", stanza.namespace())
                .attribute("type", type)
                .child(condition, NAMESPACE)
                .build())
        .build();
  }
}
