package org.oicbridge.doctor;

import java.time.Duration;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Jid;
import org.oicbridge.xmpp.Conditions;
import org.oicbridge.xmpp.Element;

/** A bound session. What the server asks of it meanwhile is answered by an error. */
final class ClientSession implements AutoCloseable {
  private static final String PING = "urn:xmpp:ping";
  private static final String PROBE = "urn:x-oic-ra:doctor:0";
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final ServerStream stream;
  private final Element features;
  private final Jid self;
  private int count;

  ClientSession(ServerStream stream, Element features, Jid self) {
    this.stream = stream;
    this.features = features;
    this.self = self;
  }

  /** What the server offered after the login. */
  Element features() {
    return features;
  }

  Element header() {
    return stream.header();
  }

  /** Asks the server itself; null when it answers with an error. */
  Element ask(Element query) throws StreamEndedException, AccountBusyException {
    String id = "doctor-" + count++;
    stream.send(
        Element.named("iq", Element.CLIENT)
            .attribute("type", "get")
            .attribute("id", id)
            .attribute("to", self.domain())
            .child(query)
            .build());
    Deadline deadline = Deadline.in(ANSWER);
    Element answer = next(deadline);
    while (!answer.is("iq", Element.CLIENT) || !id.equals(answer.attribute("id"))) {
      answer = next(deadline);
    }
    return "result".equals(answer.attribute("type")) ? answer : null;
  }

  /** Whether the server still answers on it; any answer will do. */
  void ping() throws StreamEndedException, AccountBusyException {
    ask(Element.named("ping", PING).build());
  }

  /**
   * Shows itself and looks for a while whether other sessions of the account do so too.
   *
   * @throws AccountBusyException when one does
   */
  void lookForOthers(Duration time) throws StreamEndedException, AccountBusyException {
    stream.send(
        Element.named("presence", Element.CLIENT)
            .child(Element.named("priority", Element.CLIENT).text("-1").build())
            .build());
    ping();
    Deadline deadline = Deadline.in(time);
    try {
      while (!deadline.expired()) {
        next(deadline);
      }
    } catch (StreamEndedException e) {
      if (!e.silent()) {
        throw e;
      }
    }
  }

  /**
   * Sends a message to itself.
   *
   * @param bytes its length on the wire, 400 or more
   */
  String sendToSelf(int bytes) throws StreamEndedException {
    String id = "doctor-" + count++;
    // Not for archives and other sessions (XEP-0334).
    String start =
        Element.named("message", Element.CLIENT)
            .attribute("to", self.toString())
            .attribute("id", id)
            .child("no-store", "urn:xmpp:hints")
            .child("no-copy", "urn:xmpp:hints")
            .build()
            .toXml()
            .replace("</message>", "<probe xmlns='" + PROBE + "'>");
    String end = "</probe></message>";
    stream.send(start + "A".repeat(bytes - start.length() - end.length()) + end);
    return id;
  }

  /**
   * Waits for a message that it sent to itself.
   *
   * @return null when it has come back, else the condition with which it was refused
   */
  String awaitFromSelf(String id, Deadline deadline)
      throws StreamEndedException, AccountBusyException {
    Element message = next(deadline);
    while (!message.is("message", Element.CLIENT) || !id.equals(message.attribute("id"))) {
      message = next(deadline);
    }
    if (!"error".equals(message.attribute("type"))) {
      return null;
    }
    Element error = message.child("error", Element.CLIENT);
    return error == null ? "undefined-condition" : Conditions.of(error, Conditions.STANZAS);
  }

  private Element next(Deadline deadline) throws StreamEndedException, AccountBusyException {
    Element stanza = stream.next(deadline);
    if (stanza.is("presence", Element.CLIENT)) {
      lookAt(stanza);
    } else if (stanza.is("iq", Element.CLIENT)) {
      refuse(stanza);
    }
    return stanza;
  }

  private void lookAt(Element presence) throws AccountBusyException {
    String from = presence.attribute("from");
    if (from == null || presence.attribute("type") != null) {
      return;
    }
    try {
      Jid other = Jid.parse(from);
      if (!other.isBare() && other.bare().equals(self.bare()) && !other.equals(self)) {
        throw new AccountBusyException(other);
      }
    } catch (IllegalArgumentException e) {
      // Nobody whom one could get in the way of.
    }
  }

  private void refuse(Element iq) throws StreamEndedException {
    String type = iq.attribute("type");
    if ("get".equals(type) || "set".equals(type)) {
      stream.send(
          Element.named("iq", Element.CLIENT)
              .attribute("type", "error")
              .attribute("id", iq.attribute("id"))
              .attribute("to", iq.attribute("from"))
              .child(
                  Element.named("error", Element.CLIENT)
                      .attribute("type", "cancel")
                      .child("service-unavailable", Conditions.STANZAS)
                      .build())
              .build());
    }
  }

  @Override
  public void close() {
    stream.close();
  }
}
