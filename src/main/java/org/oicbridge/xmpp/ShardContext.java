package org.oicbridge.xmpp;

import io.vertx.core.Vertx;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.LinkEvent;
import org.oicbridge.config.XmppConfig;
import org.oicbridge.crudn.Jid;

/**
 * What all sessions of a shard share. Everything in it is used on the shard's event loop only.
 *
 * @param number which shard it is, for the addresses on the event bus
 */
record ShardContext(
    int number,
    Vertx vertx,
    TimerWheel timers,
    XmppConfig config,
    SessionMetrics metrics,
    LoginGate gate,
    Outages outages,
    Connector connector,
    ServerTls tls,
    CapsCache caps) {

  /** What to tell when a stanza never reaches its peer; null when nobody wants to know. */
  static Ibb.Unsent mark(Ibb ibb) {
    return ibb instanceof Ibb.Data ? new Ibb.Unsent(ibb.session(), ibb.peer(), ibb.id()) : null;
  }

  /** Tells that a stanza never left. */
  void unsent(Ibb ibb) {
    Ibb.Unsent mark = mark(ibb);
    if (mark != null) {
      Contracts.IBB_IN.publish(vertx.eventBus(), number, mark);
    }
  }

  /** Tells how the way to the server of a session is now. */
  void link(Jid session, LinkEvent.State state) {
    Contracts.LINK.publish(vertx.eventBus(), number, new LinkEvent(session, state));
  }
}
