package org.oicbridge.bus;

import org.oicbridge.crudn.CrudnRequest;

/**
 * A CRUDN request for a device behind CoAP.
 *
 * @param device the hosted device, which alone decides where packets go
 * @param request what is asked of it
 */
public record DeviceRequest(HostedDevice device, CrudnRequest request) {}
