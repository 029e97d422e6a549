package org.oicbridge.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;

/**
 * A range of IP addresses (RFC 4632, RFC 4291 section 2.3).
 *
 * @param address the first of them
 * @param length how many leading bits count, 0 to 32 or 128
 */
public record AddressPrefix(InetAddress address, int length) {

  /**
   * Reads {@code address/length}, or an address alone.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static AddressPrefix parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    // A literal or null: a name is never looked up.
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
    if (address != null) {
      int bits = address.getAddress().length * 8;
      String length = slash < 0 ? Integer.toString(bits) : text.substring(slash + 1);
      if (length.matches("[0-9]{1,3}") && Integer.parseInt(length) <= bits) {
        return new AddressPrefix(address, Integer.parseInt(length));
      }
    }
    throw new IllegalArgumentException(
        "\"" + text + "\", expected an address range such as 192.0.2.0/24");
  }

  /** Whether an address lies in it. */
  public boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] theirs = other.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < length; bit++) {
      if (((mine[bit / 8] ^ theirs[bit / 8]) >> (7 - bit % 8) & 1) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + length;
  }
}
