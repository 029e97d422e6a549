package org.oicbridge.xmpp;

import java.util.function.Consumer;
import org.oicbridge.crudn.Jid;

/**
 * Binds the full JID (RFC 6120 section 7.7). When the server binds another one, the stream ends, as
 * OIC Remote Access section 7.2 has it.
 */
final class BindPhase implements Phase {
  private static final String BIND = "urn:ietf:params:xml:ns:xmpp-bind";
  private static final String ID = "bind";

  private final XmppStream stream;
  private final Jid wanted;
  private final Consumer<XmppStream> bound;

  private BindPhase(XmppStream stream, Jid wanted, Consumer<XmppStream> bound) {
    this.stream = stream;
    this.wanted = wanted;
    this.bound = bound;
  }

  static void begin(
      XmppStream stream, LoginOrder login, Element features, Consumer<XmppStream> bound) {
    if (features.child("bind", BIND) == null) {
      stream.end(StreamEnd.retryLate("the server does not offer to bind a resource"));
      return;
    }
    stream.hand(new BindPhase(stream, login.jid(), bound));
    stream.send(
        Element.named("iq", Element.CLIENT)
            .attribute("type", "set")
            .attribute("id", ID)
            .child(
                Element.named("bind", BIND)
                    .child(Element.named("resource", BIND).text(login.jid().resource()).build())
                    .build())
            .build());
  }

  @Override
  public void stanza(Element iq) {
    if (!iq.is("iq", Element.CLIENT) || !ID.equals(iq.attribute("id"))) {
      stream.end(StreamEnd.retryLate("the server sent something else than the bound full JID"));
    } else if ("result".equals(iq.attribute("type"))) {
      Element bind = iq.child("bind", BIND);
      Element jid = bind == null ? null : bind.child("jid", BIND);
      compare(jid == null ? "" : jid.text());
    } else {
      stream.end(StreamEnd.ofBindError(iq));
    }
  }

  private void compare(String text) {
    if (isWanted(text)) {
      bound.accept(stream);
    } else {
      stream.end(StreamEnd.retryLate("the server bound another full JID than the one offered"));
    }
  }

  private boolean isWanted(String text) {
    try {
      // The resourcepart counts byte for byte, the rest once it is normalised (RFC 7622).
      return text.substring(text.indexOf('/') + 1).equals(wanted.resource())
          && Jid.parse(text).bare().equals(wanted.bare());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
