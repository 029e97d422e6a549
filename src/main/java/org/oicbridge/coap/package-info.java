/**
 * The edge towards CoAP devices (RFC 7252, RFC 7959). A request passes, in this order:
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
 * <p>All of it, Californium included, runs on the event loop of its shard or verticle.
 */
package org.oicbridge.coap;
