package org.oicbridge.xmpp;

import java.util.Locale;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.Ibb.Carrier;
import org.oicbridge.bus.Ibb.Condition;
import org.oicbridge.crudn.Jid;

/** The stanzas of in-band bytestreams (XEP-0047): between their XML and {@link Ibb}. */
final class IbbStanzas {
  static final String IBB = "http://jabber.org/protocol/ibb";

  /** The ids of requests that the bytestream side makes begin with this, and no others do. */
  static final String ID_PREFIX = "ibb";

  private static final String HINTS = "urn:xmpp:hints";
  private static final int MAX_BLOCK = 65_535;
  private static final int MAX_SID = 256;

  private IbbStanzas() {}

  /** True for an iq whose payload is one of XEP-0047. */
  static boolean isRequest(Element iq) {
    return iq.children().stream().anyMatch(child -> child.namespace().equals(IBB));
  }

  /**
   * Reads an iq of type set.
   *
   * @return null when it is malformed
   */
  static Ibb request(Element iq, Jid self, Jid peer) {
    String id = iq.attribute("id");
    for (Element child : iq.children()) {
      String sid = child.attribute("sid");
      if (child.namespace().equals(IBB) && id != null && isSid(sid)) {
        return switch (child.name()) {
          case "open" -> open(child, self, peer, id, sid);
          case "data" -> data(child, self, peer, id, sid, Carrier.IQ);
          case "close" -> new Ibb.Close(self, peer, id, sid);
          default -> null;
        };
      }
    }
    return null;
  }

  /** Reads an iq of type result or error that answers a request of the bytestream side. */
  static Ibb answer(Element iq, Jid self, Jid peer) {
    String id = iq.attribute("id");
    return "result".equals(iq.attribute("type"))
        ? new Ibb.Accepted(self, peer, id)
        : refused(iq, self, peer, Carrier.IQ);
  }

  /**
   * Reads a message.
   *
   * @return null when it has nothing to do with bytestreams
   */
  static Ibb message(Element message, Jid self, Jid peer) {
    Element data = message.child("data", IBB);
    String id = message.attribute("id");
    if ("error".equals(message.attribute("type"))) {
      boolean ours = data != null || (id != null && id.startsWith(ID_PREFIX));
      return ours ? refused(message, self, peer, Carrier.MESSAGE) : null;
    }
    if (data == null || !isSid(data.attribute("sid"))) {
      return null;
    }
    return data(data, self, peer, text(id), data.attribute("sid"), Carrier.MESSAGE);
  }

  /** Writes a stanza. */
  static Element write(Ibb ibb) {
    if (ibb instanceof Ibb.Open open) {
      return request(
          ibb,
          Element.named("open", IBB)
              .attribute("block-size", String.valueOf(open.blockSize()))
              .attribute("sid", open.sid())
              .attribute("stanza", open.carrier().name().toLowerCase(Locale.ROOT)));
    } else if (ibb instanceof Ibb.Data data) {
      return write(data);
    } else if (ibb instanceof Ibb.Close close) {
      return request(ibb, Element.named("close", IBB).attribute("sid", close.sid()));
    } else if (ibb instanceof Ibb.Accepted) {
      return stanza("iq", ibb).attribute("type", "result").build();
    } else if (ibb instanceof Ibb.Refused refused) {
      return write(refused);
    }
    throw new IllegalArgumentException("no stanza for " + ibb.getClass().getName());
  }

  private static Element write(Ibb.Data data) {
    Element.Builder payload =
        Element.named("data", IBB)
            .attribute("sid", data.sid())
            .attribute("seq", String.valueOf(data.seq()))
            .text(data.base64());
    return switch (data.carrier()) {
      case IQ -> request(data, payload);
      // No type, so that nobody but the addressed resource gets it (RFC 6121 section 8.5.3.2), and
      // hints, so that it is neither copied nor stored (XEP-0334).
      case MESSAGE ->
          stanza("message", data)
              .child(payload.build())
              .child("no-copy", HINTS)
              .child("no-store", HINTS)
              .build();
    };
  }

  private static Element write(Ibb.Refused refused) {
    Element.Builder stanza =
        switch (refused.carrier()) {
          case IQ -> stanza("iq", refused);
          case MESSAGE -> stanza("message", refused);
        };
    Condition condition = refused.condition();
    // The block itself is not sent back (RFC 6120 section 8.3.1 leaves that open): the id tells
    // which one it was, and an incomplete <data/> makes Smack drop its whole connection.
    stanza.attribute("type", "error");
    return stanza.child(Conditions.stanzaError(condition.type(), condition.element())).build();
  }

  private static Element request(Ibb ibb, Element.Builder payload) {
    return stanza("iq", ibb).attribute("type", "set").child(payload.build()).build();
  }

  private static Element.Builder stanza(String name, Ibb ibb) {
    return Element.named(name, Element.CLIENT)
        .attribute("to", ibb.peer().toString())
        .attribute("id", ibb.id().isEmpty() ? null : ibb.id());
  }

  private static Ibb open(Element open, Jid self, Jid peer, String id, String sid) {
    int blockSize = number(open.attribute("block-size"), MAX_BLOCK);
    String carrier = open.attribute("stanza");
    // XEP-0047 section 2.1: absent means iq.
    if (carrier != null && !carrier.equals("iq") && !carrier.equals("message")) {
      return null;
    }
    Carrier kind = "message".equals(carrier) ? Carrier.MESSAGE : Carrier.IQ;
    return blockSize < 1 ? null : new Ibb.Open(self, peer, id, sid, blockSize, kind);
  }

  private static Ibb data(
      Element data, Jid self, Jid peer, String id, String sid, Carrier carrier) {
    return new Ibb.Data(
        self, peer, id, sid, number(data.attribute("seq"), 65_535), data.text(), carrier);
  }

  private static Ibb refused(Element stanza, Jid self, Jid peer, Carrier carrier) {
    Element error = stanza.child("error", Element.CLIENT);
    Condition condition =
        error == null
            ? Condition.UNDEFINED_CONDITION
            : Condition.of(Conditions.of(error, Conditions.STANZAS));
    String sid = null;
    for (Element child : stanza.children()) {
      if (child.namespace().equals(IBB)) {
        sid = child.attribute("sid");
      }
    }
    return new Ibb.Refused(self, peer, text(stanza.attribute("id")), sid, condition, carrier);
  }

  private static boolean isSid(String sid) {
    return sid != null && !sid.isEmpty() && sid.length() <= MAX_SID;
  }

  /** A number from 0 to the greatest, or -1 when it is none. */
  private static int number(String text, int greatest) {
    if (text == null || text.isEmpty() || text.length() > 5) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + c - '0';
    }
    return number <= greatest ? number : -1;
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }
}
