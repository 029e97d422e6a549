package org.oicbridge.coap;

/** Which sequence numbers of a sender were seen already (RFC 8613 section 3.2.2). */
final class ReplayWindow {
  static final int SIZE = 64;

  /** The greatest number that was seen. */
  private long top = -1;

  /** Bit n is set when {@code top - n} was seen. */
  private long seen;

  /** Forgets everything below a number, which counts as seen. */
  void startAt(long number) {
    top = number;
    seen = -1;
  }

  boolean fresh(long number) {
    long behind = top - number;
    return behind < 0 || (behind < SIZE && (seen >>> behind & 1) == 0);
  }

  /** Marks a fresh number as seen. */
  void accept(long number) {
    if (number > top) {
      long shift = number - top;
      seen = shift >= SIZE ? 0 : seen << shift;
      top = number;
    }
    seen |= 1L << (top - number);
  }
}
