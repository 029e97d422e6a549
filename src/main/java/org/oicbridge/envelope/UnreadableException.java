package org.oicbridge.envelope;

import org.oicbridge.crudn.Status;

/** A part of a well-formed document that can't be read; ends up as an {@link Envelope}. */
final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int MAX_DETAIL = 300;
  private static final int MAX_QUOTE = 64;

  private final Status status;

  UnreadableException(Status status, String detail) {
    super(clean(detail, MAX_DETAIL), null, false, false);
    this.status = status;
  }

  Status status() {
    return status;
  }

  /** What a peer wrote, short and without control characters, fit for a log line and an answer. */
  static String quote(String text) {
    return "\"" + clean(text, MAX_QUOTE) + "\"";
  }

  private static String clean(String text, int limit) {
    String start = text.length() <= limit ? text : text.substring(0, limit) + "...";
    return start.replaceAll("[\\p{Cntrl}\\p{Cs}\u0080-\u009f\u2028\u2029]", "?");
  }
}
