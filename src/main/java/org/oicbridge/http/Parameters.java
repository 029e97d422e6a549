package org.oicbridge.http;

import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

/** Reads the values that several routes take. */
final class Parameters {
  private Parameters() {}

  /** Reads a {@code di}. */
  static DeviceId device(String text) {
    try {
      return new DeviceId(text);
    } catch (IllegalArgumentException e) {
      throw Refusal.parameter("di", text, "1 to 64 letters, digits and hyphens");
    }
  }

  /** Reads the bare JID of an account. */
  static Jid account(String text) {
    try {
      Jid jid = Jid.parse(text);
      if (jid.isBare()) {
        return jid;
      }
    } catch (IllegalArgumentException e) {
      // told below, in the same words for both mistakes
    }
    throw Refusal.parameter("account", text, "a bare JID such as user@example.org");
  }
}
