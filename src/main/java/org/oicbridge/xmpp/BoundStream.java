package org.oicbridge.xmpp;

import io.vertx.core.Future;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.crudn.Jid;
import org.oicbridge.xmpp.SessionMetrics.Dropped;

/**
 * A stream with a bound full JID: asks for the roster, sends presence, and from then on hands every
 * stanza to what serves it.
 */
final class BoundStream implements Phase {
  private static final String ROSTER = "jabber:iq:roster";

  private final ShardContext shard;
  private final Jid self;
  private final SessionRole role;
  private final XmppStream stream;
  private final Capabilities capabilities;
  private final IqRequests requests;
  private final Peers peers;
  private final KeepAlive keepAlive;

  BoundStream(ShardContext shard, OpenSession order, XmppStream stream) {
    this.shard = shard;
    this.self = order.jid();
    this.role = order.role();
    this.stream = stream;
    this.capabilities = Capabilities.of(role);
    this.requests =
        new IqRequests(shard.vertx(), stream, self, shard.config().pingTimeout().toMillis());
    this.peers =
        new Peers(
            order,
            shard.caps(),
            requests,
            presence ->
                Contracts.PRESENCE.publish(shard.vertx().eventBus(), shard.number(), presence));
    this.keepAlive = new KeepAlive(shard.vertx(), shard.config(), stream, requests, self);
  }

  /** Makes the session known (RFC 6121 sections 2.2 and 4.2), then calls back. */
  void begin(Runnable online) {
    stream.hand(this);
    requests
        .get(null, Element.named("query", ROSTER).build())
        .onSuccess(
            roster -> {
              stream.send(initialPresence());
              keepAlive.watch();
              online.run();
            })
        .onFailure(error -> stream.end(StreamEnd.retry("no roster: " + error.getMessage())));
  }

  /** From now on, whom the account lets in is what this says. */
  void serve(OpenSession changed) {
    peers.serve(changed);
  }

  void send(Ibb ibb) {
    stream.send(IbbStanzas.write(ibb));
  }

  /** Says good-bye and closes the stream. */
  Future<Void> close() {
    return stream.close(
        Element.named("presence", Element.CLIENT).attribute("type", "unavailable").build());
  }

  /** Lets go of everything that waits, since the stream has ended. */
  void ended() {
    keepAlive.close();
    requests.close();
  }

  @Override
  public void stanza(Element stanza) {
    Jid from;
    try {
      String text = stanza.attribute("from");
      from = text == null ? null : Jid.parse(text);
    } catch (IllegalArgumentException e) {
      shard.metrics().dropped(Dropped.MALFORMED);
      return;
    }
    switch (stanza.name()) {
      case "message" -> message(stanza, from);
      case "iq" -> iq(stanza, from);
      case "presence" -> presence(stanza, from);
      default -> shard.metrics().dropped(Dropped.MALFORMED);
    }
  }

  private void message(Element message, Jid from) {
    Ibb ibb = isFull(from) ? IbbStanzas.message(message, self, from) : null;
    if (ibb == null) {
      shard.metrics().dropped(Dropped.UNSUPPORTED);
    } else {
      publish(ibb);
    }
  }

  private void presence(Element presence, Jid from) {
    String type = presence.attribute("type");
    if (from == null) {
      shard.metrics().dropped(Dropped.MALFORMED);
    } else if (type == null || type.equals("unavailable")) {
      peers.presence(from, presence);
    } else if (type.equals("subscribe")) {
      // Who may reach a device is configured, not asked for (RFC 6121 section 3.1.4).
      stream.send(
          Element.named("presence", Element.CLIENT)
              .attribute("to", from.bare().toString())
              .attribute("type", "unsubscribed")
              .build());
    }
  }

  private void iq(Element iq, Jid from) {
    String type = iq.attribute("type");
    if ("result".equals(type) || "error".equals(type)) {
      answer(iq, from);
    } else if (iq.attribute("id") == null || !("get".equals(type) || "set".equals(type))) {
      shard.metrics().dropped(Dropped.MALFORMED);
    } else if (type.equals("set")) {
      set(iq, from);
    } else {
      get(iq);
    }
  }

  private void answer(Element iq, Jid from) {
    String id = iq.attribute("id");
    if (id != null && id.startsWith(IbbStanzas.ID_PREFIX) && isFull(from)) {
      publish(IbbStanzas.answer(iq, self, from));
    } else if (!requests.answered(iq, from)) {
      shard.metrics().dropped(Dropped.FORGED);
    }
  }

  private void set(Element iq, Jid from) {
    if (IbbStanzas.isRequest(iq) && isFull(from)) {
      Ibb ibb = IbbStanzas.request(iq, self, from);
      if (ibb == null) {
        reply(iq, "error", Conditions.stanzaError("modify", "bad-request"));
      } else {
        publish(ibb);
      }
    } else if (iq.child("query", ROSTER) != null && (from == null || from.equals(self.bare()))) {
      reply(iq, "result", null);
    } else {
      if (iq.child("query", ROSTER) != null) {
        shard.metrics().dropped(Dropped.FORGED);
      }
      reply(iq, "error", Conditions.stanzaError("cancel", "service-unavailable"));
    }
  }

  private void get(Element iq) {
    Element info = iq.child("query", Capabilities.INFO);
    String node = info == null ? null : info.attribute("node");
    if (iq.child("ping", KeepAlive.PING) != null) {
      reply(iq, "result", null);
    } else if (info == null) {
      reply(iq, "error", Conditions.stanzaError("cancel", "service-unavailable"));
    } else if (node == null || node.equals(Capabilities.NODE + "#" + capabilities.ver())) {
      reply(iq, "result", capabilities.query().toBuilder().attribute("node", node).build());
    } else {
      reply(iq, "error", Conditions.stanzaError("cancel", "item-not-found"));
    }
  }

  private void reply(Element iq, String type, Element payload) {
    Element.Builder reply =
        Element.named("iq", Element.CLIENT)
            .attribute("to", iq.attribute("from"))
            .attribute("id", iq.attribute("id"))
            .attribute("type", type);
    stream.send((payload == null ? reply : reply.child(payload)).build());
  }

  private void publish(Ibb ibb) {
    Contracts.IBB_IN.publish(shard.vertx().eventBus(), shard.number(), ibb);
  }

  private Element initialPresence() {
    return Element.named("presence", Element.CLIENT)
        .child(
            Element.named("priority", Element.CLIENT).text(String.valueOf(role.priority())).build())
        .child(capabilities.inPresence())
        .build();
  }

  private static boolean isFull(Jid jid) {
    return jid != null && !jid.isBare();
  }
}
