package org.oicbridge.xmpp;

import java.util.Locale;

/** The defined conditions of errors (RFC 6120 sections 4.9.3, 6.5 and 8.3.3). */
public final class Conditions {
  public static final String STREAMS = "urn:ietf:params:xml:ns:xmpp-streams";
  public static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
  public static final String STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas";

  private static final int LONGEST = 40;

  private Conditions() {}

  /** The condition inside an error, {@code undefined-condition} when there is none. */
  public static String of(Element error, String namespace) {
    for (Element child : error.children()) {
      // The name goes into logs and is the server's to choose.
      if (child.namespace().equals(namespace)
          && !child.name().equals("text")
          && child.name().length() <= LONGEST
          && child.name().equals(child.name().toLowerCase(Locale.ROOT))) {
        return child.name();
      }
    }
    return "undefined-condition";
  }

  /** A stream error to send. */
  static Element streamError(String condition) {
    return Element.named("error", Element.STREAMS).child(condition, STREAMS).build();
  }

  /** The error element of a stanza. */
  static Element stanzaError(String type, String condition) {
    return Element.named("error", Element.CLIENT)
        .attribute("type", type)
        .child(condition, STANZAS)
        .build();
  }
}
