package org.oicbridge.sandbox;

import io.vertx.core.buffer.Buffer;
import org.oicbridge.crudn.Jid;
import org.oicbridge.xmpp.Element;

/**
 * Tells resources of each other (RFC 6121 section 4). There are no subscriptions here, but the
 * implicit one of an account to itself.
 */
final class PresenceBroadcast {
  private final Resources resources;

  PresenceBroadcast(Resources resources) {
    this.resources = resources;
  }

  /** Takes a presence that its sender addressed to nobody. */
  void receive(Session from, Element presence) {
    if (presence.attribute("type") == null) {
      available(from, presence);
    } else if (presence.attribute("type").equals("unavailable")) {
      unavailable(from, presence);
    }
    // Other types have no meaning without a contact to send them to.
  }

  private void available(Session from, Element presence) {
    boolean initial = !from.available();
    from.setPresence(presence);
    broadcast(from.jid().bare(), presence);
    if (initial) {
      for (Session other : resources.available(from.jid().bare())) {
        if (other != from) {
          from.send(to(other.presence(), from.jid()));
        }
      }
    }
  }

  private void unavailable(Session from, Element presence) {
    boolean wasAvailable = from.available();
    from.setPresence(null);
    if (wasAvailable) {
      broadcast(from.jid().bare(), presence);
    }
    from.directed().forEach(peer -> deliver(to(presence, peer), peer));
    from.directed().clear();
  }

  /** Says on behalf of a client that is gone what it didn't say itself (section 4.5.2). */
  void gone(Session session) {
    unavailable(
        session,
        Element.named("presence", Element.CLIENT)
            .attribute("from", session.jid().toString())
            .attribute("type", "unavailable")
            .build());
  }

  /** Takes a presence for somebody of this server (section 4.6). */
  void direct(Session from, Element presence, Jid to) {
    String type = presence.attribute("type");
    if (type == null) {
      from.showTo(to);
    } else if (type.equals("unavailable")) {
      from.directed().remove(to);
    } else if (!type.equals("error")) {
      // Nobody here has contacts to ask for, grant or probe.
      return;
    }
    deliver(presence, to);
  }

  private void deliver(Element presence, Jid to) {
    if (to.isBare()) {
      resources.available(to).forEach(session -> session.send(presence));
    } else if (resources.find(to) != null) {
      resources.find(to).send(presence);
    }
  }

  /** To every available resource, the sender among them (section 4.2.2). */
  private void broadcast(Jid account, Element presence) {
    // Written once: an account may have thousands of resources.
    Element addressed = to(presence, account);
    Buffer written = Buffer.buffer(addressed.toXml());
    resources.available(account).forEach(session -> session.send(addressed, written));
  }

  private static Element to(Element presence, Jid to) {
    return presence.toBuilder().attribute("to", to.toString()).build();
  }
}
