package org.oicbridge.sandbox;

import java.util.List;
import java.util.Set;
import org.oicbridge.crudn.Jid;
import org.oicbridge.xmpp.Element;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the stanzas of connected resources to where they are for (RFC 6121 section 8). */
final class Router {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);
  private static final Set<String> STANZAS = Set.of("message", "presence", "iq");
  private static final Set<String> IQ_TYPES = Set.of("get", "set", "result", "error");

  private final Jid domain;
  private final Accounts accounts;
  private final Resources resources;
  private final PresenceBroadcast presences;
  private final ServerIq serverIq = new ServerIq();

  Router(Jid domain, Accounts accounts, Resources resources) {
    this.domain = domain;
    this.accounts = accounts;
    this.resources = resources;
    this.presences = new PresenceBroadcast(resources);
  }

  void receive(Session from, Element stanza) {
    if (!stanza.namespace().equals(Element.CLIENT) || !STANZAS.contains(stanza.name())) {
      from.end("unsupported-stanza-type");
      return;
    }
    if (forged(from, stanza.attribute("from"))) {
      from.end("invalid-from");
      return;
    }
    Element stamped = stanza.toBuilder().attribute("from", from.jid().toString()).build();
    Jid to;
    try {
      to = stanza.attribute("to") == null ? null : Jid.parse(stanza.attribute("to"));
    } catch (IllegalArgumentException e) {
      // The answer comes from the server, since nothing can come from no address.
      bounce(
          from,
          stamped.toBuilder().attribute("to", domain.toString()).build(),
          "modify",
          "jid-malformed");
      return;
    }
    route(from, stamped, to);
  }

  /** RFC 6120 section 8.1.2.1: a client may name itself or nobody. */
  private static boolean forged(Session from, String claimed) {
    return claimed != null
        && !claimed.equals(from.jid().toString())
        && !claimed.equals(from.jid().bare().toString());
  }

  /** The client of a session is gone and does not come back to it. */
  void ended(Session session) {
    resources.remove(session);
    presences.gone(session);
    session.undelivered().forEach(this::undelivered);
    LOG.debug("{} is gone", session.jid());
  }

  /**
   * A stanza was for a resource that went without acknowledging it; its sender is told, as it is of
   * a resource that is not there (XEP-0198 section 4).
   */
  void undelivered(Element stanza) {
    Jid from = address(stanza, "from");
    Jid to = address(stanza, "to");
    Session sender = from == null || from.isBare() ? null : resources.find(from);
    if (sender == null || stanza.name().equals("presence")) {
      return;
    }
    boolean toAccount = to == null || to.isBare();
    if (toAccount && !takers(to == null ? from.bare() : to).isEmpty()) {
      // Others of the account got it as well.
      return;
    }
    if (!toAccount || !"headline".equals(stanza.attribute("type"))) {
      bounce(sender, stanza, "cancel", "service-unavailable");
    }
  }

  private static Jid address(Element stanza, String attribute) {
    String text = stanza.attribute(attribute);
    return text == null ? null : Jid.parse(text);
  }

  private void route(Session from, Element stanza, Jid to) {
    if (to != null && !to.domain().equals(domain.domain())) {
      bounce(from, stanza, "cancel", "remote-server-not-found");
      return;
    }
    switch (stanza.name()) {
      case "message" -> message(from, stanza, to == null ? from.jid().bare() : to);
      case "iq" -> iq(from, stanza, to == null ? from.jid().bare() : to);
      default -> {
        if (to == null) {
          presences.receive(from, stanza);
        } else {
          presences.direct(from, stanza, to);
        }
      }
    }
  }

  private void message(Session from, Element message, Jid to) {
    String type = message.attribute("type");
    Session exact = to.isBare() ? null : resources.find(to);
    if (exact != null) {
      exact.send(message);
    } else if (to.isBare() && accounts.has(to) && !"groupchat".equals(type)) {
      toAccount(from, message, to);
    } else {
      // Section 8.5.3.2.1 leaves the choice; a sender that is told needs no timeout.
      bounce(from, message, "cancel", "service-unavailable");
    }
  }

  /** Section 8.5.2.1.1: to all resources whose priority isn't negative. */
  private void toAccount(Session from, Element message, Jid to) {
    List<Session> takers = takers(to);
    if ("error".equals(message.attribute("type"))) {
      return;
    }
    takers.forEach(session -> session.send(message));
    if (takers.isEmpty() && !"headline".equals(message.attribute("type"))) {
      bounce(from, message, "cancel", "service-unavailable");
    }
  }

  private List<Session> takers(Jid account) {
    return resources.available(account).stream()
        .filter(session -> session.priority() >= 0)
        .toList();
  }

  private void iq(Session from, Element iq, Jid to) {
    String type = iq.attribute("type");
    boolean request = "get".equals(type) || "set".equals(type);
    if (type == null
        || !IQ_TYPES.contains(type)
        || iq.attribute("id") == null
        || (request && iq.children().size() != 1)) {
      bounce(from, iq, "modify", "bad-request");
      return;
    }
    Session exact = to.isBare() ? null : resources.find(to);
    if (exact != null) {
      exact.send(iq);
    } else if (request && (to.equals(domain) || to.equals(from.jid().bare()))) {
      from.send(serverIq.answer(iq, !to.equals(domain)));
    } else {
      bounce(from, iq, "cancel", "service-unavailable");
    }
  }

  private static void bounce(Session from, Element stanza, String type, String condition) {
    if (StanzaError.allowedFor(stanza)) {
      from.send(StanzaError.answer(stanza, type, condition));
    }
  }
}
