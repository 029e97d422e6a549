package org.oicbridge.sandbox;

import org.eclipse.californium.core.coap.CoAP.ResponseCode;

/** A request that a simulated device does not carry out; its message is the diagnostic payload. */
final class Refusal extends Exception {
  private final ResponseCode code;

  Refusal(ResponseCode code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  ResponseCode code() {
    return code;
  }
}
