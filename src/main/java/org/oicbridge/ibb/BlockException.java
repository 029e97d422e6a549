package org.oicbridge.ibb;

import org.oicbridge.bus.Ibb;

/** A block that breaks the rules of its stream, which therefore ends (XEP-0047 section 2.2). */
final class BlockException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Ibb.Condition condition;

  BlockException(Ibb.Condition condition, String message) {
    super(message, null, false, false);
    this.condition = condition;
  }

  /** What the peer is told. */
  Ibb.Condition condition() {
    return condition;
  }
}
