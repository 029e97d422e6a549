/**
 * CoAP (RFC 7252, RFC 7959): the edge towards devices, and the gateway as a server.
 *
 * <p>A request towards a device passes, in this order:
 *
 * <pre>
 *  CoapVerticle     answers the bus
 *       |
 *    Devices        one Device for each endpoint
 *       |
 *  DeviceMessage    checks the request, JSON to CBOR (JsonBody, CborWriter)
 *       |
 *  DeviceQueue      at most NSTART at once
 *       |
 *  DeviceAddress    name to address
 *       |
 *  EraDetector      once: OCF, OIC 1.x, or plain CoAP
 *       |
 *   Exchanges       out and back, until the deadline    --- Californium ---  UdpConnector
 *       |                                                                    or DtlsClient
 *       |
 *  DeviceAnswer     status, headers, CBOR to JSON (Representation, CborReader)
 * </pre>
 *
 * <p>Discovery asks multicast groups and single addresses for devices:
 *
 * <pre>
 *  DiscoveryVerticle   from time to time; tells the bus what was found
 *       |
 *  MulticastSearch     one request, many answers;   DeviceQuestions   asks a device directly
 *       |
 *  SearchReplies       each device once
 *       |
 *  DiscoveryAnswer     every shape of /oic/res to devices and links (LinkReader)
 * </pre>
 *
 * <p>A request for the gateway itself passes, in this order:
 *
 * <pre>
 *  UdpConnector     unicast (UdpChannel), and MulticastGroups   or DtlsServer
 *       |
 *  OscoreConnector  takes the protection off, if there are security contexts
 *       |
 *   ServerGate      drops what is not to be answered  --- Californium ---
 *       |
 *  OwnResources     who asks (Identities), does it show its address (Echo)
 *       |
 *   OwnMessage      CBOR to JSON; then over the bus, and back by OwnAnswer
 *       |
 *   Observers       keeps the relation, asks again on every change
 * </pre>
 *
 * <p>All of it, Californium included, runs on the event loop of the shard; DTLS has threads of its
 * own for datagrams and handshakes.
 */
package org.oicbridge.coap;
