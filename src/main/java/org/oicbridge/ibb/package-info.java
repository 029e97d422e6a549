/**
 * In-band bytestreams (XEP-0047) and the CRUDN messages in them (OIC Remote Access section 7.3.1).
 *
 * <pre>
 *   ibb.in ──> StanzaHandler ──> Bytestream ── Reassembler ──> EnvelopeReader ──┐
 *                   │ open                                                      │ messages
 *              StreamAcceptor                                          ┌────────┴─────────┐
 *                                                          RequestQueue, Responder   RequestStream
 *                                                         (peers ask our device)     (we ask a peer)
 *                                                                      └────────┬─────────┘
 *   ibb.out <──────── Wire <──── Bytestream ── Outbox, Chunker <── EnvelopeWriter ┘
 * </pre>
 *
 * <p>A stream is known by our session, the peer's full JID and the sid together, never by the sid
 * alone. All state belongs to the context of one {@link org.oicbridge.ibb.BytestreamVerticle}.
 */
package org.oicbridge.ibb;
