package org.oicbridge.coap;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * A device that answered to a search.
 *
 * @param era in which it answered
 * @param peer the socket that it answered from; it is asked there for what else is to be known
 * @param base the segments that stand before every path on it
 */
record SearchReply(DeviceLinks device, Era era, InetSocketAddress peer, List<String> base) {}
