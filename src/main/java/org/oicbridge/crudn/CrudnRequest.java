package org.oicbridge.crudn;

/**
 * A request to a device, whichever wire it came in by.
 *
 * @param account the bare JID whose device is meant, normalised
 * @param target the device
 * @param operation what to do
 * @param path the resource and its query
 * @param headers only those that may cross the gateway
 * @param body JSON text, or null when there is none
 * @param requester the bare JID on whose behalf it is made, normalised; for a caller of the HTTP
 *     API, the account itself
 * @param via how to reach the device
 * @param deadline when the caller stops waiting
 */
public record CrudnRequest(
    Jid account,
    DeviceId target,
    Operation operation,
    ResourcePath path,
    Headers headers,
    String body,
    Jid requester,
    Via via,
    Deadline deadline) {

  /** The way to the device. */
  public enum Via {
    /** CoAP to a hosted device, XMPP to a remote one. */
    SHORTEST,
    /** CoAP only: what arrived over XMPP never leaves over XMPP again, so nothing can loop. */
    HOSTED,
    /** Through the XMPP server, even to a device that is hosted here. */
    XMPP
  }
}
