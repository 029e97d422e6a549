package org.oicbridge.xmpp;

import io.vertx.core.Vertx;
import org.oicbridge.config.XmppConfig;

/**
 * What all sessions of a shard share. Everything in it is used on the shard's event loop only.
 *
 * @param number which shard it is, for the addresses on the event bus
 */
record ShardContext(
    int number,
    Vertx vertx,
    XmppConfig config,
    SessionMetrics metrics,
    LoginGate gate,
    Connector connector,
    ServerTls tls,
    CapsCache caps) {}
