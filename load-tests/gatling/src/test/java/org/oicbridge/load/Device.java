package org.oicbridge.load;

import java.util.Map;

/**
 * A device that a simulation asks.
 *
 * @param account the bare JID that it belongs to
 * @param jid its full JID
 * @param endpoint where it serves CoAP; empty when another gateway knows that alone
 */
record Device(String di, String account, String jid, String endpoint) {
  /** What a virtual user knows of it. */
  Map<String, Object> feed() {
    return Map.of("di", di, "account", account, "jid", jid, "password", password());
  }

  private static String password() {
    String given = Settings.text("password");
    return given == null ? Server.PASSWORD : given;
  }
}
