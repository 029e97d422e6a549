package org.oicbridge.sandbox;

import org.oicbridge.xmpp.Element;

/** Answers the requests that are for the server itself, or for an account on whose behalf it is. */
final class ServerIq {
  private static final String ROSTER = "jabber:iq:roster";
  private static final String PING = "urn:xmpp:ping";
  private static final String SESSION = "urn:ietf:params:xml:ns:xmpp-session";
  private static final String DISCO_INFO = "http://jabber.org/protocol/disco#info";
  private static final String DISCO_ITEMS = "http://jabber.org/protocol/disco#items";

  /**
   * The answer to a get or set with one child.
   *
   * @param ownAccount true when it is for the sender's own account and not for the server
   */
  Element answer(Element iq, boolean ownAccount) {
    Element request = iq.children().get(0);
    boolean get = iq.attribute("type").equals("get");
    return switch (request.namespace()) {
      case PING -> get ? result(iq) : notAllowed(iq);
      case SESSION -> get ? notAllowed(iq) : result(iq);
      case ROSTER -> roster(iq, get, ownAccount);
      case DISCO_INFO -> get ? result(iq, identity(ownAccount)) : notAllowed(iq);
      case DISCO_ITEMS -> get ? result(iq, query(DISCO_ITEMS).build()) : notAllowed(iq);
      default -> StanzaError.answer(iq, "cancel", "service-unavailable");
    };
  }

  private static Element roster(Element iq, boolean get, boolean ownAccount) {
    if (!ownAccount) {
      return StanzaError.answer(iq, "cancel", "service-unavailable");
    }
    // Always empty: everything here happens within an account.
    return get ? result(iq, query(ROSTER).build()) : notAllowed(iq);
  }

  private static Element identity(boolean account) {
    Element.Builder query = query(DISCO_INFO);
    query.child(
        Element.named("identity", DISCO_INFO)
            .attribute("category", account ? "account" : "server")
            .attribute("type", account ? "registered" : "im")
            .attribute("name", "oic-bridge sandbox")
            .build());
    for (String feature : new String[] {DISCO_INFO, DISCO_ITEMS, PING}) {
      query.child(Element.named("feature", DISCO_INFO).attribute("var", feature).build());
    }
    return query.build();
  }

  private static Element.Builder query(String namespace) {
    return Element.named("query", namespace);
  }

  private static Element notAllowed(Element iq) {
    return StanzaError.answer(iq, "cancel", "not-allowed");
  }

  private static Element result(Element iq, Element... children) {
    Element.Builder result =
        Element.named("iq", Element.CLIENT)
            .attribute("type", "result")
            .attribute("id", iq.attribute("id"))
            .attribute("from", iq.attribute("to"))
            .attribute("to", iq.attribute("from"));
    for (Element child : children) {
      result.child(child);
    }
    return result.build();
  }
}
