package org.oicbridge.coap;

import org.eclipse.californium.core.coap.CoAP;

/** A request that gets no further, and what its sender is told without protection (section 8.2). */
final class OscoreRefusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final CoAP.ResponseCode code;

  OscoreRefusal(CoAP.ResponseCode code, String why) {
    super(why, null, false, false);
    this.code = code;
  }

  CoAP.ResponseCode code() {
    return code;
  }
}
