/**
 * A Gatling protocol for OIC Remote Access: virtual users log in to an XMPP server and ask devices
 * over in-band bytestreams (XEP-0047), or ask them over CoAP, with Gatling's own feeders, checks
 * and assertions. {@link org.oicbridge.gatling.OicDsl} is where a simulation begins.
 *
 * <p>What is sent and received goes through the gateway's own verticles for XMPP, bytestreams and
 * CoAP, so that it is what another gateway would send.
 *
 * <pre>
 *  OicDsl --- OicProtocolBuilder --- OicProtocol ---.
 *       '---- OicRequestBuilder                     |
 *       '---- OicLoginBuilder    --- OicAction --- OicComponents --- OicClients --- the verticles
 *       '---- checks             --- OicChecks
 * </pre>
 */
package org.oicbridge.gatling;
