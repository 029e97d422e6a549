/**
 * XMPP sessions (RFC 6120, RFC 6121) as a client, thousands to a process and none with a thread of
 * its own. From the wire to the event bus:
 *
 * <pre>
 *   socket      Connector, ServerTls
 *   stream      XmppStream over StanzaReader
 *   negotiation FeaturesPhase, StartTlsPhase, SaslPhase, BindPhase
 *   traffic     BoundStream: IbbStanzas, OwnPresence, Peers, Capabilities, IqRequests
 *   life        LoginAttempt, LoginTrial, Session, Sessions, AccountLogins, LoginGate, Backoff
 *   bus         XmppVerticle
 * </pre>
 */
package org.oicbridge.xmpp;
