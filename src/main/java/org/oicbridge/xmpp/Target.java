package org.oicbridge.xmpp;

import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.AccountConfig.Tls;

/**
 * Where to connect to.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 */
record Target(String host, int port) {
  private static final int DEFAULT_PORT = 5222;

  /**
   * Where a server wants an account's stream to go.
   *
   * @param text what it said, or null
   * @return null when it named no place, and when it could lead a stream without TLS elsewhere
   */
  static Target named(String text, AccountConfig account) {
    return text != null && account.tls() != Tls.NONE ? parse(text) : null;
  }

  /**
   * Reads what {@code <see-other-host/>} says (RFC 6120 section 4.9.3.19): a host or an IPv6
   * address in brackets, with or without a port.
   *
   * @return null when it is no such thing
   */
  static Target parse(String text) {
    int colon = text.startsWith("[") ? text.indexOf(':', text.indexOf(']')) : text.indexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isEmpty() || !host.matches("[A-Za-z0-9.:_-]{1,255}")) {
      return null;
    }
    try {
      int port = colon < 0 ? DEFAULT_PORT : Integer.parseInt(text.substring(colon + 1));
      return port > 0 && port <= 65_535 ? new Target(host, port) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
