package org.oicbridge.sandbox;

/** An authentication that the server refuses (RFC 6120 section 6.5). */
final class SaslFailure extends Exception {
  SaslFailure(String condition) {
    super(condition, null, false, false);
  }

  /** The name of the failure's condition element. */
  String condition() {
    return getMessage();
  }
}
