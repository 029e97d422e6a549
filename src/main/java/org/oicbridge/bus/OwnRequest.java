package org.oicbridge.bus;

import java.net.InetSocketAddress;
import org.oicbridge.crudn.CrudnRequest;

/**
 * A request for a resource of the gateway itself.
 *
 * @param request what is asked; its target is the identifier that the gateway has towards this
 *     caller, its body is JSON whatever travelled
 * @param caller who asks
 * @param form the form of link lists and properties that the caller understands
 * @param source where the datagram came from, or null when the request came another way
 * @param multicast whether it was sent to a group, where only a match is answered (RFC 7252 section
 *     8.2)
 */
public record OwnRequest(
    CrudnRequest request, Caller caller, Form form, InetSocketAddress source, boolean multicast) {

  /** The shape of {@code /oic/res} and its like. */
  public enum Form {
    /** OIC 1.1: an array with a map for each device, {@code di} beside {@code links}. */
    OIC,
    /** OCF 1.0 and later: a bare array of links with {@code anchor} and {@code eps}. */
    OCF
  }
}
