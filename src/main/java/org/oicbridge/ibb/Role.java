package org.oicbridge.ibb;

import java.util.Locale;

/** Our part in a bytestream, which whoever opened it decides. */
enum Role {
  /** We opened it to ask the peer. */
  REQUESTER,
  /** The peer opened it to ask us. */
  RESPONDER;

  /** The value of a metric's {@code role} tag. */
  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
