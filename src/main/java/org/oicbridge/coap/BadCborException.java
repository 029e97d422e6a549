package org.oicbridge.coap;

/** A payload that is not well-formed CBOR, or that has no JSON counterpart. */
final class BadCborException extends Exception {
  BadCborException(String message) {
    // What arrives from the network must not cost a stack trace each time.
    super(message, null, false, false);
  }
}
