/**
 * A Gatling protocol for OIC Remote Access: virtual users log in to an XMPP server and ask devices
 * over in-band bytestreams (XEP-0047), or ask them over CoAP, with Gatling's own feeders, checks
 * and assertions. {@link org.oicbridge.gatling.OicDsl} is where a simulation begins.
 *
 * <p>What is sent and received goes through the gateway's own verticles for XMPP, bytestreams and
 * CoAP, so that it is what another gateway would send.
 *
 * <pre>
 *  OicDsl, OicStep            where a simulation begins
 *       |
 *  OicRequestBuilder          what is asked of whom   -----.
 *       |                                                  | OicChecks   what the answer must be
 *    OicAction                measures, checks, goes on ---'
 *       |
 *  OicComponents              one for each OicProtocol, which OicProtocolBuilder makes
 *       |
 *    OicClients               sessions and requests over the event bus
 *       |
 *   Shard                     the verticles
 * </pre>
 */
package org.oicbridge.gatling;
