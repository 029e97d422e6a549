package org.oicbridge.oic;

import io.netty.util.NetUtil;

/** The {@code address} of {@code oic.ra.xmpp}. */
final class HostName {
  static final int MAX_LENGTH = 253;

  private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?";

  private HostName() {}

  /**
   * Checks a host name (RFC 1123 section 2.1) or an address literal.
   *
   * @return the name or the literal without brackets, or null when it is neither
   */
  static String read(String text) {
    boolean brackets = text.startsWith("[") && text.endsWith("]");
    String literal = brackets ? text.substring(1, text.length() - 1) : text;
    if (NetUtil.isValidIpV6Address(literal) && literal.matches("[0-9a-fA-F:.]+")) {
      return literal;
    }
    // What has but digits in its last label is an address or a mistake (RFC 3696 section 2).
    boolean numeric = text.matches(".*(?:^|\\.)[0-9]+");
    boolean name = !numeric && text.matches(LABEL + "(?:\\." + LABEL + ")*");
    return name || NetUtil.isValidIpV4Address(text) ? text : null;
  }
}
