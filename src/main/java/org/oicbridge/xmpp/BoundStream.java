package org.oicbridge.xmpp;

import io.vertx.core.Future;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.LinkEvent;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.crudn.Jid;
import org.oicbridge.xmpp.SessionMetrics.Dropped;

/**
 * A stream with a bound full JID: asks for the roster, sends presence, and from then on hands every
 * stanza to what serves it. It may outlive its connection and go on with another one.
 */
final class BoundStream implements Phase {
  private static final String ROSTER = "jabber:iq:roster";

  private final ShardContext shard;
  private final Jid self;
  private final Capabilities capabilities;
  private final IqRequests requests;
  private final Peers peers;
  private final OwnPresence own;
  private XmppStream stream;
  private StreamManagement management;

  private KeepAlive keepAlive;

  BoundStream(ShardContext shard, OpenSession order, XmppStream stream) {
    this.shard = shard;
    this.self = order.jid();
    this.stream = stream;
    this.capabilities = Capabilities.of(order.role());
    this.requests =
        new IqRequests(shard.timers(), this::send, self, shard.config().pingTimeout().toMillis());
    this.peers =
        new Peers(
            order,
            shard.caps(),
            requests,
            presence ->
                Contracts.PRESENCE.publish(shard.vertx().eventBus(), shard.number(), presence));
    this.own = new OwnPresence(shard.timers(), order.role(), order.available(), this::tell);
    watchFlow();
  }

  private void watchFlow() {
    stream.flow(full -> shard.link(self, full ? LinkEvent.State.FULL : LinkEvent.State.OPEN));
  }

  /**
   * Makes the session known (RFC 6121 sections 2.2 and 4.2), then calls back.
   *
   * @param manageable whether the stream is to be managed (XEP-0198)
   */
  void begin(boolean manageable, Runnable online) {
    if (manageable) {
      EnablePhase.begin(stream, this, answer -> enabled(answer, online));
    } else {
      stream.hand(this);
      appear(online);
    }
  }

  private void enabled(Element answer, Runnable online) {
    if (answer.name().equals("enabled")) {
      management = new StreamManagement(shard.timers(), shard.metrics(), stream, answer, this);
    } else {
      // A server that is short of something: it goes without.
      stream.hand(this);
    }
    appear(online);
  }

  private void appear(Runnable online) {
    requests
        .get(null, Element.named("query", ROSTER).build())
        .onSuccess(
            roster -> {
              own.begin();
              watch();
              online.run();
            })
        .onFailure(error -> stream.end(StreamEnd.retry("no roster: " + error.getMessage())));
  }

  /**
   * From now on, whom the account lets in and whether others see the session is what this says.
   *
   * @return false as {@link #send(Ibb)} does
   */
  boolean serve(OpenSession changed) {
    peers.serve(changed);
    return own.serve(changed.available());
  }

  /** Sends a stanza; false when there is no connection and it can't be kept until there is one. */
  boolean send(Ibb ibb) {
    return send(IbbStanzas.write(ibb), ShardContext.mark(ibb)) || stream != null;
  }

  private boolean tell(Element stanza) {
    return send(stanza, null) || stream != null;
  }

  private void send(Element stanza) {
    send(stanza, null);
  }

  private boolean send(Element stanza, Ibb.Unsent mark) {
    if (management != null) {
      return management.send(stanza, mark);
    }
    stream.send(stanza);
    return true;
  }

  private void watch() {
    Runnable ask = management == null ? this::ping : management::ask;
    keepAlive = new KeepAlive(shard.timers(), shard.config(), stream, ask);
    keepAlive.watch();
    if (management != null) {
      management.onAsk(keepAlive::asked);
    }
  }

  private void ping() {
    // What becomes of it is of no interest: anything that arrives shows that the server is there.
    requests
        .get(new Jid("", self.domain(), ""), Element.named("ping", KeepAlive.PING).build())
        .onFailure(error -> {});
  }

  /** What may be resumed without a connection, or null. */
  StreamManagement management() {
    return management;
  }

  /** Goes on without a connection; false when no server would resume it. */
  boolean detach() {
    if (management == null || management.id() == null) {
      return false;
    }
    keepAlive.close();
    keepAlive = null;
    management.detach();
    stream = null;
    shard.link(self, LinkEvent.State.CUT);
    return true;
  }

  /**
   * Goes on with the connection on which the server has resumed it.
   *
   * @param h how many stanzas the server has handled, modulo 2^32
   * @return false when that can't be, which has ended the stream
   */
  boolean resume(XmppStream fresh, int h) {
    stream = fresh;
    shard.link(self, LinkEvent.State.OPEN);
    watchFlow();
    // Before anything is asked on it.
    watch();
    return management.resume(fresh, h);
  }

  /** Says good-bye and closes the stream. */
  Future<Void> close() {
    return management == null
        ? stream.close(OwnPresence.unavailable())
        : stream.close(OwnPresence.unavailable(), management.farewell());
  }

  /** Lets go of everything that waits, since the stream is gone for good. */
  void ended() {
    own.close();
    if (keepAlive != null) {
      keepAlive.close();
    }
    if (management != null) {
      management.unsent().forEach(this::publish);
      management.close();
    }
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
    } else if (from.equals(self) && "unavailable".equals(type)) {
      // So an older session that had our full JID was told to be gone when we were here already.
      own.again();
    } else if (type == null || type.equals("unavailable")) {
      peers.presence(from, presence);
    } else if (type.equals("subscribe")) {
      // Who may reach a device is configured, not asked for (RFC 6121 section 3.1.4).
      send(
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
    send((payload == null ? reply : reply.child(payload)).build());
  }

  private void publish(Ibb ibb) {
    Contracts.IBB_IN.publish(shard.vertx().eventBus(), shard.number(), ibb);
  }

  private static boolean isFull(Jid jid) {
    return jid != null && !jid.isBare();
  }
}
