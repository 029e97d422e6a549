package org.oicbridge.coap;

import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.network.stack.BlockwiseTransferException;
import org.eclipse.californium.elements.exception.EndpointMismatchException;
import org.eclipse.californium.scandium.dtls.DtlsException;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Status;

/** What the requester is told when an exchange with a device comes to nothing. */
final class ExchangeFailure {
  private ExchangeFailure() {}

  static CrudnResponse stopping() {
    return CrudnResponse.failed(Status.UNAVAILABLE, "stopping", "the gateway is not serving")
        .with("Retry-After", "5");
  }

  /** The gateway stopped while the device had the request. */
  static CrudnResponse interrupted() {
    return unknown("the gateway stopped before the device answered");
  }

  /** The request had been sent at least once when this happened. */
  private static CrudnResponse unknown(String detail) {
    return CrudnResponse.failed(Status.TIMEOUT, "outcome-unknown", detail);
  }

  /** The deadline was over before anything was sent. */
  static CrudnResponse tooLate() {
    return CrudnResponse.failed(
            Status.UNAVAILABLE, "not-sent", "the deadline passed before anything was sent")
        .with("Retry-After", "1");
  }

  /** An acknowledgement came, and then nothing. */
  static CrudnResponse tookTooLong() {
    return CrudnResponse.failed(
        Status.TIMEOUT,
        "deadline",
        "the device took the request and did not answer in time; whether it was done is unknown");
  }

  static CrudnResponse silent() {
    return CrudnResponse.failed(Status.TIMEOUT, "device-silent", "the device did not answer");
  }

  static CrudnResponse handshake(String detail) {
    return CrudnResponse.failed(
        Status.UNAVAILABLE, "handshake-failed", detail + "; its key may be another one");
  }

  static CrudnResponse bad(String detail) {
    return CrudnResponse.failed(Status.BAD_GATEWAY, "bad-answer", detail);
  }

  /** Californium can't make one answer of its blocks. */
  static CrudnResponse ofBlocks(Throwable cause) {
    // An IllegalStateException when Size2 announces too much, the other when the blocks add up.
    boolean tooLarge =
        cause instanceof IllegalStateException
            || (cause instanceof BlockwiseTransferException blocks
                && blocks.getResponseCode() == ResponseCode.REQUEST_ENTITY_TOO_LARGE);
    return tooLarge
        ? CrudnResponse.failed(
            Status.BAD_GATEWAY,
            "answer-too-large",
            "the answer of the device is over the limit of this gateway")
        : bad("the blocks of the answer do not fit together");
  }

  /**
   * A datagram could not be sent.
   *
   * @param sent whether an earlier one of the same request was
   */
  static CrudnResponse ofSending(Throwable cause, boolean sent) {
    if (sent) {
      return unknown("the device got out of reach before it answered");
    }
    if (cause instanceof DtlsException
        || cause instanceof HandshakeException
        || cause instanceof EndpointMismatchException) {
      return handshake("the device has not proven who it is");
    }
    // Californium has no message id left that the device can't mistake for a duplicate.
    return cause instanceof IllegalStateException
        ? CrudnResponse.failed(
                Status.TOO_MANY_REQUESTS,
                "rate-limited",
                "the device gets more requests than CoAP message ids allow")
            .with("Retry-After", "1")
        : CrudnResponse.failed(
            Status.UNAVAILABLE, "device-unreachable", "no packet reaches the device");
  }
}
