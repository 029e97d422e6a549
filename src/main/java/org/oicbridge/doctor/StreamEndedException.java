package org.oicbridge.doctor;

/** A stream is over, or its server has not answered in time. */
final class StreamEndedException extends Exception {
  /** The connection ended without a word. */
  static final String CLOSED = "closed";

  /** The server has said nothing in time. */
  static final String SILENT = "silent";

  private final String condition;

  StreamEndedException(String condition, String message) {
    super(message);
    this.condition = condition;
  }

  /** The condition of the stream error (RFC 6120 section 4.9.3), or one of the above. */
  String condition() {
    return condition;
  }

  boolean silent() {
    return condition.equals(SILENT);
  }
}
